package dev.spillway.upkeep;

import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is known of the uploads that wait to be published: the next few, the oldest first, and those
 * that are tried again later. All the others are in the catalogue only, so that ten thousand cost
 * no more than a hundred.
 *
 * <p>Whoever uses it sees to it that one thread does at a time.
 */
final class PublishBacklog {

  /** How many are fetched beyond those that are known already. */
  static final int PAGE = 64;

  /**
   * When so many files fail one by one, it is not the files. Until one of them gets through, only
   * they are tried, at their times.
   */
  static final int MOST_DELAYED = 1000;

  static final String FULL =
      MOST_DELAYED + " files have failed one by one, so only those are tried until one arrives";

  static final Duration FIRST_DELAY = Duration.ofSeconds(1);
  static final Duration LONGEST_DELAY = Duration.ofMinutes(5);

  /** Looking again at once for what was not found finds nothing either. */
  private static final long BETWEEN_VAIN_LOOKS = Duration.ofSeconds(1).toNanos();

  private final LongSupplier nanos;
  private final DoublingPause delays;
  private final Deque<Upload> next = new ArrayDeque<>();
  private final Map<UploadId, Delay> delayed = new HashMap<>();

  /** Those that have come off the way while somebody looks: what is found may know them still. */
  private final Set<UploadId> endedMeanwhile = new HashSet<>();

  private boolean stale = true;
  private boolean looking;
  private long vainUntil;

  /**
   * A look into the catalogue.
   *
   * @param limit how many to ask for
   * @param any whether one whose time has not come is better than none
   */
  record Look(int limit, boolean any) {}

  /** An upload that has failed before. */
  private static final class Delay {
    private final Instant waitingSince;
    private int failures;
    private long due;
    private boolean destination;

    /** Whether it is among the next ones, or on its way. */
    private boolean taken;

    private Delay(Instant waitingSince) {
      this.waitingSince = waitingSince;
    }
  }

  PublishBacklog(LongSupplier nanos, RandomGenerator random) {
    this.nanos = nanos;
    this.delays = new DoublingPause(FIRST_DELAY, LONGEST_DELAY, random);
    this.vainUntil = nanos.getAsLong();
  }

  /**
   * There may be something that is not known here.
   *
   * @return whether that is news
   */
  boolean workCame() {
    boolean news = !stale;
    stale = true;
    return news;
  }

  /** Takes the oldest one that is to be tried; empty when none is known. */
  Optional<Upload> take() {
    return Optional.ofNullable(next.poll());
  }

  /** It has been taken, but was not begun. */
  void putBack(Upload upload) {
    next.addFirst(upload);
  }

  /** Whether nobody looks now. */
  boolean mayLook() {
    return !looking;
  }

  /**
   * Whether somebody has to look into the catalogue.
   *
   * @param any whether one whose time has not come is better than none
   */
  boolean isLookNeeded(boolean any) {
    if (looking || !next.isEmpty()) {
      return false;
    }
    return stale || (nanos.getAsLong() - vainUntil >= 0 && hasDelayed(any));
  }

  private boolean hasDelayed(boolean any) {
    return untaken().anyMatch(delay -> any || isDue(delay));
  }

  private boolean isDue(Delay delay) {
    return delay.due - nanos.getAsLong() <= 0;
  }

  private Stream<Delay> untaken() {
    return delayed.values().stream().filter(delay -> !delay.taken);
  }

  /**
   * Somebody looks, without keeping others from coming and going.
   *
   * @param any as of {@link #isLookNeeded}
   */
  Look look(int underway, boolean any) {
    looking = true;
    stale = false;
    endedMeanwhile.clear();
    // So many may be in the way of the next ones.
    return new Look(delayed.size() + underway + PAGE, any);
  }

  /** Nobody could look. */
  void lookFailed() {
    looking = false;
    stale = true;
  }

