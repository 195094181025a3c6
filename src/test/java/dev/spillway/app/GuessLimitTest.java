package dev.spillway.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GuessLimitTest {

  private final AtomicLong now = new AtomicLong();
  private final GuessLimit limit = new GuessLimit(now::get);

  private long begun(String address, int times) {
    return IntStream.range(0, times).filter(i -> guess(address, false)).count();
  }

  private boolean guess(String address, boolean right) {
    boolean begun = limit.begin(address);
    if (begun) {
      limit.end(address, right);
    }
    return begun;
  }

  @Test
  void anAddressHasTenTriesAndThenTenAMinute() {
    assertThat(begun("a", 50)).isEqualTo(10);
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    assertThat(begun("a", 50)).isEqualTo(10);
    now.addAndGet(Duration.ofSeconds(6).toNanos());
    assertThat(begun("a", 50)).isEqualTo(1);
  }

  @Test
  void whatOneAddressDoesLeavesTriesForAnother() {
    begun("a", 1_000);
    assertThat(begun("b", 1)).isEqualTo(1);
  }

  @Test
  void allAddressesTogetherHaveOneTryASecondInTheLongRun() {
    IntStream.range(0, 5_000).forEach(i -> guess("first-" + i, false));
    now.addAndGet(Duration.ofSeconds(5).toNanos());
    long begun = IntStream.range(0, 5_000).filter(i -> guess("second-" + i, false)).count();
    assertThat(begun).isEqualTo(5);
  }

  @Test
  void theRightPasswordCostsNoTry() {
    assertThat(IntStream.range(0, 100).allMatch(i -> guess("a", true))).isTrue();
  }
}
