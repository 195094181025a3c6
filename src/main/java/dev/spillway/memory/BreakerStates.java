package dev.spillway.memory;

import dev.spillway.memory.MemoryCircuitBreaker.State;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breaker's states and what leads from one to the other. Looks are guarded by the
 * breaker; the state and the permits of a trial may be asked for by any thread.
 */
final class BreakerStates {

  private static final Duration SHORTEST_OPEN = Duration.ofSeconds(1);
  private static final Duration OPEN_WITHOUT_MEMORY = Duration.ofSeconds(10);

  /** One can be a single request that was too large; two are a shortage. */
  private static final Duration TWO_WITHIN = Duration.ofMinutes(1);

  /** Longer than a collection of a small heap, and than a report of one takes. */
  private static final Duration SURE_AFTER = Duration.ofSeconds(1);

  /** After a recent trip, a suspicion is probably right, and a probe worth its price. */
  private static final Duration WARY_PAUSE = Duration.ofSeconds(1);

  private static final Duration FIRST_TRICKLE = Duration.ofSeconds(10);
  private static final Duration LAST_TRICKLE = Duration.ofSeconds(60);

  private final LiveThresholds thresholds;
  private final ProbeCollections probes;
  private final RecoveryAsks recovery;
  private final LongSupplier nanos;
  private final SlowStart slowStart = new SlowStart();

  private volatile State state = State.CLOSED;
  private volatile Trial trial;

  private boolean suspect;
  private long viewsAtSuspicion;
  private @Nullable Long sureSince;
  private long stallsSeen = -1;
  private long unseenSince;
  private long openUntil;
  private long viewsBefore;
  private Duration trickleAfter = FIRST_TRICKLE;
  private @Nullable Long outOfMemoryAt;

  /** A change of state, and why. */
  record Turn(State to, String why) {}

  BreakerStates(LiveThresholds thresholds, ProbeCollections probes, LongSupplier nanos) {
    this.thresholds = thresholds;
    this.probes = probes;
    this.nanos = nanos;
    recovery = new RecoveryAsks(probes);
    trial = Trial.of(nanos.getAsLong(), Duration.ZERO);
  }

  State state() {
    return state;
  }

  /** Whether there is a permit left for one operation more, while half open. */
  boolean admits() {
    return trial.admits(nanos.getAsLong());
  }

  boolean suspects() {
    return suspect;
  }

  /** Judges what was seen; null when nothing changes. */
  @Nullable Turn look(LiveHeap heap) {
    boolean newStalls = stallsSeen >= 0 && heap.stalls() > stallsSeen;
    stallsSeen = heap.stalls();
    Signs signs = new Signs(heap, thresholds, newStalls);
    long now = nanos.getAsLong();
    return switch (state) {
      case CLOSED -> whileClosed(signs, now);
      case OPEN -> whileOpen(signs, now);
      case HALF_OPEN -> trial.isTrickle() ? whileTrickling(signs, now) : whileTrying(signs, now);
    };
  }

  /** An operation had no memory. */
  @Nullable Turn outOfMemory(LiveHeap heap) {
    long now = nanos.getAsLong();
    boolean second = outOfMemoryAt != null && now - outOfMemoryAt <= TWO_WITHIN.toNanos();
    outOfMemoryAt = now;
    if (!second) {
      return null;
    }
    Signs signs = new Signs(heap, thresholds, false);
    Turn turn =
        state == State.OPEN ? null : open("operations had no memory twice in a minute", signs, now);
    openUntil = now + OPEN_WITHOUT_MEMORY.toNanos();
    return turn;
  }

  private @Nullable Turn whileClosed(Signs signs, long now) {
    Optional<String> distress = signs.distress();
    if (distress.isPresent()) {
      return open(distress.get(), signs, now);
    }
    long views = signs.heap().fullCollections();
    if (!signs.critical()) {
      suspect = false;
      sureSince = null;
      return null;
    }
    if (!suspect) {
      suspect = true;
      viewsAtSuspicion = views;
    }
    if (signs.confirmedAfter(viewsAtSuspicion)) {
      return open("a full collection has confirmed it", signs, now);
    }
    // What was seen since the suspicion was mostly garbage: only a newer view can confirm it.
    viewsAtSuspicion = views;
    return suspected(signs, now);
  }

