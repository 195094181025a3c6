package dev.spillway.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Patience is for what does not get further. */
class RetryBudgetTest {

  private final AtomicLong now = new AtomicLong(-5);
  private final RetryBudget budget =
      new RetryBudget(Duration.ofSeconds(60), RetryPace.USUAL, now::get, new Random(1));

  private void pass(long seconds) {
    now.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }

  @Test
  void itIsUsedUpWithTime() {
    budget.failed();
    pass(59);
    budget.failed();
    assertThat(budget.isUsedUp()).isFalse();
    pass(1);
    assertThat(budget.isUsedUp()).isTrue();
  }

  @Test
  void whatTakesLongHasNotFailed() {
    pass(500);
    budget.failed();
    assertThat(budget.isUsedUp()).isFalse();
  }

  @Test
  void furtherBytesRenewIt() {
    budget.failed();
    pass(59);
    budget.reached(1);
    budget.failed();
    pass(59);
    assertThat(budget.isUsedUp()).isFalse();
  }

  @Test
  void bytesThatWereThereBeforeDoNot() {
    budget.reached(100);
    budget.failed();
    pass(59);
    budget.reached(100);
    pass(1);
    assertThat(budget.isUsedUp()).isTrue();
  }

  @Test
  void pausesGrowToTheirLongest() {
    long longest = 0;
    for (int failure = 0; failure < 100; failure++) {
      Duration pause = budget.pause();
      Duration most = Duration.ofSeconds(Math.min(16, 1L << Math.min(10, failure)));
      assertThat(pause).isBetween(Duration.ZERO, most);
      longest = Math.max(longest, pause.toMillis());
    }
    assertThat(longest).isGreaterThan(12_000);
  }

  @Test
  void noPauseIsLongerThanWhatIsLeft() {
    budget.failed();
    pass(59);
    for (int failure = 0; failure < 100; failure++) {
      assertThat(budget.pause()).isLessThanOrEqualTo(Duration.ofSeconds(1));
    }
  }
}
