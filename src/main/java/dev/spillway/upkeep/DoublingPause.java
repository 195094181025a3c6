package dev.spillway.upkeep;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Pauses that double with each failure, up to a longest one, and are shortened by chance to no less
 * than half of that: servers that failed together do not come back together. Immutable but for the
 * source of chance; whoever uses it sees to it that one thread does at a time.
 */
final class DoublingPause {

  private static final int MOST_DOUBLINGS = 30;

  private final long first;
  private final long longest;
  private final RandomGenerator random;

  DoublingPause(Duration first, Duration longest, RandomGenerator random) {
    this.first = first.toNanos();
    this.longest = longest.toNanos();
    this.random = random;
  }

  /**
   * How long to wait, in nanoseconds.
   *
   * @param failures how many there have been in a row, at least 1
   */
  long nanos(int failures) {
    long factor = 1L << Math.min(failures - 1, MOST_DOUBLINGS);
    long whole = first > longest / factor ? longest : first * factor;
    return whole - random.nextLong(whole / 2 + 1);
  }
}
