package dev.spillway.memory;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the collections have shown of the live data in a pool. One thread notes, any thread may ask.
 */
final class LiveViews {

  private static final int CYCLES = 4;

  private final LivePool pool;
  private final LongSupplier nanos;

  // Written by the thread that notes.
  private final LowestOfLast leftByCycles = new LowestOfLast(CYCLES);
  private volatile @Nullable FullView last;
  private volatile long leftByPhase = -1;
  private volatile long leftByPause;

  /**
   * @param cycle whether the collector works beside the program
   * @param bytes empty while there were too few cycles to tell
   */
  private record FullView(boolean cycle, OptionalLong bytes, long at, long count) {}

  LiveViews(LivePool pool, LongSupplier nanos) {
    this.pool = pool;
    this.nanos = nanos;
  }

  /**
   * Takes what a collection has left in the pool.
   *
   * <p>G1 of newer virtual machines lets its pool's "usage after collection" show what is used
   * after a mere phase, garbage and all, which is near the maximum without any need. So there, only
   * what a collection has left counts: one that the pool shows, too, since one of the young
   * generation looks the same otherwise.
   */
  void note(CollectionKind kind, long left) {
    if (kind.phase()) {
      leftByPhase = left;
    } else if (kind.pause() && left == pool.collectedBytes() && left != leftByPhase) {
      leftByPause = left;
    }
    if (kind.fullView()) {
      FullView before = last;
      OptionalLong bytes = kind.pause() ? OptionalLong.of(left) : leftByCycles.with(left);
      long count = before == null ? 1 : before.count() + 1;
      last = new FullView(!kind.pause(), bytes, nanos.getAsLong(), count);
    }
  }

  /**
   * At most so much is live; 0 before the first collection. What a collection left can be much too
   * high when nothing has collected since, and regions may be given back later; then less is used.
   */
  long upperBytes() {
    FullView full = last;
    long left;
    if (full != null && full.cycle()) {
      left = full.bytes().orElse(0);
    } else {
      left = leftByPhase < 0 ? pool.collectedBytes() : leftByPause;
    }
    return Math.min(left, pool.usedBytes());
  }

  OptionalLong exactBytes() {
    FullView full = last;
    return full == null ? OptionalLong.empty() : full.bytes();
  }

  Duration exactAge() {
    FullView full = last;
    return full == null ? Duration.ZERO : Duration.ofNanos(nanos.getAsLong() - full.at());
  }

  long count() {
    FullView full = last;
    return full == null ? 0 : full.count();
  }
}
