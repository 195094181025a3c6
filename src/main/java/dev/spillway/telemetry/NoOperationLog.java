package dev.spillway.telemetry;

import java.util.function.Supplier;

/** The operation log that reports nothing. */
final class NoOperationLog implements OperationLog {

  @Override
  public <T> T logged(String operation, Supplier<T> work) {
    return work.get();
  }
}
