package dev.spillway.operate;

import dev.spillway.admission.AdmissionRefused;
import dev.spillway.operate.Outcome.Kind;
import dev.spillway.telemetry.Telemetry;
import dev.spillway.upload.CatalogUnavailable;
import dev.spillway.upload.UploadRefused;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything an operator may do, with its rules: who may, whether the dashboard may at all, how
 * often, and each form once. Every attempt is audited, the refused ones, too.
 *
 * <p>Holds nothing to close; any thread may call. An action runs on the thread that asks for it.
 */
public final class Operations {

  /** What a viewer is told. */
  public static final String ROLE_NEEDED =
      "You may look, but not act: that needs the role spillway-operator.";

  /** What everybody is told who wants to act where nobody may. */
  public static final String READ_ONLY =
      "The dashboard is read-only: the setting spillway.dashboard.read-only is on.";

  private static final Logger log = LoggerFactory.getLogger(Operations.class);

  private static final int TARGET_CHARACTERS = 60;
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  private final Rules rules;
  private final LongSupplier nanoTime;
  private final Services services;
  private final FormTokens tokens;
  private final ActionRate rate;
  private final Objections objections;
  private final Reviews reviews;
  private final ThreadDumps dumps;
  private final Deeds deeds;
  private final AuditTrail audit;
  private final ActionMeters meters;

  /**
   * What holds for all actions.
   *
   * @param readOnly whether every action is refused
   * @param perMinute how many may be carried out in any minute
   */
  public record Rules(boolean readOnly, int perMinute) {}

  /**
   * Where the time comes from.
   *
   * @param nanoTime never goes back
   */
  public record Time(Clock clock, LongSupplier nanoTime) {}

  /**
   * @param random a {@link java.security.SecureRandom}
   */
  public Operations(
      Services services, Rules rules, Time time, RandomGenerator random, Telemetry telemetry) {
    this.services = services;
    this.rules = rules;
    this.nanoTime = time.nanoTime();
    this.tokens = new FormTokens(random, time.nanoTime());
    this.rate = new ActionRate(rules.perMinute(), time.nanoTime());
    this.objections = new Objections(services);
    this.reviews = new Reviews(services, objections);
    this.dumps = new ThreadDumps(time.clock());
    this.deeds = new Deeds(services, dumps);
    this.audit = new AuditTrail(time.clock());
    this.meters = new ActionMeters(telemetry);
  }

  /** Whether every action is refused, whoever asks. */
  public boolean readOnly() {
    return rules.readOnly();
  }

  /** Since when new uploads are refused, by an operator or because the server stops. */
  public Optional<Instant> drainingSince() {
    return services.drainage().since();
  }

  /** For a form that acts without a page of its own to confirm it. */
  public String token(Action action) {
    return tokens.issue(action);
  }

  /**
   * What an operator reads before they confirm. Nothing is changed by it.
   *
   * @param parameters those that the action needs; others are ignored
   */
  public Confirmation confirm(Action action, Map<String, String> parameters) {
    Optional<String> refusal;
    Optional<String> typed = Optional.empty();
    List<String> consequences = List.of();
    try {
      refusal = rules.readOnly() ? Optional.of(READ_ONLY) : objections.to(action, parameters);
      typed = objections.typed(action, parameters);
      consequences = reviews.consequences(action, parameters);
    } catch (CatalogUnavailable e) {
      refusal = Optional.of("The catalogue does not answer. Try again.");
    }
    return new Confirmation(
        action,
        Reviews.question(action),
        consequences,
        known(action, parameters),
        tokens.issue(action),
        typed,
        refusal);
  }

