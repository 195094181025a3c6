package dev.spillway.status;

/** How a check has come out. */
public enum Level {
  OK,
  WARNING,
  CRITICAL,
  /** Not measured here, not yet, or by too few samples. */
  UNKNOWN
}
