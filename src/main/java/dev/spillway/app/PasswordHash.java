package dev.spillway.app;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * What is kept of a password: PBKDF2 with HMAC-SHA-256, with its parameters. Trying one takes a
 * good part of a second of a processor, which is the purpose. Immutable, for any thread.
 */
final class PasswordHash {

  /** How a text begins that {@link #text} has made. */
  static final String PREFIX = "pbkdf2-sha256:";

  /** As OWASP's Password Storage Cheat Sheet asks for. */
  private static final int ITERATIONS = 600_000;

  private static final int MAX_ITERATIONS = 10_000_000;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final int MAX_PASSWORD = 1_000;
  private static final Pattern FORMAT =
      Pattern.compile(PREFIX + "([0-9]{1,8}):([A-Za-z0-9_-]+):([A-Za-z0-9_-]+)");

  private final int iterations;
  private final byte[] salt;
  private final byte[] hash;

  private PasswordHash(int iterations, byte[] salt, byte[] hash) {
    this.iterations = iterations;
    this.salt = salt;
    this.hash = hash;
  }

  /**
   * @param random makes the salt
   * @throws IllegalArgumentException when the password is empty or far too long
   */
  static PasswordHash of(String password, RandomGenerator random) {
    if (!isPossible(password)) {
      throw new IllegalArgumentException(
          "a password has 1 to " + MAX_PASSWORD + " characters, this one " + password.length());
    }
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return new PasswordHash(ITERATIONS, salt, derive(password, salt, ITERATIONS));
  }

  /**
   * Reads what {@link #text} has made.
   *
   * @throws IllegalArgumentException when it is something else, or weaker; the message does not
   *     repeat it
   */
  static PasswordHash parse(String text) {
    Matcher parts = FORMAT.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "is not " + PREFIX + "ITERATIONS:SALT:HASH, as --hash-password writes it");
    }
    int iterations = Integer.parseInt(parts.group(1));
    byte[] salt = Base64.getUrlDecoder().decode(parts.group(2));
    byte[] hash = Base64.getUrlDecoder().decode(parts.group(3));
    boolean strong = iterations >= ITERATIONS && salt.length >= SALT_BYTES;
    if (!strong || iterations > MAX_ITERATIONS || hash.length != HASH_BYTES) {
      throw new IllegalArgumentException(
          "needs %d to %d iterations, a salt of %d bytes and a hash of %d"
              .formatted(ITERATIONS, MAX_ITERATIONS, SALT_BYTES, HASH_BYTES));
    }
    return new PasswordHash(iterations, salt, hash);
  }

  /** Slow. Takes as long for a wrong password as for the right one. */
  boolean matches(String password) {
    return isPossible(password) && MessageDigest.isEqual(hash, derive(password, salt, iterations));
  }

  private static boolean isPossible(String password) {
    return !password.isEmpty() && password.length() <= MAX_PASSWORD;
  }

  private static byte[] derive(String password, byte[] salt, int iterations) {
    PBEKeySpec spec =
        new PBEKeySpec(password.toCharArray(), salt, iterations, HASH_BYTES * Byte.SIZE);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has PBKDF2WithHmacSHA256", e);
    } finally {
      spec.clearPassword();
    }
  }

  /** To be kept in a file or in the settings. */
  String text() {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    return PREFIX
        + iterations
        + ":"
        + base64.encodeToString(salt)
        + ":"
        + base64.encodeToString(hash);
  }

  /** Safe for a log: not even the hash. */
  @Override
  public String toString() {
    return PREFIX + iterations + ":******";
  }
}
