package dev.spillway.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.telemetry.RecordedTelemetry;
import dev.spillway.telemetry.Telemetry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ScheduleTest {

  private static final Duration SOON = Duration.ofMillis(5);
  private static final Duration LONG = Duration.ofSeconds(20);

  @Test
  void aTaskThatThrowsRunsAgain() throws InterruptedException {
    CountDownLatch runs = new CountDownLatch(3);
    try (Schedule schedule = new Schedule(Telemetry.NONE, System::nanoTime)) {
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
    Schedule schedule = new Schedule(Telemetry.NONE, System::nanoTime);
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
    // An executor has ended when its last thread says so, which then has a few steps left to go.
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("spillway-upkeep")) {
        thread.join(LONG.toMillis());
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }
    }
  }

  @Test
  void aShortTaskRunsWhileAllTheLongOnesAreBusy() throws InterruptedException {
    CountDownLatch mayEnd = new CountDownLatch(1);
    CountDownLatch busy = new CountDownLatch(3);
    CountDownLatch shortRuns = new CountDownLatch(3);
    try (Schedule schedule = new Schedule(Telemetry.NONE, System::nanoTime)) {
      for (String name : List.of("clean", "sweep", "collect")) {
        schedule.every(
            name,
            SOON,
            () -> {
              busy.countDown();
              awaitQuietly(mayEnd);
            });
      }
      assertThat(busy.await(20, TimeUnit.SECONDS)).isTrue();
      schedule.every("short", SOON, shortRuns::countDown);
      assertThat(shortRuns.await(20, TimeUnit.SECONDS)).isTrue();
      mayEnd.countDown();
    }
  }

  @Test
  void whatFailsIsCountedAndItsAgeGrows() throws InterruptedException {
    RecordedTelemetry telemetry = new RecordedTelemetry();
    AtomicLong nanos = new AtomicLong();
    CountDownLatch runs = new CountDownLatch(2);
    try (Schedule schedule = new Schedule(telemetry, nanos::get)) {
      schedule.every(
          "broken",
          SOON,
          () -> {
            runs.countDown();
            throw new IllegalStateException("on purpose");
          });
      assertThat(runs.await(20, TimeUnit.SECONDS)).isTrue();
    }
    nanos.set(TimeUnit.SECONDS.toNanos(3));

    assertThat(telemetry.counted("upkeep.failures{task=broken}")).isGreaterThanOrEqualTo(2);
    assertThat(telemetry.measured("upkeep.age.seconds{task=broken}")).hasValue(3);
  }

  @Test
  void whatEndsWellIsYoung() throws InterruptedException {
    RecordedTelemetry telemetry = new RecordedTelemetry();
    AtomicLong nanos = new AtomicLong();
    CountDownLatch runs = new CountDownLatch(1);
    try (Schedule schedule = new Schedule(telemetry, nanos::get)) {
      nanos.set(TimeUnit.SECONDS.toNanos(3));
      schedule.every("fine", SOON, runs::countDown);
      assertThat(runs.await(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(telemetry.measured("upkeep.age.seconds{task=fine}")).hasValue(0);
  }

  @Test
  void whatIsHandedOverRunsOnceAndIsRefusedAfterTheEnd() throws InterruptedException {
    CountDownLatch ran = new CountDownLatch(1);
    Schedule schedule = new Schedule(Telemetry.NONE, System::nanoTime);
    Executor once = schedule.once("collect");
    once.execute(ran::countDown);
    assertThat(ran.await(20, TimeUnit.SECONDS)).isTrue();
    schedule.close();

    assertThatThrownBy(() -> once.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aTaskThatHasNotEndedWellForTwoPausesAndAMinuteIsOverdue() {
    AtomicLong nanos = new AtomicLong();
    try (Schedule schedule = new Schedule(Telemetry.NONE, nanos::get)) {
      schedule.every("slow", Duration.ofHours(1), () -> {});
      schedule.every("quick", Duration.ofMinutes(30), () -> {});
      nanos.set(Duration.ofMinutes(61).toNanos());
      assertThat(schedule.overdue()).isEmpty();
      nanos.set(Duration.ofMinutes(61).toNanos() + 1);
      assertThat(schedule.overdue()).containsExactly("quick");
    }
  }

  @Test
  void itTellsWhenATaskRunsAgain() {
    try (Schedule schedule = new Schedule(Telemetry.NONE, System::nanoTime)) {
      schedule.every("slow", Duration.ofHours(1), () -> {});
      assertThat(schedule.dueIn("slow").orElseThrow())
          .isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
      assertThat(schedule.dueIn("other")).isEmpty();
    }
  }
}
