package dev.spillway.upkeep;

import dev.spillway.upkeep.PublishStatus.Retries;
import dev.spillway.upkeep.PublishStatus.Retry;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The uploads that have failed and are tried again later: why, how often, and when.
 *
 * <p>Whoever uses it sees to it that one thread does at a time.
 */
final class PublishDelays {

  /**
   * When so many files fail one by one, it is not the files. Until one of them gets through, or is
   * given up, only they are tried, at their times.
   */
  static final int MOST = 1000;

  /** So many are near to that; fewer, so that others come by the hundred, not one by one. */
  static final int CROWD = 900;

  static final Duration FIRST = Duration.ofSeconds(1);
  static final Duration LONGEST = Duration.ofMinutes(5);

  /** For so long a local file may be missing, or not be readable, until it is given up. */
  static final Duration UNREADABLE = Duration.ofHours(24);

  /** The same, while so many have failed that they are a {@link #CROWD}. */
  static final Duration UNREADABLE_IN_A_CROWD = Duration.ofMinutes(15);

  /** Of a reason; there may be as many reasons as files. */
  static final int LONGEST_REASON = 200;

  /** So many are shown. */
  static final int SHOWN = 8;

  private final LongSupplier nanos;
  private final DoublingPause pauses;
  private final Map<UploadId, Delay> delays = new HashMap<>();

  /** An upload that has failed before. */
  private static final class Delay {
    private final Instant waitingSince;
    private int failures;
    private long due;
    private String reason = "";
    private boolean destination;

    /** Whether its local file was missing, or could not be read, the last time; since when. */
    private boolean unreadable;

    private long unreadableSince;

    /** Whether the log has heard of it. */
    private boolean told;

    /** Whether it is among the next ones, or on its way. */
    private boolean taken;

    private Delay(Instant waitingSince) {
      this.waitingSince = waitingSince;
    }
  }

  PublishDelays(LongSupplier nanos, RandomGenerator random) {
    this.nanos = nanos;
    this.pauses = new DoublingPause(FIRST, LONGEST, random);
  }

  int size() {
    return delays.size();
  }

  /** Whether so many have failed that only they are tried. */
  boolean isFull() {
    return delays.size() >= MOST;
  }

  boolean knows(UploadId id) {
    return delays.containsKey(id);
  }

  /** It has not arrived, and is tried again later. */
  void add(Upload upload, boolean becauseOfDestination, String why) {
    Delay delay = of(upload);
    delay.failures++;
    delay.due = nanos.getAsLong() + pauses.nanos(delay.failures);
    delay.reason = why.substring(0, Math.min(why.length(), LONGEST_REASON));
    delay.destination = becauseOfDestination;
    delay.taken = false;
  }

  private Delay of(Upload upload) {
    return delays.computeIfAbsent(upload.id(), unused -> new Delay(upload.lastActivityAt()));
  }

  /**
   * Its local file is missing, or cannot be read.
   *
   * @return why it is to be given up: for so long no attempt has found it otherwise. If there is no
   *     reason to, {@link #add} follows
   */
  Optional<String> unreadable(Upload upload) {
    Delay delay = of(upload);
    delay.taken = true;
    if (!delay.unreadable) {
      delay.unreadable = true;
      delay.unreadableSince = nanos.getAsLong();
    }
    long age = nanos.getAsLong() - delay.unreadableSince;
    if (age >= UNREADABLE.toNanos()) {
      return Optional.of("that has been so for a day");
    }
    return delays.size() >= CROWD && age >= UNREADABLE_IN_A_CROWD.toNanos()
        ? Optional.of("that has been so for 15 minutes, and hundreds of others fail, too")
        : Optional.empty();
  }

  /** Its local file could be read, as far as that was tried. */
  void readable(UploadId id) {
    @Nullable Delay delay = delays.get(id);
    if (delay != null) {
      delay.unreadable = false;
    }
  }

  /** Whether the log is to hear of it; it does once for each file. */
  boolean isToBeTold(UploadId id) {
    @Nullable Delay delay = delays.get(id);
    boolean isNews = delay != null && !delay.told;
    if (delay != null) {
      delay.told = true;
    }
    return isNews;
  }

  /** It is tried now, or as soon as it is its turn. */
  void take(UploadId id) {
    @Nullable Delay delay = delays.get(id);
    if (delay != null) {
      delay.taken = true;
    }
  }

  /** It was taken for nothing. */
  void untake(UploadId id) {
    @Nullable Delay delay = delays.get(id);
    if (delay != null) {
      delay.taken = false;
    }
  }

  void forget(UploadId id) {
    delays.remove(id);
  }

  /**
   * @param which says of an upload, and since when it has waited, whether it is gone
   */
  void forgetIf(BiPredicate<UploadId, Instant> which) {
    delays.entrySet().removeIf(entry -> which.test(entry.getKey(), entry.getValue().waitingSince));
  }

  /** The destination takes files again: nobody has to wait because of it. */
  void destinationIsBack() {
    long now = nanos.getAsLong();
    untaken().filter(delay -> delay.destination).forEach(delay -> delay.due = now);
  }

  /** In how many nanoseconds its time comes; 0 or less when it has come, or it has never failed. */
  long untilDue(UploadId id) {
    @Nullable Delay delay = delays.get(id);
    return delay == null ? 0 : untilDue(delay);
  }

  private long untilDue(Delay delay) {
    return delay.due - nanos.getAsLong();
  }

  private Stream<Delay> untaken() {
    return delays.values().stream().filter(delay -> !delay.taken);
  }

  /** Whether it has failed here the last time: that said nothing of the destination. */
  boolean hasFailedHere(UploadId id) {
    @Nullable Delay delay = delays.get(id);
    return delay != null && !delay.destination;
  }

  /**
   * Whether it may be tried before its time, to find out whether the destination takes files: what
   * has failed here would say nothing of that.
   */
  boolean mayBeTrial(UploadId id) {
    @Nullable Delay delay = delays.get(id);
    return delay != null && delay.destination;
  }

  /**
   * Whether there is one to be tried that nobody has taken.
   *
   * @param any also before its time, if it {@link #mayBeTrial}
   */
  boolean isOneToBeTried(boolean any) {
    return untaken().anyMatch(delay -> untilDue(delay) <= 0 || (any && delay.destination));
  }

  /** In how many nanoseconds the time comes of each that nobody has taken. */
  LongStream untilDue() {
    return untaken().mapToLong(this::untilDue);
  }

  /** How many there are that nobody has taken. */
  int waiting() {
    return (int) untaken().count();
  }

  /** Since when each has waited, those as well that are being tried just now. */
  Stream<Instant> waitingSince() {
    return delays.values().stream().map(delay -> delay.waitingSince);
  }

  /**
   * @param underway those that are being tried just now
   */
  Retries view(Instant now, Set<UploadId> underway) {
    return new Retries(
        (int) waiting(underway).count(),
        waiting(underway)
            .sorted(Comparator.comparing(entry -> entry.getValue().waitingSince))
            .limit(SHOWN)
            .map(entry -> view(entry.getKey(), entry.getValue(), now))
            .toList());
  }

  private Stream<Entry<UploadId, Delay>> waiting(Set<UploadId> underway) {
    return delays.entrySet().stream().filter(entry -> !underway.contains(entry.getKey()));
  }

  private Retry view(UploadId id, Delay delay, Instant now) {
    return new Retry(id, delay.reason, delay.failures, now.plusNanos(Math.max(0, untilDue(delay))));
  }
}
