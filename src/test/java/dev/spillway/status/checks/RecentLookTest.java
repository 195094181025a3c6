package dev.spillway.status.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RecentLookTest {

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger looks = new AtomicInteger();
  private final RecentLook<String> look =
      new RecentLook<>(() -> "look " + looks.incrementAndGet(), () -> "no answer", nanos::get);

  @Test
  void withinASecondTheAnswerIsRemembered() {
    assertThat(look.get()).isEqualTo("look 1");
    nanos.addAndGet(Duration.ofMillis(999).toNanos());
    assertThat(look.get()).isEqualTo("look 1");
  }

  @Test
  void afterASecondItLooksAgain() {
    look.get();
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(look.get()).isEqualTo("look 2");
  }

  @Test
  void whatIsKnownIsToldWithoutALook() {
    assertThat(look.known(Duration.ofSeconds(15))).isEqualTo("no answer");
    look.get();
    nanos.addAndGet(Duration.ofSeconds(15).toNanos());
    assertThat(look.known(Duration.ofSeconds(15))).isEqualTo("look 1");
    nanos.addAndGet(1);
    assertThat(look.known(Duration.ofSeconds(15))).isEqualTo("no answer");
  }

  @Test
  void whoComesDuringALookThatDoesNotEndIsToldSo() throws Exception {
    CountDownLatch looking = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    RecentLook<String> stuck =
        new RecentLook<>(
            () -> {
              looking.countDown();
              awaitQuietly(mayEnd);
              return "at last";
            },
            () -> "no answer",
            nanos::get);
    ExecutorService caller = Executors.newSingleThreadExecutor();
    try {
      Future<String> first = caller.submit(stuck::get);
      assertThat(looking.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(stuck.get()).isEqualTo("no answer");
      mayEnd.countDown();
      assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo("at last");
      assertThat(stuck.get()).isEqualTo("at last");
    } finally {
      mayEnd.countDown();
      caller.shutdownNow();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
