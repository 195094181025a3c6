package dev.spillway.upkeep;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One way through many items. It asks before each whether the server can afford to go on, and one
 * item that fails does not keep it from the others. One thread uses it, once.
 */
final class Pass {

  private static final Logger log = LoggerFactory.getLogger(Pass.class);

  /** So many in a row are no matter of single items: the disk or the catalogue is gone. */
  private static final int MOST_FAILURES_IN_A_ROW = 20;

  private final Runnable pressure;
  private int examined;
  private int failed;
  private int failedInARow;
  private @Nullable String stoppedBecause;

  /**
   * @param pressure throws when the server needs its strength for other things
   */
  Pass(Runnable pressure) {
    this.pressure = pressure;
  }

  boolean mayGoOn() {
    if (stoppedBecause == null) {
      try {
        pressure.run();
      } catch (RuntimeException e) {
        stop(text(e));
      }
    }
    return stoppedBecause == null;
  }

  /**
   * Deals with an item.
   *
   * @param what what it is called in the log
   */
  void examine(String what, Runnable work) {
    examined++;
    try {
      work.run();
      failedInARow = 0;
    } catch (RuntimeException e) {
      failed++;
      failedInARow++;
      log.warn("{} could not be cleaned up: {}", what, withCauses(e));
      if (failedInARow >= MOST_FAILURES_IN_A_ROW) {
        stop(failedInARow + " failures in a row, the last of them: " + text(e));
      }
    }
  }

  /** Goes no further. The first reason stays. */
  void stop(String reason) {
    if (stoppedBecause == null) {
      stoppedBecause = reason;
    }
  }

  static String text(Throwable e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  private static String withCauses(Throwable e) {
    Throwable cause = e.getCause();
    return cause == null ? e.toString() : e + ", because of " + cause;
  }

  int examined() {
    return examined;
  }

  int failed() {
    return failed;
  }

  boolean complete() {
    return stoppedBecause == null;
  }

  /** Why it did not get to the end; null when it did. */
  @Nullable String stoppedBecause() {
    return stoppedBecause;
  }
}
