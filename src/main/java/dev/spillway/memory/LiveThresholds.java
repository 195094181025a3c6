package dev.spillway.memory;

import java.util.OptionalLong;

/**
 * From how many live bytes on the heap is a worry, and from how many on new work is refused. Both
 * are the lower of a share of the live data's own pool and a fixed size.
 *
 * @param warningShare of the pool, from 0 to 1
 * @param criticalShare of the pool, not below {@code warningShare}
 * @param warningBytes fixed; empty for none
 * @param criticalBytes fixed; empty for none
 */
public record LiveThresholds(
    double warningShare,
    double criticalShare,
    OptionalLong warningBytes,
    OptionalLong criticalBytes) {

  /**
   * A level is left at seven eighths of where it was entered. That is 10 points at 80 percent: more
   * than one mixed collection frees or leaves behind, and less than a useful part of the heap.
   */
  private static final double LEFT_AT = 7.0 / 8;

  /** At this share of its pool there is no time left to make sure. */
  private static final double IMMINENT_SHARE = 0.97;

  /**
   * A default fixed size counts where it is at least half of the pool. On a larger heap, it would
   * refuse work while most of the memory is free.
   *
   * @param fixed one gigabyte, two gigabytes
   */
  public static OptionalLong whereItFits(long fixed, long poolMaxBytes) {
    return fixed >= poolMaxBytes / 2 ? OptionalLong.of(fixed) : OptionalLong.empty();
  }

  /** From here on it is a worry. */
  public long warning(long poolMaxBytes) {
    return lower(warningShare, warningBytes, poolMaxBytes);
  }

  /** Below this it is no worry any more. */
  public long warningEnds(long poolMaxBytes) {
    return (long) (warning(poolMaxBytes) * LEFT_AT);
  }

  /** From here on new work is refused, once a full collection has confirmed it. */
  public long critical(long poolMaxBytes) {
    return lower(criticalShare, criticalBytes, poolMaxBytes);
  }

  /** From here down new work is let in again. */
  public long criticalEnds(long poolMaxBytes) {
    return (long) (critical(poolMaxBytes) * LEFT_AT);
  }

  /** From here on new work is refused at once, without waiting for a full collection. */
  public static long imminent(long poolMaxBytes) {
    return (long) (poolMaxBytes * IMMINENT_SHARE);
  }

  private static long lower(double share, OptionalLong fixed, long poolMaxBytes) {
    long relative = (long) (poolMaxBytes * share);
    return Math.min(relative, fixed.orElse(relative));
  }
}
