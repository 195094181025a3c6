package dev.spillway.config;

/**
 * Memory: a size of its own, a share of a limit, or what the server works out. Immutable, for any
 * thread.
 */
public sealed interface MemoryAmount permits DataSize, Percentage, Automatic {

  /** What the server works out. */
  MemoryAmount AUTO = Automatic.AUTO;

  /**
   * How many bytes it is. It may be more than the limit.
   *
   * @param limitBytes all there is
   * @param automaticBytes what the server has worked out
   */
  long of(long limitBytes, long automaticBytes);
}
