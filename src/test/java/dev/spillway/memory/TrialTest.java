package dev.spillway.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrialTest {

  private static final long BEGAN = -3_000_000_000L;

  @Test
  void permitsDoubleEachSecondOfAShortTrial() {
    assertThat(admittedEachSecond(Trial.of(BEGAN, Duration.ofSeconds(4)), 4))
        .containsExactly(4, 8, 16, 32);
  }

  @Test
  void permitsDoubleEightTimesInALongTrial() {
    assertThat(admittedEachSecond(Trial.of(BEGAN, Duration.ofSeconds(16)), 16))
        .containsExactly(4, 4, 8, 8, 16, 16, 32, 32, 64, 64, 128, 128, 256, 256, 512, 512);
  }

  @Test
  void permitsOfATrialThatNobodyEndedStayBounded() {
    assertThat(admittedEachSecond(Trial.of(BEGAN, Duration.ofSeconds(2)), 100))
        .allMatch(admitted -> admitted <= 512);
  }

  @Test
  void aTrickleIsOneASecond() {
    assertThat(admittedEachSecond(Trial.trickle(BEGAN), 50)).allMatch(admitted -> admitted == 1);
  }

  @Test
  void aTrickleHasNoEnd() {
    assertThat(Trial.trickle(BEGAN).over(BEGAN + Duration.ofDays(1).toNanos())).isFalse();
  }

  @Test
  void aTrialEndsWithItsTime() {
    assertThat(Trial.of(BEGAN, Duration.ofSeconds(2)).over(BEGAN + 2_000_000_000L)).isTrue();
  }

  @Test
  void aTrialDoesNotEndBefore() {
    assertThat(Trial.of(BEGAN, Duration.ofSeconds(2)).over(BEGAN + 1_999_999_999L)).isFalse();
  }

  private static List<Integer> admittedEachSecond(Trial trial, int seconds) {
    return IntStream.range(0, seconds)
        .mapToObj(second -> admitted(trial, BEGAN + second * 1_000_000_000L))
        .toList();
  }

  private static int admitted(Trial trial, long now) {
    return (int) IntStream.range(0, 2_000).filter(attempt -> trial.admits(now)).count();
  }
}
