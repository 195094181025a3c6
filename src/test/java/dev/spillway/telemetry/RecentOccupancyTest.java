package dev.spillway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.telemetry.Telemetry.Occupancy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RecentOccupancyTest {

  private static final int READERS = 8;

  private final AtomicLong nanos = new AtomicLong(-1);
  private final AtomicInteger looks = new AtomicInteger();
  private final CountDownLatch looking = new CountDownLatch(1);
  private final CountDownLatch mayEnd = new CountDownLatch(1);
  private final ExecutorService callers = Executors.newFixedThreadPool(READERS);

  @AfterEach
  void stop() throws InterruptedException {
    mayEnd.countDown();
    callers.shutdownNow();
    assertThat(callers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void withinASecondTheOwnerIsAskedOnce() {
    RecentOccupancy recent = recent(this::counted);

    assertThat(recent.get().used()).isEqualTo(1);
    nanos.addAndGet(Duration.ofMillis(999).toNanos());

    assertThat(recent.get().used()).isEqualTo(1);
  }

  @Test
  void afterASecondTheOwnerIsAskedAgain() {
    RecentOccupancy recent = recent(this::counted);
    recent.get();

    nanos.addAndGet(Duration.ofSeconds(1).toNanos());

    assertThat(recent.get().used()).isEqualTo(2);
  }

  @Test
  void withinASecondAFailureIsRemembered() {
    RecentOccupancy recent = recent(this::failing);

    assertThatThrownBy(recent::get).hasRootCauseMessage("look 1");
    assertThatThrownBy(recent::get).hasRootCauseMessage("look 1");
  }

  @Test
  void afterASecondAFailureIsForgotten() {
    RecentOccupancy recent =
        recent(() -> looks.get() == 0 ? failing() : Occupancy.of(looks.incrementAndGet(), 10));
    assertThatThrownBy(recent::get).isInstanceOf(IllegalStateException.class);

    nanos.addAndGet(Duration.ofSeconds(1).toNanos());

    assertThat(recent.get()).isEqualTo(Occupancy.of(2, 10));
  }

  @Test
  void ofThoseWhoAskAtTheSameTimeOneLooks() throws Exception {
    RecentOccupancy recent = recent(this::countedWhenAllowed);

    List<Future<Occupancy>> answers = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      answers.add(callers.submit(recent::get));
    }
    assertThat(looking.await(10, TimeUnit.SECONDS)).isTrue();
    mayEnd.countDown();

    for (Future<Occupancy> answer : answers) {
      assertThat(answer.get(10, TimeUnit.SECONDS).used()).isEqualTo(1);
    }
  }

  @Test
  void whoComesDuringALookThatDoesNotEndWaitsOnceForAllMeters() throws Exception {
    RecentOccupancy stuck = recent(this::countedWhenAllowed);
    callers.execute(stuck::get);
    assertThat(looking.await(10, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(stuck::get).hasRootCauseMessage("No answer yet about bound permits");

    long start = System.nanoTime();
    assertThatThrownBy(stuck::get).hasRootCauseMessage("No answer yet about bound permits");

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void aLookThatEndsLateIsBelievedAfterAll() throws Exception {
    RecentOccupancy late = recent(this::countedWhenAllowed);
    Future<Occupancy> first = callers.submit(late::get);
    assertThat(looking.await(10, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(late::get).isInstanceOf(IllegalStateException.class);

    mayEnd.countDown();
    first.get(10, TimeUnit.SECONDS);

    assertThat(late.get().used()).isEqualTo(1);
  }

  @Test
  void whoIsInterruptedWhileWaitingStaysInterrupted() throws Exception {
    RecentOccupancy stuck = recent(this::countedWhenAllowed);
    callers.execute(stuck::get);
    assertThat(looking.await(10, TimeUnit.SECONDS)).isTrue();

    Thread.currentThread().interrupt();

    assertThatThrownBy(stuck::get).hasRootCauseInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  private RecentOccupancy recent(Supplier<Occupancy> look) {
    return new RecentOccupancy("permits", look, nanos::get);
  }

  private Occupancy counted() {
    return Occupancy.of(looks.incrementAndGet(), 10);
  }

  private Occupancy failing() {
    throw new IllegalArgumentException("look " + looks.incrementAndGet());
  }

  private Occupancy countedWhenAllowed() {
    looking.countDown();
    try {
      mayEnd.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return counted();
  }
}