  /** Without what is to be typed: that is not for the form to say. */
  private static Map<String, String> known(Action action, Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .filter(
            entry ->
                action.parameters().contains(entry.getKey()) && !entry.getKey().equals("typed"))
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /**
   * Carries an action out, or refuses to. A form that is sent twice acts once, and the second time
   * is told what came of it.
   *
   * @return how it is audited, with what came of it
   */
  public AuditEntry perform(Attempt attempt) {
    long begun = nanoTime.getAsLong();
    Deed deed = new Deed(target(attempt), failed("It was broken off. The server's log has more."));
    AuditEntry entry;
    try {
      deed = decide(attempt);
    } finally {
      // An error goes on to the caller, and is audited all the same.
      entry = recorded(attempt, deed, Duration.ofNanos(nanoTime.getAsLong() - begun));
    }
    return entry;
  }

  /**
   * Records an attempt that was refused before it came here.
   *
   * @param why one sentence
   */
  public AuditEntry refused(Attempt attempt, String why) {
    return recorded(attempt, refusal(attempt, why), Duration.ZERO);
  }

  private AuditEntry recorded(Attempt attempt, Deed deed, Duration took) {
    meters.count(attempt.action(), deed.outcome().kind());
    return audit.record(attempt, deed, took);
  }

  private Deed decide(Attempt attempt) {
    if (!attempt.who().mayAct()) {
      return refusal(attempt, ROLE_NEEDED);
    }
    if (rules.readOnly()) {
      return refusal(attempt, READ_ONLY);
    }
    FormTokens.Claim claim = tokens.claim(attempt.token(), attempt.action());
    if (claim instanceof FormTokens.First first) {
      return once(attempt, first);
    }
    return claim instanceof FormTokens.Repeat repeat
        ? again(attempt, repeat)
        : refusal(attempt, ((FormTokens.Refusal) claim).why());
  }

  private static Deed again(Attempt attempt, FormTokens.Repeat repeat) {
    if (repeat.earlier().isEmpty()) {
      return new Deed(
          target(attempt),
          new Outcome(Kind.UNCHANGED, "This form is acting already; the audit will have more."));
    }
    Outcome before = repeat.earlier().get().outcome();
    boolean acted = before.kind() != Kind.REFUSED && before.kind() != Kind.FAILED;
    return new Deed(
        repeat.earlier().get().target(),
        new Outcome(
            acted ? Kind.UNCHANGED : before.kind(),
            "This form has acted before: " + before.text()));
  }

  /** A form that is refused before it acts may be sent again. */
  private Deed once(Attempt attempt, FormTokens.First first) {
    Optional<Deed> refusal;
    try {
      refusal = refusalBefore(attempt);
    } catch (RuntimeException e) {
      refusal = Optional.of(new Deed(target(attempt), outcomeOf(attempt.action(), e)));
    }
    if (refusal.isPresent()) {
      first.release();
      return refusal.get();
    }
    Deed deed = new Deed(target(attempt), failed("It was broken off. The server's log has more."));
    try {
      deed = deeds.carryOut(attempt.action(), attempt.parameters());
    } catch (RuntimeException e) {
      deed = new Deed(target(attempt), outcomeOf(attempt.action(), e));
    } finally {
      first.settle(deed);
    }
    return deed;
  }

  private Optional<Deed> refusalBefore(Attempt attempt) {
    Optional<String> why =
        objections
            .to(attempt.action(), attempt.parameters())
            .or(() -> objections.toTyped(attempt.action(), attempt.parameters()));
    if (why.isEmpty() && !rate.take()) {
      why = Optional.of("There were " + rate.most() + " actions in a minute. Wait a moment.");
    }
    return why.map(text -> refusal(attempt, text));
  }

  private static Deed refusal(Attempt attempt, String why) {
    return new Deed(target(attempt), new Outcome(Kind.REFUSED, why));
  }

  private static Outcome failed(String why) {
    return new Outcome(Kind.FAILED, why);
  }

  private static String target(Attempt attempt) {
    String given =
        switch (attempt.action()) {
          case CANCEL, RETRY, EXTEND -> attempt.parameters().getOrDefault("id", "");
          case LOG_LEVEL -> attempt.parameters().getOrDefault("logger", "");
          case DRAIN, RESUME, PURGE, THREAD_DUMP -> "";
        };
    return Wording.foreign(given, TARGET_CHARACTERS);
  }

  private static Outcome outcomeOf(Action action, RuntimeException failure) {
    if (failure instanceof UploadRefused || failure instanceof AdmissionRefused) {
      return new Outcome(Kind.REFUSED, String.valueOf(failure.getMessage()));
    }
    log.error("the action {} failed", action.path(), failure);
    if (failure instanceof CatalogUnavailable) {
      return failed("The catalogue does not answer. Try again.");
    }
    return failed(
        failure instanceof UncheckedIOException
            ? "The storage failed. The server's log has more."
            : "The server failed. Its log has more.");
  }

  /** The last attempts, newest first; at most 500. */
  public List<AuditEntry> audit() {
    return audit.list();
  }

  /** One attempt, if it is still kept. */
  public Optional<AuditEntry> entry(long number) {
    return audit.find(number);
  }

  /**
   * What came of one attempt, if it is still kept.
   *
   * @param number as it stands in an address: any text
   */
  public Optional<Outcome> outcome(String number) {
    return NUMBER.matcher(number).matches()
        ? entry(Long.parseLong(number)).map(AuditEntry::outcome)
        : Optional.empty();
  }

  /** The last thread dumps, newest first; at most three. */
  public List<ThreadDump> threadDumps() {
    return dumps.list();
  }

  /** One thread dump's text, if it is still kept. */
  public Optional<String> threadDump(int number) {
    return dumps.find(number).map(ThreadDump::text);
  }
}
