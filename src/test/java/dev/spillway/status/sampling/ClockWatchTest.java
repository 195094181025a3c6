package dev.spillway.status.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ClockWatchTest {

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final AtomicLong nanos = new AtomicLong();
  private final InstantSource source = now::get;
  private final Clock clock = source.withZone(ZoneOffset.UTC);
  private final ClockWatch watch = new ClockWatch(clock, nanos::get);

  private void pass(Duration wall, Duration really) {
    now.updateAndGet(instant -> instant.plus(wall));
    nanos.addAndGet(really.toNanos());
  }

  @Test
  void aClockThatRunsEvenlyWasNotSet() {
    pass(Duration.ofSeconds(65), Duration.ofSeconds(60));
    assertThat(watch.look()).isEmpty();
  }

  @Test
  void aJumpIsToldForTenMinutes() {
    pass(Duration.ofHours(-1), Duration.ZERO);
    assertThat(watch.look()).hasValue(Duration.ofHours(-1));
    pass(Duration.ofMinutes(9), Duration.ofMinutes(9));
    assertThat(watch.look()).hasValue(Duration.ofHours(-1));
    pass(Duration.ofMinutes(1), Duration.ofMinutes(1));
    assertThat(watch.look()).isEmpty();
  }
}
