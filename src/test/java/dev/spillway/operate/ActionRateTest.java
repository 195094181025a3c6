package dev.spillway.operate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ActionRateTest {

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE);
  private final ActionRate rate = new ActionRate(2, nanos::get);

  private boolean takeAfter(Duration time) {
    nanos.addAndGet(time.toNanos());
    return rate.take();
  }

  @Test
  void noMinuteHasMoreThanAllowedWhereverItBegins() {
    assertThat(takeAfter(Duration.ZERO)).isTrue();
    assertThat(takeAfter(Duration.ofSeconds(50))).isTrue();
    assertThat(takeAfter(Duration.ofSeconds(9))).isFalse();
    assertThat(takeAfter(Duration.ofSeconds(1))).isTrue();
    assertThat(takeAfter(Duration.ofSeconds(49))).isFalse();
    assertThat(takeAfter(Duration.ofSeconds(1))).isTrue();
  }

  @Test
  void whatIsRefusedDoesNotCount() {
    rate.take();
    rate.take();
    for (int i = 0; i < 59; i++) {
      assertThat(takeAfter(Duration.ofSeconds(1))).isFalse();
    }
    assertThat(takeAfter(Duration.ofSeconds(1))).isTrue();
  }
}
