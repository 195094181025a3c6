package dev.spillway.upkeep;

import dev.spillway.upkeep.FileOnItsWay.Reach;
import dev.spillway.upkeep.PublishStatus.State;
import dev.spillway.upload.UploadId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Whether files are sent to the destination, by what has become of the last ones.
 *
 * <p>It opens when attempts fail one after the other, whichever files they belong to. While it is
 * open, nothing is begun before the next try is due; then one file is, unless one is on its way
 * still: those try again by themselves, and what becomes of that is the trial. The first byte that
 * is safe there closes it, unless several files have failed at their ends: then only an arrival
 * does, because bytes have been taken all the time, and each file that is begun is sent for
 * nothing. One file that fails there may be to blame itself.
 *
 * <p>Refusals are another matter: nothing gets better by waiting, and each costs a file. So after
 * some in a row one file a minute is tried, and until a file has arrived indeed, none is given up
 * any more for a refusal. Only such a trial closes it: what was let in before may go on although
 * nothing is let in now. Its first byte does, unless a whole file has been taken and was refused
 * nevertheless; then only its arrival does.
 *
 * <p>Whoever uses it sees to it that one thread does at a time.
 */
final class PublishCircuit {

  /** So many in a row are no matter of single files. */
  static final int FAILURES = 3;

  /** When the ends of so many files fail, it is not the files. */
  static final int ENDS = 3;

  static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** Between two trials at a destination that refuses this server. */
  static final Duration TRIALS = Duration.ofMinutes(1);

  /** The same, when somebody has just brought a file or asked for one again. */
  static final Duration TRIALS_WITH_WORK = Duration.ofSeconds(5);

  /** So many reasons of refusals are told; more of them say nothing more. */
  static final int MOST_REASONS = 8;

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

  private long lastTrial;

  /** Counts the states that it has come into. */
  private int era;

  /** Counts what people are to be told. */
  private int news;

  /** Those that have been told of since it came into this state. */
  private final Set<String> reasons = new HashSet<>();

  /** Whether a whole file has been taken, and was refused nevertheless. */
  private boolean endsAreRefused;

  /** Some that have failed when only their ends were missing, and none has arrived since. */
  private final Set<UploadId> failedAtTheirEnds = new HashSet<>();

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

  /** In which of its states a file is begun now. */
  int era() {
    return era;
  }

  /** Changes with all that people are to be told. */
  int news() {
    return news;
  }

  /** Whether a file that was begun in an era is what a destination that refuses is tried with. */
  boolean isTrial(int begunIn) {
    return state == State.REFUSED && begunIn == era;
  }

  /**
   * Whether another file may be begun now.
   *
   * @param trials how many are on their way that are trials; any file is one while it is open
   */
  boolean mayBegin(int trials) {
    return state == State.CLOSED || (trials == 0 && isDue());
  }

  /** A file is begun. */
  void begun() {
    if (state == State.REFUSED) {
      putOffTrial();
    }
  }

  private void putOffTrial() {
    lastTrial = nanos.getAsLong();
    nextTry = lastTrial + TRIALS.toNanos();
  }

  /** An attempt has failed that another one may follow. */
  void failed(String why, UploadId id, int begunIn, Reach reach) {
    if (reach == Reach.NOTHING) {
      // When not even the first bytes are taken, the next ones that are will be news again.
      failedAtTheirEnds.clear();
    } else if (reach == Reach.END && !doEndsFail()) {
      failedAtTheirEnds.add(id);
    }
    if (isTrial(begunIn)) {
      putOffTrial();
    }
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

  private boolean doEndsFail() {
    return failedAtTheirEnds.size() >= ENDS;
  }

  private void putOff() {
    putOff++;
    nextTry = nanos.getAsLong() + pauses.nanos(putOff);
  }

  /** It has said something about one file alone. */
  void spoke() {
    if (doEndsFail()) {
      // It has done so all the time.
      return;
    }
    failures = 0;
    if (state == State.OPEN) {
      become(State.CLOSED, "");
    }
  }

  /** It has taken some bytes. */
  void answered(int begunIn) {
    spoke();
    if (isTrial(begunIn) && !endsAreRefused) {
      become(State.CLOSED, "");
    }
  }

  /** A whole file has arrived. */
  void succeeded(int begunIn) {
    failures = 0;
    failedAtTheirEnds.clear();
    if (state == State.REFUSED && !isTrial(begunIn)) {
      // It may have been let in before the refusals; or somebody has put things right since.
      workCame();
      return;
    }
    refusals = 0;
    endsAreRefused = false;
    if (state != State.CLOSED) {
      become(State.CLOSED, "");
    }
  }

  /**
   * It has refused this server. That may be what a destination says that could not be reached
   * before: no file gets there, so it does not close.
   *
   * @param reach how far the file had come
   */
  void refused(String why, int begunIn, Reach reach) {
    refusals++;
    endsAreRefused |= reach == Reach.END;
    if (state == State.REFUSED) {
      reason = why;
      tell(why);
      if (isTrial(begunIn)) {
        putOffTrial();
      }
    } else if (refusals >= FAILURES) {
      become(State.REFUSED, why);
      putOffTrial();
    }
  }

  private void tell(String why) {
    if (reasons.size() < MOST_REASONS && reasons.add(why)) {
      news++;
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
    if (state != State.REFUSED) {
      return false;
    }
    long soon = lastTrial + TRIALS_WITH_WORK.toNanos();
    boolean isSooner = soon - nextTry < 0;
    nextTry = isSooner ? soon : nextTry;
    return isSooner;
  }

  /** A file has failed before the destination was asked to take it: that was no trial. */
  void saidNothing(int begunIn) {
    if (isTrial(begunIn)) {
      workCame();
    }
  }

  private void become(State next, String why) {
    state = next;
    reason = why;
    since = clock.instant();
    era++;
    reasons.clear();
    tell(why);
  }

  private boolean isDue() {
    return nextTry - nanos.getAsLong() <= 0;
  }

  /** In how many nanoseconds something is tried; 0 or less when nothing keeps it from that. */
  long untilNextTry() {
    return state == State.CLOSED ? 0 : nextTry - nanos.getAsLong();
  }

  /**
   * @param trials as of {@link #mayBegin}
   */
  PublishStatus.Circuit view(int trials) {
    boolean isBeingTried = state == State.REFUSED && trials > 0;
    long until = untilNextTry();
    return new PublishStatus.Circuit(
        state,
        since,
        reason,
        state == State.REFUSED ? refusals : failures,
        until > 0 && !isBeingTried
            ? Optional.of(clock.instant().plusNanos(until))
            : Optional.empty());
  }

  /** How long it has been as it is, in whole seconds: for people. */
  long secondsSince() {
    return TimeUnit.MILLISECONDS.toSeconds(
        Math.max(0, Duration.between(since, clock.instant()).toMillis()));
  }
}
