package dev.spillway.config;

/** Memory, either as a size of its own or as a share of a limit. Immutable, for any thread. */
public sealed interface MemoryAmount permits DataSize, Percentage {

  /**
   * How many bytes it is where {@code limitBytes} is all there is. It may be more than the limit.
   */
  long of(long limitBytes);
}
