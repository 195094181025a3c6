package dev.spillway.status.sampling;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether somebody has set the clock: the age of uploads is told by it. One thread uses it, for
 * each sample once.
 */
final class ClockWatch {

  private static final Duration TOLERANCE = Duration.ofSeconds(5);
  private static final Duration TOLD = Duration.ofMinutes(10);

  private final Clock clock;
  private final LongSupplier nanos;
  private Instant at;
  private long nanosAt;
  private @Nullable Duration jump;
  private long jumpedAt;

  ClockWatch(Clock clock, LongSupplier nanos) {
    this.clock = clock;
    this.nanos = nanos;
    this.at = clock.instant();
    this.nanosAt = nanos.getAsLong();
  }

  /** By how much the clock was set in the last ten minutes; negative for back. */
  Optional<Duration> look() {
    Instant now = clock.instant();
    long nanosNow = nanos.getAsLong();
    Duration difference = Duration.between(at, now).minusNanos(nanosNow - nanosAt);
    at = now;
    nanosAt = nanosNow;
    if (difference.abs().compareTo(TOLERANCE) > 0) {
      jump = difference;
      jumpedAt = nanosNow;
    }
    return nanosNow - jumpedAt < TOLD.toNanos() ? Optional.ofNullable(jump) : Optional.empty();
  }
}
