package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class Crc32cTest {

  /** The squares of x repeat: this many bytes more shift a checksum to where it was. */
  private static final long PERIOD = (1L << 31) - 1;

  /** The check value of the CRC catalogue, of the text "123456789". */
  private static final Crc32c CHECK = new Crc32c(0xE3069283);

  @Example
  void checkValueOfTheCatalogueIsFound() {
    assertThat(Crc32c.of(ByteBuffer.wrap("123456789".getBytes(StandardCharsets.US_ASCII))))
        .isEqualTo(CHECK);
  }

  @Example
  void noBytesHaveTheEmptyChecksum() {
    assertThat(Crc32c.of(ByteBuffer.allocate(0))).isEqualTo(Crc32c.EMPTY);
  }

  @Property
  void bufferIsNotConsumed(@ForAll byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    Crc32c first = Crc32c.of(buffer);

    assertThat(buffer.remaining()).isEqualTo(bytes.length);
    assertThat(Crc32c.of(buffer)).isEqualTo(first);
  }

  @Property
  void partsCombineToTheWhole(@ForAll @Size(max = 5000) byte[] whole, @ForAll int at) {
    int split = Math.floorMod(at, whole.length + 1);
    Crc32c left = Crc32c.of(ByteBuffer.wrap(whole, 0, split));
    Crc32c right = Crc32c.of(ByteBuffer.wrap(whole, split, whole.length - split));

    assertThat(left.combine(right, whole.length - split)).isEqualTo(reference(whole));
  }

  @Property
  void manyPartsCombineToTheWhole(@ForAll @Size(max = 40) byte[] whole) {
    Crc32c sum = Crc32c.EMPTY;
    for (byte single : whole) {
      sum = sum.combine(Crc32c.of(ByteBuffer.wrap(new byte[] {single})), 1);
    }

    assertThat(sum).isEqualTo(reference(whole));
  }

  @Property
  void nothingAfterwardsChangesNothing(@ForAll int value) {
    assertThat(new Crc32c(value).combine(Crc32c.EMPTY, 0)).isEqualTo(new Crc32c(value));
  }

  @Property
  void nothingBeforeChangesNothing(@ForAll int value, @ForAll @LongRange(min = 0) long length) {
    assertThat(Crc32c.EMPTY.combine(new Crc32c(value), length)).isEqualTo(new Crc32c(value));
  }

  @Property
  void groupingDoesNotMatterWhateverTheLengths(
      @ForAll int a,
      @ForAll int b,
      @ForAll int c,
      @ForAll @LongRange(min = 0, max = Long.MAX_VALUE / 2) long lengthOfB,
      @ForAll @LongRange(min = 0, max = Long.MAX_VALUE / 2) long lengthOfC) {
    Crc32c first = new Crc32c(a);
    Crc32c second = new Crc32c(b);
    Crc32c third = new Crc32c(c);

    assertThat(first.combine(second, lengthOfB).combine(third, lengthOfC))
        .isEqualTo(first.combine(second.combine(third, lengthOfC), lengthOfB + lengthOfC));
  }

  @Property
  void lengthsBeyondTheIntegersShiftByTheirRemainder(
      @ForAll int a,
      @ForAll int b,
      @ForAll @LongRange(min = 0, max = 1 << 20) long remainder,
      @ForAll @LongRange(min = 1, max = (1L << 32) - 1) long periods) {
    Crc32c first = new Crc32c(a);
    Crc32c next = new Crc32c(b);

    assertThat(first.combine(next, remainder + periods * PERIOD))
        .isEqualTo(first.combine(next, remainder));
  }

  @Example
  void partOfMoreThanTwoGibibytesCombinesLikeItsBytes() {
    ByteBuffer piece = ByteBuffer.allocateDirect(1 << 24);
    for (int i = 0; i < piece.capacity(); i += Long.BYTES) {
      piece.putLong(i, i * 0x9E3779B97F4A7C15L);
    }
    ByteBuffer start = ByteBuffer.wrap(new byte[] {1, 2, 3});
    Crc32cRun whole = new Crc32cRun();
    Crc32cRun next = new Crc32cRun();
    whole.update(start);
    long length = 0;
    while (length <= 1L << 31) {
      whole.update(piece);
      next.update(piece);
      length += piece.remaining();
    }

    assertThat(Crc32c.of(start).combine(next.value(), length)).isEqualTo(whole.value());
  }

  @Example
  void negativeLengthIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> CHECK.combine(Crc32c.EMPTY, -1));
  }

  @Property
  void textReadsBackAsTheSameValue(@ForAll int value) {
    Crc32c crc32c = new Crc32c(value);

    assertThat(Crc32c.fromBase64(crc32c.toBase64())).contains(crc32c);
  }

  @Example
  void textHasTheMostSignificantByteFirst() {
    assertThat(new Crc32c(0x00010203).toBase64()).isEqualTo("AAECAw==");
  }

  @Example
  void textsOfAnyOtherFormAreRefused() {
    assertThat(
            Stream.of(
                "",
                "AAECAw",
                "AAECAw=",
                "AAECAx==",
                "AAECAwQ=",
                "AAEC",
                "AAEC_w==",
                "AAECAw==\n",
                "AAECAwQF",
                " AECAw==",
                "========"))
        .allSatisfy(text -> assertThat(Crc32c.fromBase64(text)).isEmpty());
  }

  private static Crc32c reference(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return new Crc32c((int) crc.getValue());
  }
}
