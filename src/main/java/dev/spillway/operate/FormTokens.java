package dev.spillway.operate;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What makes a form act once: a token of 128 random bits, signed for one action and an hour. One
 * that was only shown costs no memory, so pages may be looked at without an end; those that have
 * acted are remembered until they are too old.
 *
 * <p>Any thread may call. A token says nothing of who may act.
 */
final class FormTokens {

  static final Duration LIFETIME = Duration.ofHours(1);
  static final int MOST_USED = 1000;

  private static final String ALGORITHM = "HmacSHA256";
  private static final int KEY_BYTES = 32;
  private static final int RANDOM_BYTES = 16;
  private static final int BODY_BYTES = RANDOM_BYTES + Long.BYTES;
  private static final int SIGNATURE_BYTES = 16;
  private static final int TEXT_LENGTH = 54;

  private final RandomGenerator random;
  private final LongSupplier nanoTime;
  private final long start;
  private final SecretKeySpec key;
  private final Map<String, Use> used = new HashMap<>();

  /** A token that has acted, or is about to. */
  private static final class Use {
    private final long issued;
    private @Nullable Deed deed;

    private Use(long issued) {
      this.issued = issued;
    }
  }

  /** What came of a claim. */
  sealed interface Claim permits Refusal, Repeat, First {}

  /** The token is good for nothing. */
  record Refusal(String why) implements Claim {}

  /**
   * The token has acted before.
   *
   * @param earlier empty while it is still acting
   */
  record Repeat(Optional<Deed> earlier) implements Claim {}

  /** Nobody else may act with this token until it is released. */
  final class First implements Claim {

    private final String name;
    private final Use use;

    private First(String name, Use use) {
      this.name = name;
      this.use = use;
    }

    /** It has acted; from here on, this is what came of it. */
    void settle(Deed deed) {
      synchronized (used) {
        use.deed = deed;
      }
    }

    /** It has not acted, and may be used again. */
    void release() {
      synchronized (used) {
        used.remove(name);
      }
    }
  }

  /**
   * @param random a {@link java.security.SecureRandom}
   * @param nanoTime a clock that never goes back
   */
  FormTokens(RandomGenerator random, LongSupplier nanoTime) {
    this.random = random;
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
    byte[] secret = new byte[KEY_BYTES];
    random.nextBytes(secret);
    this.key = new SecretKeySpec(secret, ALGORITHM);
  }

  /** A new token for a form. */
  String issue(Action action) {
    byte[] bits = new byte[RANDOM_BYTES];
    random.nextBytes(bits);
    byte[] body = ByteBuffer.allocate(BODY_BYTES).put(bits).putLong(age()).array();
    byte[] token = Arrays.copyOf(body, BODY_BYTES + SIGNATURE_BYTES);
    System.arraycopy(signature(action, body), 0, token, BODY_BYTES, SIGNATURE_BYTES);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
  }

  /** Nanoseconds since these tokens began. */
  private long age() {
    return nanoTime.getAsLong() - start;
  }

  private byte[] signature(Action action, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(action.name().getBytes(StandardCharsets.US_ASCII));
      return Arrays.copyOf(mac.doFinal(body), SIGNATURE_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  /** Takes a token for acting with it. Of several that do so at once, one is the first. */
  Claim claim(String token, Action action) {
    Optional<ByteBuffer> body = body(token, action);
    if (body.isEmpty()) {
      return new Refusal(
          "This form is not one of this server's, or from before its last start. Open the page"
              + " again.");
    }
    long issued = body.get().getLong(RANDOM_BYTES);
    if (age() - issued > LIFETIME.toNanos()) {
      return new Refusal("This form is older than an hour. Open the page again.");
    }
    // By what it says, not by its text: two texts may stand for the same bytes.
    String name = HexFormat.of().formatHex(body.get().array(), 0, RANDOM_BYTES);
    synchronized (used) {
      Use earlier = used.get(name);
      return earlier == null ? first(name, issued) : new Repeat(Optional.ofNullable(earlier.deed));
    }
  }

  private Claim first(String name, long issued) {
    used.values().removeIf(use -> age() - use.issued > LIFETIME.toNanos());
    if (used.size() >= MOST_USED) {
      return new Refusal("Too many forms have acted within the last hour. Wait a while.");
    }
    Use use = new Use(issued);
    used.put(name, use);
    return new First(name, use);
  }

  private Optional<ByteBuffer> body(String token, Action action) {
    if (token.length() != TEXT_LENGTH) {
      return Optional.empty();
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(token);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (bytes.length != BODY_BYTES + SIGNATURE_BYTES) {
      return Optional.empty();
    }
    byte[] body = Arrays.copyOf(bytes, BODY_BYTES);
    byte[] signature = Arrays.copyOfRange(bytes, BODY_BYTES, bytes.length);
    return MessageDigest.isEqual(signature, signature(action, body))
        ? Optional.of(ByteBuffer.wrap(body))
        : Optional.empty();
  }

  /** How many are remembered. */
  int remembered() {
    synchronized (used) {
      return used.size();
    }
  }
}
