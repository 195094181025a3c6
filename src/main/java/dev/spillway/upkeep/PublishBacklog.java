package dev.spillway.upkeep;

import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the uploads that wait to be published: the next few, the oldest first, and those
 * that are tried again later. All the others are in the catalogue only, so that ten thousand cost
 * no more than a hundred.
 *
 * <p>Whoever uses it sees to it that one thread does at a time.
 */
final class PublishBacklog {

  /**
   * How many are fetched beyond those that are known already. Few, as an old one whose time has
   * come waits for all of them.
   */
  static final int PAGE = 8;

  static final String FULL =
      PublishDelays.MOST
          + " files have failed one by one, so only those are tried until one arrives or is given"
          + " up";

  /** Looking again at once for what was not found finds nothing either. */
  private static final long BETWEEN_VAIN_LOOKS = Duration.ofSeconds(1).toNanos();

  private final LongSupplier nanos;
  private final Deque<Upload> next = new ArrayDeque<>();
  private final PublishDelays delays;

  /** Those that have come off the way while somebody looks: what is found may know them still. */
  private final Set<UploadId> endedMeanwhile = new HashSet<>();

  /** About since when those have waited that were beyond the last page; null when none was. */
  private @Nullable Instant beyond;

  private boolean stale = true;
  private long vainUntil;

  /** What somebody does now; null when nobody looks. */
  private @Nullable Look looking;

  private long looks;

  /**
   * A look into the catalogue.
   *
   * @param number no two have the same
   * @param limit how many to ask for
   * @param any whether one whose time has not come is better than none
   */
  record Look(long number, int limit, boolean any) {}

  PublishBacklog(LongSupplier nanos, RandomGenerator random) {
    this.nanos = nanos;
    this.delays = new PublishDelays(nanos, random);
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
    return looking == null;
  }

  /**
   * Whether somebody has to look into the catalogue.
   *
   * @param any whether one whose time has not come is better than none
   */
  boolean isLookNeeded(boolean any) {
    if (looking != null || !next.isEmpty()) {
      return false;
    }
    return stale || (nanos.getAsLong() - vainUntil >= 0 && delays.isOneToBeTried(any));
  }

  /**
   * What has to be looked for.
   *
   * @param any as of {@link #isLookNeeded}
   */
  Look look(int underway, boolean any) {
    looks++;
    // So many may be in the way of the next ones.
    return new Look(looks, delays.size() + underway + PAGE, any);
  }

  /** Somebody looks, without keeping others from coming and going. */
  void begin(Look look) {
    looking = look;
    stale = false;
    endedMeanwhile.clear();
  }

  /** Nobody could look. */
  void lookFailed() {
    looking = null;
    stale = true;
  }

  /** Whether this is what somebody does now. */
  boolean isLooking(Look look) {
    return look.equals(looking);
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
    looking = null;
    int limit = look.limit();
    forgetWhatIsGone(found, limit, underway);
    Set<UploadId> known = next.stream().map(Upload::id).collect(Collectors.toSet());
    known.addAll(underway);
    known.addAll(endedMeanwhile);
    endedMeanwhile.clear();
    List<Upload> others = found.stream().filter(upload -> !known.contains(upload.id())).toList();
    List<Upload> ready = others.stream().filter(this::isReady).toList();
    if (look.any()) {
      addTrials(others, ready);
    }
    if (next.isEmpty()) {
      ready.stream().limit(look.any() ? 1 : PAGE).forEach(this::add);
    }
    if (next.isEmpty()) {
      vainUntil = nanos.getAsLong() + BETWEEN_VAIN_LOOKS;
    }
    boolean isMore = !next.isEmpty() && (found.size() == limit || ready.size() > PAGE);
    beyond = isMore ? next.getLast().lastActivityAt() : null;
    stale |= isMore;
    return !next.isEmpty();
  }

  /** What has failed here would use up the trials: it comes only where there is nothing else. */
  private void addTrials(List<Upload> others, List<Upload> ready) {
    ready.stream()
        .filter(upload -> !delays.hasFailedHere(upload.id()))
        .limit(PAGE)
        .forEach(this::add);
    if (next.isEmpty()) {
      others.stream()
          .filter(upload -> delays.mayBeTrial(upload.id()))
          .min(Comparator.comparingLong(upload -> delays.untilDue(upload.id())))
          .ifPresent(this::add);
    }
  }

  private void forgetWhatIsGone(List<Upload> found, int limit, Collection<UploadId> underway) {
    Set<UploadId> there = found.stream().map(Upload::id).collect(Collectors.toSet());
    Predicate<Instant> shouldBeThere =
        found.size() < limit
            ? since -> true
            : since -> since.isBefore(found.get(limit - 1).lastActivityAt());
    delays.forgetIf(
        (id, since) -> shouldBeThere.test(since) && !there.contains(id) && !underway.contains(id));
  }

  private boolean isReady(Upload upload) {
    return delays.knows(upload.id()) ? delays.untilDue(upload.id()) <= 0 : !isFull();
  }

  private void add(Upload upload) {
    next.add(upload);
    delays.take(upload.id());
  }

  /** It has not arrived, and is tried again later. */
  void delay(Upload upload, boolean becauseOfDestination, String why) {
    delays.add(upload, becauseOfDestination, why);
    ended(upload.id());
  }

  /** It has arrived, or is nobody's concern any more. */
  void forget(UploadId id) {
    delays.forget(id);
    ended(id);
  }

  private void ended(UploadId id) {
    if (looking != null) {
      endedMeanwhile.add(id);
    }
  }

  /** The destination takes files again: nobody has to wait because of it, the oldest least. */
  void destinationIsBack() {
    next.forEach(upload -> delays.untake(upload.id()));
    next.clear();
    delays.destinationIsBack();
    stale = true;
    vainUntil = nanos.getAsLong();
  }

  /** Whether so many have failed that only they are tried. */
  boolean isFull() {
    return delays.isFull();
  }

  /** In how many nanoseconds the next one's time comes, if there is one whose has not. */
  OptionalLong untilNextDue() {
    long now = nanos.getAsLong();
    return LongStream.concat(delays.untilDue(), LongStream.of(vainUntil - now))
        .filter(until -> until > 0)
        .min();
  }

  /** How many are known to wait. There may be more. */
  int known() {
    return next.size() + delays.waiting();
  }

  /** Those that have failed. */
  PublishDelays delays() {
    return delays;
  }

  /**
   * Since when the oldest waits; empty when there is none. One on its way counts when it has failed
   * before: while the destination is away, that is the oldest of all.
   */
  Optional<Instant> oldest() {
    Stream<Instant> others =
        next.isEmpty() ? Stream.ofNullable(beyond) : Stream.of(next.getFirst().lastActivityAt());
    return Stream.concat(others, delays.waitingSince()).min(Comparator.naturalOrder());
  }
}
