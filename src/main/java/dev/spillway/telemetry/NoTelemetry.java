package dev.spillway.telemetry;

import java.time.Duration;
import java.util.function.LongSupplier;

/** The telemetry that reports nothing. */
final class NoTelemetry implements Telemetry {

  @Override
  public Counter counter(String name) {
    return n -> {};
  }

  @Override
  public Timer timer(String name) {
    return new NoTimer();
  }

  @Override
  public void gauge(String name, LongSupplier value) {}

  private static final class NoTimer implements Timer {

    @Override
    public void record(Duration elapsed) {}

    @Override
    public Quantiles quantiles() {
      return Quantiles.NONE;
    }
  }
}
