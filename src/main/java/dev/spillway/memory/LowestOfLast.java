package dev.spillway.memory;

import java.util.Arrays;
import java.util.OptionalLong;

/**
 * The lowest of the last few values. A collector that works beside the program leaves what is live
 * and what the program has allocated meanwhile, which can be half of a small heap; the lowest of
 * some cycles is nearest to the truth. Near the limit cycles follow each other quickly, so it is
 * not late. Guarded by its owner.
 */
final class LowestOfLast {

  private static final long UNKNOWN = -1;

  private final long[] values;
  private int next;

  LowestOfLast(int count) {
    values = new long[count];
    Arrays.fill(values, UNKNOWN);
  }

  /** Takes one more, and tells the lowest; empty until there are as many as it looks at. */
  OptionalLong with(long value) {
    values[next] = value;
    next = (next + 1) % values.length;
    long lowest = Arrays.stream(values).min().orElse(UNKNOWN);
    return lowest == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(lowest);
  }
}
