package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

class UploadIdTest {

  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
  private static final String ZERO = "a".repeat(26);

  @Property
  void randomIdCarriesEveryRandomBit(@ForAll @Size(16) byte[] bits) {
    UploadId id = UploadId.random(giving(bits));

    // The two unused bits at the end are zero: the text read as a number is the bits times four.
    assertThat(asNumber(id.value())).isEqualTo(new BigInteger(1, bits).shiftLeft(2));
  }

  @Property
  void randomIdParsesToItself(@ForAll long seed) {
    UploadId id = UploadId.random(new Random(seed));

    assertThat(UploadId.parse(id.toString())).contains(id);
  }

  @Property
  void textWithUnusedBitsSetIsRefused(@ForAll @IntRange(min = 0, max = 31) int last) {
    String text = "b".repeat(25) + ALPHABET.charAt(last);

    assertThat(UploadId.parse(text).isPresent()).isEqualTo(last % 4 == 0);
  }

  @Property
  void textOfAnotherLengthIsRefused(
      @ForAll @CharRange(from = 'a', to = 'z') @StringLength(max = 40) String text) {
    assertThat(UploadId.parse(text.length() == 26 ? text + "a" : text)).isEmpty();
  }

  @Property
  void foreignCharacterIsRefusedAtEveryPlace(
      @ForAll char foreign, @ForAll @IntRange(min = 0, max = 25) int place) {
    char refused = ALPHABET.indexOf(foreign) < 0 ? foreign : '1';
    String text = ZERO.substring(0, place) + refused + ZERO.substring(place + 1);

    assertThat(UploadId.parse(text)).isEmpty();
  }

  @Property
  void upperCaseIsRefused(@ForAll @AlphaChars @StringLength(26) String text) {
    assertThat(UploadId.parse(text.toUpperCase(Locale.ROOT))).isEmpty();
  }

  @Example
  void lineBreakAtTheEndIsRefused() {
    assertThat(UploadId.parse(ZERO + "\n")).isEmpty();
  }

  @Example
  void constructorRefusesWhatParseRefuses() {
    assertThatIllegalArgumentException().isThrownBy(() -> new UploadId("../../etc/passwd"));
  }

  @Example
  void refusalDoesNotRepeatTheText() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new UploadId("../../etc/passwd"))
        .withMessageNotContaining("passwd");
  }

  @Example
  void manyRandomIdsAreDifferent() {
    Random random = new Random(1);
    Set<UploadId> ids = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      ids.add(UploadId.random(random));
    }

    assertThat(ids).hasSize(10_000);
  }

  private static BigInteger asNumber(String text) {
    BigInteger number = BigInteger.ZERO;
    for (int i = 0; i < text.length(); i++) {
      number = number.shiftLeft(5).or(BigInteger.valueOf(ALPHABET.indexOf(text.charAt(i))));
    }
    return number;
  }

  /** A source whose next bytes are these. */
  private static RandomGenerator giving(byte[] bits) {
    return new RandomGenerator() {
      @Override
      public void nextBytes(byte[] target) {
        System.arraycopy(bits, 0, target, 0, target.length);
      }

      @Override
      public long nextLong() {
        throw new AssertionError("ids are made of bytes");
      }
    };
  }
}
