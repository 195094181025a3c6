package dev.spillway.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.telemetry.Telemetry;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ScheduleTest {

  private static final Duration SOON = Duration.ofMillis(5);

  @Test
  void aTaskThatThrowsRunsAgain() throws InterruptedException {
    CountDownLatch runs = new CountDownLatch(3);
    try (Schedule schedule = new Schedule(Telemetry.NONE)) {
      schedule.every(
          "test",
          SOON,
          () -> {
            runs.countDown();
            throw new AssertionError("on purpose");
          });
      assertThat(runs.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void closingWaitsForTheTaskThatRunsAndLeavesNoThread() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    AtomicBoolean ended = new AtomicBoolean();
    AtomicBoolean interrupted = new AtomicBoolean();
    Schedule schedule = new Schedule(Telemetry.NONE);
    schedule.every(
        "test",
        SOON,
        () -> {
          running.countDown();
          try {
            mayEnd.await();
          } catch (InterruptedException e) {
            interrupted.set(true);
          }
          ended.set(true);
        });
    assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
    mayEnd.countDown();
    schedule.close();
    assertThat(ended).isTrue();
    assertThat(interrupted).isFalse();
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("spillway-upkeep") && thread.isAlive());
  }
}
