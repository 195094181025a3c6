package dev.spillway.upload;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The CRC32C (Castagnoli) of some bytes. Those of two adjacent ranges give that of both together
 * without a look at the bytes. Immutable, for any thread.
 *
 * @param value the checksum's 32 bits
 */
public record Crc32c(int value) {

  /** That of no bytes. */
  public static final Crc32c EMPTY = new Crc32c(0);

  /** The length of the text form of four bytes. */
  private static final int BASE64_LENGTH = 8;

  // Polynomials over GF(2) modulo Castagnoli's, bits reflected: the top bit is the constant term.
  private static final int POLYNOMIAL = 0x82F63B78;
  private static final int ONE = 1 << 31;
  private static final int X_TO_THE_8 = ONE >>> 8;

  /** That of the bytes between the buffer's position and its limit, neither of which moves. */
  public static Crc32c of(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return new Crc32c((int) crc.getValue());
  }

  /**
   * The checksum of this one's bytes followed by the next one's. Takes time in proportion to the
   * number of digits of the length.
   *
   * @param nextLength how many bytes {@code next} is the checksum of
   * @throws IllegalArgumentException when the length is negative
   */
  public Crc32c combine(Crc32c next, long nextLength) {
    if (nextLength < 0) {
      throw new IllegalArgumentException("length " + nextLength + " is negative");
    }
    // Bytes that follow shift this checksum by their bits: it is multiplied by x^(8 * length).
    // The power is found by repeated squaring. zlib's table of 32 squares would be wrong here: the
    // squares of x repeat after 31 for this polynomial, which has x + 1 as a factor.
    int shifted = value;
    int square = X_TO_THE_8;
    for (long digits = nextLength; digits != 0; digits >>>= 1) {
      if ((digits & 1) != 0) {
        shifted = multiply(square, shifted);
      }
      square = multiply(square, square);
    }
    return new Crc32c(shifted ^ next.value);
  }

  /** The product of two polynomials, modulo the CRC's. */
  private static int multiply(int a, int b) {
    int product = 0;
    int shifted = b;
    for (int rest = a; rest != 0; rest <<= 1) {
      if (rest < 0) {
        product ^= shifted;
      }
      shifted = (shifted & 1) != 0 ? shifted >>> 1 ^ POLYNOMIAL : shifted >>> 1;
    }
    return product;
  }

  /** The four bytes, most significant first, in base64: the form that object stores use. */
  public String toBase64() {
    return Base64.getEncoder()
        .encodeToString(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
  }

  /** The checksum that a text of {@link #toBase64}'s form stands for; no other form is taken. */
  public static Optional<Crc32c> fromBase64(String text) {
    if (text.length() != BASE64_LENGTH) {
      return Optional.empty();
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      if (bytes.length != Integer.BYTES) {
        return Optional.empty();
      }
      Crc32c parsed = new Crc32c(ByteBuffer.wrap(bytes).getInt());
      // The decoder overlooks unused bits; RFC 4648 lets a strict reader refuse them.
      return parsed.toBase64().equals(text) ? Optional.of(parsed) : Optional.empty();
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  /** Eight hexadecimal digits. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "crc32c:%08x", value);
  }
}
