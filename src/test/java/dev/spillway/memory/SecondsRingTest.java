package dev.spillway.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SecondsRingTest {

  private final FakeTime time = new FakeTime();
  private final SecondsRing ring = new SecondsRing(time::nanos);

  @Test
  void atFirstThereIsNothing() {
    assertThat(ring.sum(60)).isZero();
  }

  @Test
  void whatIsAddedWithinASecondIsSummed() {
    ring.add(3);
    ring.add(4);

    assertThat(ring.sum(1)).isEqualTo(7);
  }

  @Test
  void whatIsOlderThanAskedForDoesNotCount() {
    ring.add(3);
    time.pass(Duration.ofSeconds(10));
    ring.add(4);

    assertThat(ring.sum(10)).isEqualTo(4);
  }

  @Test
  void whatIsYoungerThanAskedForCounts() {
    ring.add(3);
    time.pass(Duration.ofSeconds(9));
    ring.add(4);

    assertThat(ring.sum(10)).isEqualTo(7);
  }

  @Test
  void afterAMinuteNothingIsLeft() {
    ring.add(3);

    time.pass(Duration.ofSeconds(60));

    assertThat(ring.sum(60)).isZero();
  }

  @Test
  void aPlaceThatIsTakenAgainBeginsAtNothing() {
    ring.add(3);
    time.pass(Duration.ofSeconds(60));

    ring.add(4);

    assertThat(ring.sum(60)).isEqualTo(4);
  }

  @Test
  void anHourOfAddingKeepsTheLastMinute() {
    for (int i = 0; i < 3_600; i++) {
      time.pass(Duration.ofSeconds(1));
      ring.add(1);
    }

    assertThat(ring.sum(60)).isEqualTo(60);
  }
}
