package dev.spillway.dashboard;

import dev.spillway.status.Level;
import dev.spillway.status.Verdict;

/** How a level looks: never by colour alone, always with a shape and a word. */
final class Levels {

  static final String OK = "ok";
  static final String WARNING = "warning";
  static final String CRITICAL = "critical";
  static final String UNKNOWN = "unknown";
  static final String INFO = "info";
  static final String IDLE = "idle";

  private Levels() {}

  static String of(Level level) {
    return switch (level) {
      case OK -> OK;
      case WARNING -> WARNING;
      case CRITICAL -> CRITICAL;
      case UNKNOWN -> UNKNOWN;
    };
  }

  static String of(Verdict.State state) {
    return switch (state) {
      case FAILING -> CRITICAL;
      case DRAINING, STARTING -> INFO;
      case BUSY, DEGRADED -> WARNING;
      case OK -> OK;
      case IDLE -> IDLE;
    };
  }

  /** The word that the headline begins with. */
  static String word(Verdict.State state) {
    return switch (state) {
      case FAILING -> "Failing";
      case DRAINING -> "Draining";
      case STARTING -> "Starting";
      case BUSY -> "Busy";
      case DEGRADED -> "Degraded";
      case OK, IDLE -> "OK";
    };
  }

  static String icon(String level) {
    return switch (level) {
      case OK -> "✓";
      case WARNING -> "▲";
      case CRITICAL -> "✕";
      case INFO -> "●";
      case IDLE -> "○";
      default -> "?";
    };
  }

  /** The file name of the icon of the browser's window. */
  static String windowIcon(String level) {
    return "status-" + level + ".svg";
  }

  /** For those who do not see the icon. */
  static String word(String level) {
    return switch (level) {
      case OK -> "OK";
      case WARNING -> "Warning";
      case CRITICAL -> "Critical";
      case INFO -> "Note";
      case IDLE -> "Idle";
      default -> "Not known";
    };
  }
}
