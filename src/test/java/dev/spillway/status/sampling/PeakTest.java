package dev.spillway.status.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PeakTest {

  private final Peak peak = new Peak();

  @Test
  void theHighestOfTheLastHourStays() {
    peak.with(7, 0);
    assertThat(peak.with(3, Duration.ofMinutes(59).toNanos())).isEqualTo(7);
  }

  @Test
  void anHourLaterItIsForgotten() {
    peak.with(7, 0);
    assertThat(peak.with(3, Duration.ofMinutes(60).toNanos())).isEqualTo(3);
  }

  @Test
  void aClockThatBeginsBelowZeroIsOne() {
    peak.with(7, Long.MIN_VALUE);
    assertThat(peak.with(9, Long.MIN_VALUE + 1)).isEqualTo(9);
  }
}