  /**
   * A suspicion that nothing has confirmed. G1 may leave a heap full of garbage when it cannot
   * evacuate, and cleans it up milliseconds later; so even what is imminent has to last a second.
   */
  private @Nullable Turn suspected(Signs signs, long now) {
    boolean blind = probes.blind();
    boolean sure = signs.imminent() || (blind && signs.criticalToTheBlind());
    if (!sure) {
      sureSince = null;
    } else if (sureSince == null) {
      sureSince = now;
    } else if (now - sureSince >= SURE_AFTER.toNanos() && (blind || !probes.underWay())) {
      return open("it has lasted, and no full collection has shown that it is garbage", signs, now);
    }
    if (sure || slowStart.closedSoonBefore(now)) {
      probes.request(ProbeCollections.SUSPICION, WARY_PAUSE);
    } else {
      probes.request(ProbeCollections.SUSPICION);
    }
    return null;
  }

  private @Nullable Turn whileOpen(Signs signs, long now) {
    if (!signs.low()) {
      recovery.look(signs.heap(), now);
    }
    if (signs.heap().fullCollections() != viewsBefore) {
      viewsBefore = signs.heap().fullCollections();
      unseenSince = now;
    }
    if (now - openUntil < 0) {
      return null;
    }
    if (signs.recovered()) {
      trial = Trial.of(now, signs.roomy() ? SlowStart.SHORTEST : slowStart.length());
      return turn(State.HALF_OPEN, "memory was freed", signs);
    }
    if (probes.blind() && now - unseenSince >= trickleAfter.toNanos()) {
      trial = Trial.trickle(now);
      return turn(State.HALF_OPEN, "no full collection is to be had; one request a second", signs);
    }
    return null;
  }

  /** The figure may be an old one, until a collection comes by itself. */
  private @Nullable Turn whileTrickling(Signs signs, long now) {
    if (signs.recovered()) {
      trial = Trial.of(now, slowStart.length());
      return null;
    }
    boolean confirmed = signs.confirmedAfter(viewsBefore);
    Optional<String> relapse =
        confirmed ? Optional.of("a full collection has confirmed it") : signs.struggle();
    if (relapse.isEmpty()) {
      return null;
    }
    Duration twice = trickleAfter.multipliedBy(2);
    trickleAfter = twice.compareTo(LAST_TRICKLE) < 0 ? twice : LAST_TRICKLE;
    return open(relapse.get(), signs, now);
  }

  private @Nullable Turn whileTrying(Signs signs, long now) {
    Optional<String> relapse =
        signs.distress().or(() -> critical(signs, "it has come back in the trial"));
    if (relapse.isPresent()) {
      return open(relapse.get(), signs, now);
    }
    if (!trial.over(now)) {
      return null;
    }
    suspect = false;
    trickleAfter = FIRST_TRICKLE;
    slowStart.closed(now);
    return turn(State.CLOSED, "memory has lasted for the trial", signs);
  }

  private static Optional<String> critical(Signs signs, String why) {
    return signs.critical() ? Optional.of(why) : Optional.empty();
  }

  private Turn open(String why, Signs signs, long now) {
    slowStart.opened(now, state == State.HALF_OPEN);
    suspect = false;
    sureSince = null;
    unseenSince = now;
    openUntil = now + SHORTEST_OPEN.toNanos();
    viewsBefore = signs.heap().fullCollections();
    recovery.begin(signs.heap(), now);
    return turn(State.OPEN, why, signs);
  }

  private Turn turn(State to, String why, Signs signs) {
    state = to;
    return new Turn(to, why + ": " + signs.figures());
  }
}
