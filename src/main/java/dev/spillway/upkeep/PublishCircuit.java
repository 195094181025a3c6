package dev.spillway.upkeep;

import dev.spillway.upkeep.PublishStatus.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Whether files are sent to the destination, by what has become of the last ones.
 *
 * <p>It opens when attempts fail one after the other, whichever files they belong to. While it is
 * open, nothing is begun before the next try is due; then one file is, unless one is on its way
 * still: those try again by themselves, and what becomes of that is the trial. The first byte that
 * is safe there closes it.
 *
 * <p>Refusals are another matter: nothing gets better by waiting, and each costs a file. So after
 * some in a row nothing is begun until the destination has been asked and is content; and until a
 * file has arrived indeed, no further file is given up for a refusal.
 *
 * <p>Whoever uses it sees to it that one thread does at a time.
 */
final class PublishCircuit {

  /** So many in a row are no matter of single files. */
  static final int FAILURES = 3;

  static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** Between two questions to a destination that refuses this server. */
  static final Duration PROBES = Duration.ofMinutes(1);

  /** The same, when somebody has just brought a file or asked for one again. */
  static final Duration PROBES_WITH_WORK = Duration.ofSeconds(5);

  private final Clock clock;
  private final LongSupplier nanos;
  private final DoublingPause pauses;

  private State state = State.CLOSED;
  private Instant since;
  private String reason = "";
  private int failures;
  private int refusals;

  /** How often the next try has been put off since it opened. */
  private int putOff;

  /** When something is tried next; of no meaning while it is closed. */
  private long nextTry;

  private long lastProbe;
  private boolean probing;

  PublishCircuit(Clock clock, LongSupplier nanos, RandomGenerator random) {
    this.clock = clock;
    this.nanos = nanos;
    this.pauses = new DoublingPause(FIRST_PAUSE, LONGEST_PAUSE, random);
    this.since = clock.instant();
  }

  State state() {
    return state;
  }

  Instant since() {
    return since;
  }

  /** Why it is not closed; empty when it is. */
  String reason() {
    return reason;
  }

  /**
   * Whether another file may be begun now.
   *
   * @param underway how many are on their way
   */
  boolean mayBegin(int underway) {
    return switch (state) {
      case CLOSED -> true;
      case OPEN -> underway == 0 && isDue();
      case REFUSED -> false;
    };
  }

  /** An attempt has failed that another one may follow. */
  void failed(String why) {
    failures++;
    if (state == State.CLOSED && failures >= FAILURES) {
      become(State.OPEN, why);
      putOff = 0;
      putOff();
    } else if (state == State.OPEN) {
      reason = why;
      if (isDue()) {
        putOff();
      }
    }
  }

  private void putOff() {
    putOff++;
    nextTry = nanos.getAsLong() + pauses.nanos(putOff);
  }

  /** It has taken some bytes, or has said something about one file alone. */
  void answered() {
    failures = 0;
    if (state == State.OPEN) {
      become(State.CLOSED, "");
    }
  }

  /** A whole file has arrived. */
  void succeeded() {
    refusals = 0;
    answered();
    // It may have been begun before the refusals; or somebody has put things right since.
    workCame();
  }

  /**
   * It has refused this server. That may be what a destination says that could not be reached
   * before: no file gets there, so it does not close.
   */
  void refused(String why) {
    refusals++;
    if (refusals >= FAILURES && state != State.REFUSED) {
      become(State.REFUSED, why);
      lastProbe = nanos.getAsLong();
      nextTry = lastProbe + PROBES.toNanos();
    }
  }

  /** Whether the file that was refused last is given up: it is one of the first in a row. */
  boolean givesUp() {
    return refusals <= FAILURES;
  }

  /**
   * There is more to publish, or somebody asks for a file again.
   *
   * @return whether something is tried sooner for that
   */
  boolean workCame() {
    return state == State.REFUSED && probeSoon();
  }

  private boolean probeSoon() {
    long soon = lastProbe + PROBES_WITH_WORK.toNanos();
    boolean isSooner = soon - nextTry < 0;
    nextTry = isSooner ? soon : nextTry;
    return isSooner;
  }

  boolean isProbeDue() {
    return state == State.REFUSED && !probing && isDue();
  }

  void probeBegun() {
    probing = true;
    lastProbe = nanos.getAsLong();
    nextTry = lastProbe + PROBES.toNanos();
  }

  /** It would take files, it says. */
  void probeWell() {
    probing = false;
    if (state == State.REFUSED) {
      failures = 0;
      become(State.CLOSED, "");
    }
  }

  void probeFailed(String why) {
    probing = false;
    if (state == State.REFUSED) {
      reason = why;
    }
  }

  private void become(State next, String why) {
    state = next;
    reason = why;
    since = clock.instant();
  }

  private boolean isDue() {
    return nextTry - nanos.getAsLong() <= 0;
  }

  /** In how many nanoseconds something is tried; 0 or less when nothing keeps it from that. */
  long untilNextTry() {
    return state == State.CLOSED ? 0 : nextTry - nanos.getAsLong();
  }

  PublishStatus.Circuit view() {
    long until = untilNextTry();
    return new PublishStatus.Circuit(
        state,
        since,
        reason,
        state == State.REFUSED ? refusals : failures,
        until > 0 && !probing ? Optional.of(clock.instant().plusNanos(until)) : Optional.empty());
  }

  /** How long it has been as it is, in whole seconds: for people. */
  long secondsSince() {
    return TimeUnit.MILLISECONDS.toSeconds(
        Math.max(0, Duration.between(since, clock.instant()).toMillis()));
  }
}
