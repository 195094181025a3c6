package dev.spillway.status.checks;

import dev.spillway.status.Level;

/**
 * What one look at one thing has found.
 *
 * @param sentence with the value, without a full stop
 * @param pending whether it could not be looked at yet
 */
record Finding(Level level, String sentence, boolean pending) {

  static Finding of(Level level, String sentence) {
    return new Finding(level, sentence, false);
  }

  static Finding ok(String sentence) {
    return of(Level.OK, sentence);
  }

  /** There are too few samples, or the system does not tell. */
  static Finding unknown(String sentence) {
    return of(Level.UNKNOWN, sentence);
  }

  static Finding pending(String sentence) {
    return new Finding(Level.UNKNOWN, sentence, true);
  }
}
