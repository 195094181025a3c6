package dev.spillway.telemetry;

import java.util.function.LongSupplier;

/** The telemetry that reports nothing. */
final class NoTelemetry implements Telemetry {

  @Override
  public Counter counter(String name) {
    return n -> {};
  }

  @Override
  public Timer timer(String name) {
    return elapsed -> {};
  }

  @Override
  public void gauge(String name, LongSupplier value) {}
}