  /**
   * Takes in what was found.
   *
   * @param found the oldest ones
   * @param look what was looked for
   * @param underway those that are on their way
   * @return whether there is something to do now
   */
  boolean found(List<Upload> found, Look look, Set<UploadId> underway) {
    looking = false;
    int limit = look.limit();
    forgetWhatIsGone(found, limit, underway);
    Set<UploadId> known = next.stream().map(Upload::id).collect(Collectors.toSet());
    known.addAll(underway);
    known.addAll(endedMeanwhile);
    endedMeanwhile.clear();
    List<Upload> others = found.stream().filter(upload -> !known.contains(upload.id())).toList();
    List<Upload> ready = others.stream().filter(this::isReady).toList();
    ready.stream().limit(PAGE).forEach(this::add);
    if (next.isEmpty() && look.any()) {
      others.stream()
          .filter(upload -> delayed.containsKey(upload.id()))
          .min(Comparator.comparingLong(upload -> untilDue(upload.id())))
          .ifPresent(this::add);
    }
    if (next.isEmpty()) {
      vainUntil = nanos.getAsLong() + BETWEEN_VAIN_LOOKS;
    } else if (found.size() == limit || ready.size() > PAGE) {
      stale = true;
    }
    return !next.isEmpty();
  }

  private void forgetWhatIsGone(List<Upload> found, int limit, Collection<UploadId> underway) {
    Set<UploadId> there = found.stream().map(Upload::id).collect(Collectors.toSet());
    Predicate<Delay> shouldBeThere =
        found.size() < limit
            ? delay -> true
            : delay -> delay.waitingSince.isBefore(found.get(limit - 1).lastActivityAt());
    delayed
        .entrySet()
        .removeIf(
            entry ->
                shouldBeThere.test(entry.getValue())
                    && !there.contains(entry.getKey())
                    && !underway.contains(entry.getKey()));
  }

  private boolean isReady(Upload upload) {
    Delay delay = delayed.get(upload.id());
    return delay == null ? !isFull() : isDue(delay);
  }

  private long untilDue(UploadId id) {
    Delay delay = delayed.get(id);
    return delay == null ? 0 : delay.due - nanos.getAsLong();
  }

  private void add(Upload upload) {
    next.add(upload);
    Delay delay = delayed.get(upload.id());
    if (delay != null) {
      delay.taken = true;
    }
  }

  /**
   * It has not arrived, and is tried again later.
   *
   * @return how often it has failed
   */
  int delay(Upload upload, boolean becauseOfDestination) {
    Delay delay =
        delayed.computeIfAbsent(upload.id(), unused -> new Delay(upload.lastActivityAt()));
    delay.failures++;
    delay.due = nanos.getAsLong() + delays.nanos(delay.failures);
    delay.destination = becauseOfDestination;
    delay.taken = false;
    ended(upload.id());
    return delay.failures;
  }

  /** It has arrived, or is nobody's concern any more. */
  void forget(UploadId id) {
    delayed.remove(id);
    ended(id);
  }

  private void ended(UploadId id) {
    if (looking) {
      endedMeanwhile.add(id);
    }
  }

  /** The destination takes files again: nobody has to wait because of it. */
  void destinationIsBack() {
    long now = nanos.getAsLong();
    untaken().filter(delay -> delay.destination).forEach(delay -> delay.due = now);
    vainUntil = now;
  }

  /** Whether so many have failed that only they are tried. */
  boolean isFull() {
    return delayed.size() >= MOST_DELAYED;
  }

  /** In how many nanoseconds the next one's time comes, if there is one whose has not. */
  OptionalLong untilNextDue() {
    long now = nanos.getAsLong();
    return Stream.concat(untaken().map(delay -> delay.due), Stream.of(vainUntil))
        .mapToLong(due -> due - now)
        .filter(until -> until > 0)
        .min();
  }

  /** How many are known to wait. There may be more. */
  int known() {
    return next.size() + (int) untaken().count();
  }

  /** Since when the oldest of those waits; empty when there is none. */
  Optional<Instant> oldest() {
    return Stream.concat(
            next.stream().limit(1).map(Upload::lastActivityAt),
            untaken().map(delay -> delay.waitingSince))
        .min(Comparator.naturalOrder());
  }
}
