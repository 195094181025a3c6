package dev.spillway.upload;

import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * What an upload is named by, everywhere: 128 random bits in lower-case base32 (RFC 4648 without
 * padding). Safe in a path, a URL and a log line. Immutable, for any thread.
 *
 * @param value 26 characters; the two unused bits of the last one are zero, so that no two texts
 *     stand for the same bits
 */
public record UploadId(String value) {

  private static final int BYTES = 16;
  private static final int BITS_PER_CHARACTER = 5;
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

  /**
   * The last character carries three bits, so only every fourth of the alphabet may stand there.
   */
  private static final Pattern FORM = Pattern.compile("[a-z2-7]{25}[aeimquy4]");

  /**
   * @throws IllegalArgumentException when the text is not an id
   */
  public UploadId {
    if (!FORM.matcher(value).matches()) {
      // The text itself stays out of the message: it may come from a client.
      throw new IllegalArgumentException(
          "not an upload id: " + value.length() + " characters that do not match " + FORM);
    }
  }

  /**
   * A new id.
   *
   * @param random a {@link java.security.SecureRandom}, because whoever guesses an id may use it
   */
  public static UploadId random(RandomGenerator random) {
    byte[] bits = new byte[BYTES];
    random.nextBytes(bits);
    return new UploadId(encode(bits));
  }

  /** The id that a text stands for, if it is one. */
  public static Optional<UploadId> parse(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new UploadId(text)) : Optional.empty();
  }

  private static String encode(byte[] bits) {
    StringBuilder text = new StringBuilder();
    int held = 0;
    int heldBits = 0;
    for (byte next : bits) {
      held = held << Byte.SIZE | Byte.toUnsignedInt(next);
      heldBits += Byte.SIZE;
      while (heldBits >= BITS_PER_CHARACTER) {
        heldBits -= BITS_PER_CHARACTER;
        text.append(character(held >>> heldBits));
      }
    }
    return text.append(character(held << (BITS_PER_CHARACTER - heldBits))).toString();
  }

  private static char character(int bits) {
    return ALPHABET.charAt(bits & (ALPHABET.length() - 1));
  }

  /** The id as clients see it. */
  @Override
  public String toString() {
    return value;
  }
}
