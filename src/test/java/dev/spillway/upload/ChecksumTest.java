package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.spillway.upload.Checksum.Algorithm;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class ChecksumTest {

  private static final String CRC = "AAECAw==";

  @Property
  void parsedChecksumMatchesItsBytes(@ForAll @Size(32) byte[] digest) {
    Checksum parsed = Checksum.parse("sha256", text(digest)).orElseThrow();

    assertThat(parsed.matches(digest)).isTrue();
    assertThat(parsed.base64()).isEqualTo(text(digest));
  }

  @Property
  void oneWrongBitDoesNotMatch(
      @ForAll @Size(32) byte[] digest, @ForAll @IntRange(min = 0, max = 255) int bit) {
    Checksum parsed = Checksum.parse("sha256", text(digest)).orElseThrow();
    byte[] wrong = digest.clone();
    wrong[bit / 8] ^= (byte) (1 << bit % 8);

    assertThat(parsed.matches(wrong)).isFalse();
  }

  @Property
  void bytesOfAnyOtherLengthAreRefused(@ForAll @Size(max = 80) byte[] digest) {
    assertThat(Checksum.parse("sha256", text(digest)).isPresent()).isEqualTo(digest.length == 32);
    assertThat(Checksum.parse("crc32c", text(digest)).isPresent()).isEqualTo(digest.length == 4);
  }

  @Property
  void checksumOfCrc32cCarriesItsBigEndianBytes(@ForAll int value) {
    Checksum checksum = Checksum.of(new Crc32c(value));

    assertThat(checksum.algorithm()).isEqualTo(Algorithm.CRC32C);
    assertThat(checksum.matches(ByteBuffer.allocate(4).putInt(value).array())).isTrue();
  }

  @Example
  void sameAlgorithmAndBytesAreEqual() {
    assertThat(Checksum.parse("crc32c", CRC)).contains(Checksum.of(new Crc32c(0x00010203)));
  }

  @Example
  void textsThatAreNotTheOneFormAreRefused() {
    assertThat(
            Stream.of("AAECAw", "AAECAx==", "AAEC_w==", "AAECAw==\n", " AECAw==", "AAECAw==" + CRC))
        .allSatisfy(text -> assertThat(Checksum.parse("crc32c", text)).isEmpty());
  }

  @Example
  void unknownAlgorithmsAreRefused() {
    assertThat(Stream.of("md5", "", "SHA256", "crc32"))
        .allSatisfy(name -> assertThat(Checksum.parse(name, CRC)).isEmpty());
  }

  @Example
  void bothNamesOfSha256AreKnown() {
    assertThat(Algorithm.lookup("sha256")).contains(Algorithm.SHA256);
    assertThat(Algorithm.lookup("sha-256")).contains(Algorithm.SHA256);
  }

  @Example
  void everyWireNameIsFound() {
    assertThat(Algorithm.values())
        .allSatisfy(one -> assertThat(Algorithm.lookup(one.wireName())).contains(one));
  }

  @Example
  void constructorRefusesWhatParseRefuses() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Checksum(Algorithm.SHA256, CRC));
  }

  private static String text(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
