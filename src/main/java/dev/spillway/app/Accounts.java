package dev.spillway.app;

import dev.spillway.admission.Client;
import dev.spillway.config.DashboardSettings;
import dev.spillway.web.RoleGate;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may sign in to the dashboard of a server that runs by itself. For any thread.
 *
 * <p>Every request brings its password. The first one that is right is looked at slowly; after that
 * it is known by its HMAC under a key of this process, so those who have signed in are not kept
 * waiting, nor out, by others who guess.
 */
final class Accounts {

  private static final Logger log = LoggerFactory.getLogger(Accounts.class);

  private static final String VIEWER = "viewer";
  private static final int SHORTEST = 12;
  private static final int SHOWN_OF_A_NAME = 64;
  private static final String HMAC = "HmacSHA256";

  private final List<Account> accounts;
  private final GuessLimit limit;
  private final SecretKeySpec key;
  private final FailureLines failures;
  private final Map<String, byte[]> known = new ConcurrentHashMap<>();

  /**
   * @param role of the two that may see the dashboard
   */
  record Account(String name, String role, PasswordHash hash) {}

  /** What came of an attempt. */
  enum Answer {
    RIGHT,
    WRONG,
    /** Nobody has looked at the password: too many were tried. */
    NOT_LOOKED_AT
  }

  /**
   * @param random for the key
   * @param nanoTime a clock that never goes back
   */
  Accounts(List<Account> accounts, RandomGenerator random, LongSupplier nanoTime) {
    this.accounts = List.copyOf(accounts);
    this.limit = new GuessLimit(nanoTime);
    this.failures = new FailureLines(nanoTime);
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    this.key = new SecretKeySpec(secret, HMAC);
  }

  /**
   * The accounts that the settings name.
   *
   * @param operator of the operator where the settings have no password
   * @throws IllegalArgumentException when they cannot be used
   */
  static List<Account> named(
      DashboardSettings settings, Optional<PasswordHash> operator, RandomGenerator random) {
    List<Account> accounts = new ArrayList<>();
    PasswordHash hash =
        operator.orElseGet(() -> hash("spillway.dashboard.password", settings.password(), random));
    accounts.add(new Account(settings.user(), RoleGate.OPERATOR, hash));
    if (!settings.viewerPassword().isEmpty()) {
      PasswordHash viewer =
          hash("spillway.dashboard.viewer-password", settings.viewerPassword(), random);
      accounts.add(new Account(VIEWER, RoleGate.VIEWER, viewer));
    }
    return accounts;
  }

  /** Fails early, before anything is started. */
  static void check(DashboardSettings settings) {
    String user = settings.user();
    boolean bad = user.isEmpty() || user.contains(":") || user.codePoints().anyMatch(c -> c < ' ');
    if (bad) {
      throw new IllegalArgumentException(
          "spillway.dashboard.user must be a name without a colon or control characters");
    }
    if (user.equals(VIEWER) && !settings.viewerPassword().isEmpty()) {
      throw new IllegalArgumentException(
          "spillway.dashboard.user must not be viewer where there is a viewer-password, too");
    }
    check("spillway.dashboard.password", settings.password());
    check("spillway.dashboard.viewer-password", settings.viewerPassword());
  }

  private static void check(String setting, String password) {
    if (password.startsWith(PasswordHash.PREFIX)) {
      try {
        PasswordHash.parse(password);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(setting + " " + e.getMessage(), e);
      }
    } else if (!password.isEmpty() && password.length() < SHORTEST) {
      throw new IllegalArgumentException(
          "%s has %d characters; it needs %d, or is a hash that --hash-password has made"
              .formatted(setting, password.length(), SHORTEST));
    }
  }

  private static PasswordHash hash(String setting, String password, RandomGenerator random) {
    check(setting, password);
    return password.startsWith(PasswordHash.PREFIX)
        ? PasswordHash.parse(password)
        : PasswordHash.of(password, random);
  }

  Optional<Account> find(String name) {
    return accounts.stream().filter(account -> account.name.equals(name)).findFirst();
  }

  /**
   * Tries a password. May take a few seconds when it is not known yet.
   *
   * @param address whom wrong ones count for
   */
  Answer signIn(String name, String password, String address) {
    byte[] mark = mark(name, password);
    Optional<Account> account = find(name);
    byte[] right = account.isEmpty() ? null : known.get(name);
    if (right != null && MessageDigest.isEqual(right, mark)) {
      return Answer.RIGHT;
    }
    String client = new Client(null, address).key();
    if (!limit.begin(client)) {
      failures.add("not looked at, after too many attempts", address, shown(name));
      return Answer.NOT_LOOKED_AT;
    }
    boolean matches = false;
    try {
      // For a name that nobody has, too: the time it takes must not tell which names there are.
      PasswordHash hash = account.orElse(accounts.get(0)).hash;
      matches = hash.matches(password) && account.isPresent();
    } finally {
      limit.end(client, matches);
    }
    if (!matches) {
      failures.add("wrong", address, shown(name));
      return Answer.WRONG;
    }
    known.put(name, mark);
    log.info("{} signed in to the dashboard from {}", name, address);
    return Answer.RIGHT;
  }

  private static String shown(String name) {
    return name.length() <= SHOWN_OF_A_NAME ? name : name.substring(0, SHOWN_OF_A_NAME) + "…";
  }

  private byte[] mark(String name, String password) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      mac.update(name.getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      return mac.doFinal(password.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + HMAC, e);
    }
  }

  /** A line in the log for the first failure, and then one every ten seconds at most. */
  private static final class FailureLines {

    private static final long EVERY_NANOS = 10_000_000_000L;

    private final LongSupplier nanoTime;
    private long next;
    private int unsaid;

    FailureLines(LongSupplier nanoTime) {
      this.nanoTime = nanoTime;
      this.next = nanoTime.getAsLong();
    }

    synchronized void add(String what, String address, String name) {
      long now = nanoTime.getAsLong();
      if (now - next < 0) {
        unsaid++;
        return;
      }
      log.warn(
          "sign-in to the dashboard refused: {}, from {} as \"{}\"; {} more since the last such line",
          what,
          address,
          name,
          unsaid);
      next = now + EVERY_NANOS;
      unsaid = 0;
    }
  }
}
