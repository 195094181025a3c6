package dev.spillway.memory;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Sums of the last minute, second by second, in a fixed amount of memory. Any thread may call; no
 * call waits longer than for one other.
 */
final class SecondsRing {

  static final int SECONDS = 60;

  private static final long NEVER = -1;

  private final LongSupplier nanos;

  /** Counted from here, seconds are never negative, wherever the clock began. */
  private final long began;

  private final long[] seconds = new long[SECONDS];
  private final long[] sums = new long[SECONDS];

  SecondsRing(LongSupplier nanos) {
    this.nanos = nanos;
    began = nanos.getAsLong();
    Arrays.fill(seconds, NEVER);
  }

  synchronized void add(long amount) {
    long second = second();
    int place = (int) (second % SECONDS);
    if (seconds[place] != second) {
      seconds[place] = second;
      sums[place] = 0;
    }
    sums[place] += amount;
  }

  /** What was added in the last seconds; the one that has begun counts as a whole one. */
  synchronized long sum(int lastSeconds) {
    long second = second();
    long sum = 0;
    for (int place = 0; place < SECONDS; place++) {
      if (seconds[place] != NEVER && seconds[place] > second - lastSeconds) {
        sum += sums[place];
      }
    }
    return sum;
  }

  private long second() {
    return TimeUnit.NANOSECONDS.toSeconds(Math.max(0, nanos.getAsLong() - began));
  }
}
