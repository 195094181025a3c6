package dev.spillway.memory;

import java.time.Duration;

/**
 * Asks for collections while new work is refused: then nothing allocates any more, so nothing
 * collects, and what was freed long ago still seems to be live. Guarded by its owner.
 *
 * <p>The pause doubles from a second on, while the asking takes more than a twentieth of the time.
 * So a small heap recovers within seconds however long it was full, and a large one, where a
 * collection stops the program for seconds, is left alone for up to a minute.
 */
final class RecoveryAsks {

  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LAST_WHEN_CHEAP = Duration.ofSeconds(2);
  private static final Duration LAST = Duration.ofSeconds(60);
  private static final int TIMES_ITS_COST = 20;

  private final ProbeCollections probes;

  private Duration pause = FIRST;
  private long quietSince;
  private long viewsSeen;

  RecoveryAsks(ProbeCollections probes) {
    this.probes = probes;
  }

  /** New work is refused from now on. */
  void begin(LiveHeap heap, long now) {
    pause = FIRST;
    quietSince = now;
    viewsSeen = heap.fullCollections();
  }

  /** Asks, unless a full collection has come by itself not long ago. */
  void look(LiveHeap heap, long now) {
    if (heap.fullCollections() != viewsSeen) {
      viewsSeen = heap.fullCollections();
      quietSince = now;
    }
    if (now - quietSince >= pause.toNanos() && probes.request(ProbeCollections.RECOVERY, pause)) {
      quietSince = now;
      pause = least(pause.multipliedBy(2), longest());
    }
  }

  private Duration longest() {
    Duration cost = probes.last().map(ProbeCollections.Effect::took).orElse(Duration.ZERO);
    Duration wanted = cost.multipliedBy(TIMES_ITS_COST);
    return least(wanted.compareTo(LAST_WHEN_CHEAP) > 0 ? wanted : LAST_WHEN_CHEAP, LAST);
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
