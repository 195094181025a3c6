package dev.spillway.telemetry;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The telemetry that reports nothing. */
final class NoTelemetry implements Telemetry {

  @Override
  public Counter counter(String name, String help) {
    return new NoCounter();
  }

  @Override
  public Timer timer(String name, String help) {
    return new NoTimer();
  }

  @Override
  public void gauge(String name, String help, LongSupplier value) {}

  @Override
  public void measure(String name, String help, Supplier<OptionalDouble> value) {}

  @Override
  public Telemetry labelled(String key, String value) {
    return this;
  }

  @Override
  public Counter bound(String name, Supplier<Occupancy> now) {
    return new NoCounter();
  }

  private static final class NoCounter implements Counter {

    @Override
    public void add(long n) {}

    @Override
    public long total() {
      return 0;
    }
  }

  private static final class NoTimer implements Timer {

    @Override
    public void record(Duration elapsed) {}

    @Override
    public Quantiles quantiles() {
      return Quantiles.NONE;
    }
  }
}
