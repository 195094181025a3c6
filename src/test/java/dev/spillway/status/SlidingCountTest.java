package dev.spillway.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SlidingCountTest {

  private final AtomicLong nanos = new AtomicLong(-5);
  private final SlidingCount count = new SlidingCount(Duration.ofSeconds(5), 60, nanos::get);

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void whatHappenedInTheTimeIsCounted() {
    count.add(2);
    pass(Duration.ofSeconds(30));
    count.add(3);
    assertThat(count.in(Duration.ofMinutes(1))).isEqualTo(5);
    assertThat(count.in(Duration.ofSeconds(5))).isEqualTo(3);
  }

  @Test
  void whatHappenedBeforeIsNot() {
    count.add(2);
    pass(Duration.ofMinutes(1));
    assertThat(count.in(Duration.ofMinutes(1))).isZero();
    assertThat(count.in(Duration.ofMinutes(5))).isEqualTo(2);
  }

  @Test
  void afterAllOfItsTimeItIsForgotten() {
    count.add(2);
    pass(Duration.ofMinutes(5));
    assertThat(count.in(Duration.ofMinutes(5))).isZero();
    pass(Duration.ofDays(1000));
    count.add(1);
    assertThat(count.in(Duration.ofMinutes(5))).isEqualTo(1);
  }
}
