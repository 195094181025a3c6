package dev.spillway.memory;

/** How the memory is, for people and alarms. */
public enum MemoryLevel {
  NORMAL,
  /** Worth a look; nothing is refused for it. */
  WARNING,
  /** The circuit breaker is not closed: new work is refused. */
  CRITICAL
}
