package dev.spillway.memory;

import java.time.Duration;

/**
 * How long to leave the heap alone between two probes. While they find mostly garbage, a suspicion
 * is not worth much, and the pause doubles. Guarded by its owner.
 */
final class ProbePause {

  static final Duration SHORTEST = Duration.ofSeconds(10);
  static final Duration LONGEST = Duration.ofSeconds(60);

  /** What a collection leaves behind or moves about is less than an eighth. */
  private static final double NOT_LESS = 7.0 / 8;

  private Duration now = SHORTEST;

  Duration now() {
    return now;
  }

  /**
   * Learns from a probe.
   *
   * @param before what was suspected; before the first collection that is all that is used
   * @param after what was seen when the probe had ended
   */
  void learn(LiveHeap before, LiveHeap after) {
    long suspected = before.upperBytes() > 0 ? before.upperBytes() : before.usedBytes();
    long live = after.exactBytes().orElse(after.upperBytes());
    if (live < suspected * NOT_LESS) {
      Duration twice = now.multipliedBy(2);
      now = twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
    } else {
      now = SHORTEST;
    }
  }
}
