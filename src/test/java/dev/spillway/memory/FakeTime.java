package dev.spillway.memory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that only a test moves. Its nanoseconds begin below zero: that may be so. */
final class FakeTime extends Clock {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final long FIRST_NANOS = -5_000_000_000L;

  private Duration passed = Duration.ZERO;

  Clocks clocks() {
    return new Clocks(this, this::nanos);
  }

  long nanos() {
    return FIRST_NANOS + passed.toNanos();
  }

  void pass(Duration time) {
    passed = passed.plus(time);
  }

  @Override
  public Instant instant() {
    return START.plus(passed);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException();
  }
}
