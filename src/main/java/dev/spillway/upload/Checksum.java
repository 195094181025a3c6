package dev.spillway.upload;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * A checksum as a client announces it: an algorithm and its result. Immutable, for any thread.
 *
 * @param algorithm how it was computed
 * @param base64 the result in base64 with padding (RFC 4648), of exactly the algorithm's length
 */
public record Checksum(Algorithm algorithm, String base64) {

  /** The algorithms that clients may use. */
  public enum Algorithm {
    CRC32C("crc32c", 4),
    SHA256("sha256", 32);

    /** What RFC 9530 calls SHA-256 in a {@code Content-Digest} field. */
    private static final String SHA256_AS_DIGEST = "sha-256";

    private final String wireName;
    private final int length;

    Algorithm(String wireName, int length) {
      this.wireName = wireName;
      this.length = length;
    }

    /** The name in requests and answers. */
    public String wireName() {
      return wireName;
    }

    /** The length of a result, in bytes. */
    public int length() {
      return length;
    }

    /** The algorithm of this name, as our API writes it or as RFC 9530 does, in lower case. */
    public static Optional<Algorithm> lookup(String name) {
      if (name.equals(SHA256_AS_DIGEST)) {
        return Optional.of(SHA256);
      }
      return Arrays.stream(values()).filter(one -> one.wireName.equals(name)).findFirst();
    }
  }

  /**
   * @throws IllegalArgumentException when the text is not base64 of the algorithm's length
   */
  public Checksum {
    if (!isResult(algorithm, base64)) {
      // The text itself stays out of the message: it may come from a client.
      throw new IllegalArgumentException(
          "not the base64 of " + algorithm.length() + " bytes of " + algorithm.wireName());
    }
  }

  /** The checksum that these two texts stand for, if they do. */
  public static Optional<Checksum> parse(String algorithmName, String base64) {
    return Algorithm.lookup(algorithmName)
        .filter(algorithm -> isResult(algorithm, base64))
        .map(algorithm -> new Checksum(algorithm, base64));
  }

  public static Checksum of(Crc32c crc32c) {
    return new Checksum(Algorithm.CRC32C, crc32c.toBase64());
  }

  /** Whether these bytes are this checksum. Takes the same time for every wrong answer. */
  public boolean matches(byte[] result) {
    return MessageDigest.isEqual(Base64.getDecoder().decode(base64), result);
  }

  private static boolean isResult(Algorithm algorithm, String text) {
    int encodedLength = (algorithm.length() + 2) / 3 * 4;
    if (text.length() != encodedLength) {
      return false;
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      // Encoding again finds the unused bits that the decoder overlooks: one value, one text.
      return bytes.length == algorithm.length()
          && Base64.getEncoder().encodeToString(bytes).equals(text);
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }
}
