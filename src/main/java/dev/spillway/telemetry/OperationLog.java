package dev.spillway.telemetry;

import java.util.function.Supplier;

/** Where heavy operations report what they did to memory. Any thread may call. */
public interface OperationLog {

  /** Runs the work and reports nothing. */
  OperationLog NONE = new NoOperationLog();

  /**
   * Runs the work on the calling thread and reports what memory was used before and after. What the
   * work throws comes out unchanged.
   *
   * @param operation what it is, in words for the log; nothing that a client chooses
   */
  <T> T logged(String operation, Supplier<T> work);
}
