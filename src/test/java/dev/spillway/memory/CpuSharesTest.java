package dev.spillway.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.memory.CpuShares.Used;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CpuSharesTest {

  private static final long START = -1_000;

  private final CpuShares shares = new CpuShares(START);

  @Test
  void atTheFirstLookSharesAreOfTheTimeSinceTheStart() {
    assertThat(shares.busiest(new long[] {7}, new long[] {250}, START + 1_000))
        .containsExactly(new Used(0, 0.25));
  }

  @Test
  void laterSharesAreOfTheTimeSinceTheLookBefore() {
    shares.busiest(new long[] {7, 8}, new long[] {250, 0}, START + 1_000);

    assertThat(shares.busiest(new long[] {7, 8}, new long[] {260, 20}, START + 1_100))
        .containsExactly(new Used(1, 0.2), new Used(0, 0.1));
  }

  @Test
  void theTimeSinceTheLookBeforeIsKnown() {
    shares.busiest(new long[0], new long[0], START + 1_000);

    assertThat(shares.since(START + 1_500)).isEqualTo(Duration.ofNanos(500));
  }

  @Test
  void threadsThatUseNothingAreLeftOut() {
    shares.busiest(new long[] {7}, new long[] {250}, START + 1_000);

    assertThat(shares.busiest(new long[] {7}, new long[] {250}, START + 2_000)).isEmpty();
  }

  @Test
  void threadsThatEndMeanwhileAreLeftOut() {
    assertThat(shares.busiest(new long[] {7, 8}, new long[] {-1, 100}, START + 1_000))
        .containsExactly(new Used(1, 0.1));
  }

  @Test
  void aThreadThatBeganMeanwhileHadUsedNothingBefore() {
    shares.busiest(new long[] {7}, new long[] {0}, START + 1_000);

    assertThat(shares.busiest(new long[] {7, 9}, new long[] {0, 50}, START + 1_100))
        .containsExactly(new Used(1, 0.5));
  }

  @Test
  void withoutMeasurementsThereAreNone() {
    assertThat(shares.busiest(new long[] {7, 8}, new long[0], START + 1_000)).isEmpty();
  }

  @Test
  void inNoTimeThereAreNoShares() {
    assertThat(shares.busiest(new long[] {7}, new long[] {10}, START)).isEmpty();
  }
}
