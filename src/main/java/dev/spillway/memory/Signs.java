package dev.spillway.memory;

import java.util.Locale;
import java.util.Optional;

/**
 * What one look at the heap means to the circuit breaker.
 *
 * @param newStalls whether threads have waited for memory since the look before
 */
record Signs(LiveHeap heap, LiveThresholds thresholds, boolean newStalls) {

  /** More than half of the time: the program hardly gets on. */
  private static final double MOSTLY_PAUSED = 0.5;

  private static final double CALM = 0.25;

  /** Where live data cannot be told from garbage, only so much is sure to be trouble. */
  private static final double BLIND_SHARE = 0.95;

  private static final double PERCENT = 100;

  boolean critical() {
    return reaches(limit());
  }

  /** From here on it is critical; never above what is imminent. */
  private long limit() {
    long max = heap.maxBytes();
    return Math.min(thresholds.critical(max), LiveThresholds.imminent(max));
  }

  /** Whether there is a full view newer than those, and it is critical, too. */
  boolean confirmedAfter(long fullCollections) {
    return heap.fullCollections() > fullCollections && heap.exactBytes().orElse(0) >= limit();
  }

  boolean criticalToTheBlind() {
    return reaches((long) (heap.maxBytes() * BLIND_SHARE));
  }

  /** So full that the next full collection may be the last. */
  boolean imminent() {
    return reaches(LiveThresholds.imminent(heap.maxBytes()));
  }

  /** What needs no confirmation. */
  Optional<String> distress() {
    boolean seen =
        heap.exactBytes().orElse(0) >= LiveThresholds.imminent(heap.maxBytes()) && imminent();
    return seen ? Optional.of("there is no room left") : struggle();
  }

  /**
   * What shows that memory is short, beside the bytes. A busy machine makes pauses long and lets
   * threads wait for a collector that gets no processor; so neither is ever enough by itself. A
   * wait only makes it unnecessary to confirm what is critical: ZGC leaves pages alone that are
   * mostly live, and was seen to show 70 percent while 49 were live.
   */
  Optional<String> struggle() {
    if (newStalls && critical()) {
      return Optional.of("threads wait for memory");
    }
    return heap.pauseShare() > MOSTLY_PAUSED && !low()
        ? Optional.of("collections stop the program most of the time")
        : Optional.empty();
  }

  /** In an empty heap, the pauses of the last seconds belong to what was there before. */
  boolean recovered() {
    return low() && (heap.pauseShare() <= CALM || roomy());
  }

  /** No longer critical, whatever the collecting costs. */
  boolean low() {
    return heap.upperBytes() < thresholds.criticalEnds(heap.maxBytes());
  }

  /** It takes a while to fill this again. */
  boolean roomy() {
    return heap.upperBytes() < thresholds.critical(heap.maxBytes()) / 2;
  }

  /** Before the first collection, nothing is known. */
  private boolean reaches(long bytes) {
    return heap.upperBytes() > 0 && heap.upperBytes() >= bytes;
  }

  /** The numbers, for people. */
  String figures() {
    return String.format(
        Locale.ROOT,
        "at most %d of %d MiB of %s are live; critical from %d MiB, over below %d MiB;"
            + " collections took %.0f %% of ten seconds",
        heap.upperBytes() >> 20,
        heap.maxBytes() >> 20,
        heap.pool(),
        thresholds.critical(heap.maxBytes()) >> 20,
        thresholds.criticalEnds(heap.maxBytes()) >> 20,
        heap.pauseShare() * PERCENT);
  }
}
