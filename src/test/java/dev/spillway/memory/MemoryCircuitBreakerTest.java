package dev.spillway.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import dev.spillway.memory.MemoryCircuitBreaker.State;
import dev.spillway.telemetry.CapturedLog;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What opens the breaker, what does not, and what it tells. */
class MemoryCircuitBreakerTest {

  private final BreakerBench bench = new BreakerBench();

  @Test
  void itBeginsClosed() {
    assertThat(bench.look()).isEqualTo(State.CLOSED);
  }

  /** Seen, truth, share of pauses, new stall, and the state after a look, a probe and a look. */
  @ParameterizedTest
  @CsvSource({
    "0,   0,   0.0, false, CLOSED",
    "799, 799, 0.0, false, CLOSED",
    "800, 800, 0.0, false, OPEN",
    "800, 799, 0.0, false, CLOSED",
    "960, 400, 0.0, false, CLOSED",
    "990, 400, 0.0, false, CLOSED",
    "990, 990, 0.0, false, OPEN",
    "699, 699, 0.9, false, CLOSED",
    "700, 700, 0.5, false, CLOSED",
    "700, 700, 0.6, false, OPEN",
    "0,   0,   1.0, true,  CLOSED",
    "799, 799, 0.0, true,  CLOSED",
    "800, 300, 0.0, true,  OPEN",
  })
  void itOpensOnWhatIsLiveOnly(
      long seen, long truth, double pauses, boolean stall, State expected) {
    bench.look();
    bench.heap.seems(seen, truth);
    bench.heap.pauses(pauses);
    if (stall) {
      bench.heap.stall();
    }

    assertThat(bench.lookAndProbe()).isEqualTo(expected);
  }

  @Test
  void aSuspicionAloneDoesNotOpenIt() {
    bench.heap.holds(900);

    assertThat(bench.look()).isEqualTo(State.CLOSED);
  }

  @Test
  void aSuspicionIsShown() {
    bench.heap.holds(900);
    bench.look();

    assertThat(bench.breaker.stats().suspects()).isTrue();
  }

  @Test
  void aSuspicionThatWasGarbageIsNotShownAnyMore() {
    bench.heap.seems(900, 300);
    bench.lookAndProbe();

    assertThat(bench.breaker.stats().suspects()).isFalse();
  }

  @Test
  void aSuspicionAsksForOneCollection() {
    bench.heap.holds(900);

    bench.look();
    bench.look();

    assertThat(bench.collectionsWaiting()).isEqualTo(1);
  }

  @Test
  void aFullViewFromBeforeTheSuspicionDoesNotConfirmIt() {
    bench.heap.holds(850);
    bench.heap.collectFully();

    assertThat(bench.look()).isEqualTo(State.CLOSED);
  }

  @Test
  void aFullCollectionThatCameByItselfConfirmsASuspicion() {
    bench.heap.holds(850);
    bench.look();

    bench.heap.collectFully();

    assertThat(bench.look()).isEqualTo(State.OPEN);
  }

  @Test
  void aViewThatShowedGarbageDoesNotConfirmWhatIsSeenLater() {
    bench.heap.seems(900, 300);
    bench.lookAndProbe();
    bench.heap.holds(850);

    assertThat(bench.look()).isEqualTo(State.CLOSED);
  }

  @Test
  void whatAFullCollectionShowedToBeImminentOpensItAtOnce() {
    bench.heap.holds(980);
    bench.heap.collectFully();

    assertThat(bench.look()).isEqualTo(State.OPEN);
  }

  /** The collection asked for does not run here. */
  @Test
  void whatOnlySeemsImminentIsLookedAtForASecond() {
    bench.heap.seems(980, 300);
    bench.look();
    bench.time.pass(Duration.ofMillis(1_200));
    bench.look();

    bench.runCollections();

    assertThat(bench.look()).isEqualTo(State.CLOSED);
  }

  @Test
  void whatSeemsImminentAndCannotBeProbedOpensItAfterASecond() {
    BreakerBench unprobed = new BreakerBench(true, false);
    unprobed.heap.holds(980);
    unprobed.look();

    assertThat(unprobed.until(State.OPEN, Duration.ofSeconds(5)))
        .isBetween(Duration.ofSeconds(1), Duration.ofMillis(1_400));
  }

  @Test
  void whatSeemsImminentIsProbedAtOnceThoughAProbeWasNotLongAgo() {
    bench.heap.seems(900, 300);
    bench.lookAndProbe();
    bench.time.pass(Duration.ofSeconds(2));
    bench.heap.holds(980);

    assertThat(bench.lookAndProbe()).isEqualTo(State.OPEN);
  }

  @Test
  void stallsFromBeforeTheFirstLookDoNotCount() {
    bench.heap.holds(750);
    bench.heap.stall();

    assertThat(bench.look()).isEqualTo(State.CLOSED);
  }

  @Test
  void oneErrorForWantOfMemoryDoesNotOpenIt() {
    bench.breaker.outOfMemory();

    assertThat(bench.breaker.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void twoErrorsWithinAMinuteOpenIt() {
    bench.breaker.outOfMemory();
    bench.time.pass(Duration.ofSeconds(59));
    bench.breaker.outOfMemory();

    assertThat(bench.breaker.state()).isEqualTo(State.OPEN);
  }

  @Test
  void twoErrorsInMoreThanAMinuteDoNotOpenIt() {
    bench.breaker.outOfMemory();
    bench.time.pass(Duration.ofSeconds(61));
    bench.breaker.outOfMemory();

    assertThat(bench.breaker.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void afterTwoErrorsItStaysOpenForTenSeconds() {
    bench.breaker.outOfMemory();
    bench.breaker.outOfMemory();

    assertThat(bench.until(State.HALF_OPEN, Duration.ofSeconds(20)))
        .isBetween(Duration.ofSeconds(10), Duration.ofMillis(10_400));
  }

  @Test
  void whileClosedAnOperationRuns() {
    assertThat(bench.breaker.<String>execute("test", () -> "done")).isEqualTo("done");
  }

  @Test
  void whileOpenAnOperationDoesNotBegin() {
    bench.open();

    assertThatThrownBy(
            () ->
                bench.breaker.execute(
                    "test",
                    () -> {
                      throw new AssertionError("it began");
                    }))
        .isInstanceOf(MemoryCritical.class);
  }

  @Test
  void anOperationWithoutMemoryEndsAsCritical() {
    OutOfMemoryError cause = new OutOfMemoryError("test");

    assertThatThrownBy(
            () ->
                bench.breaker.execute(
                    "test",
                    () -> {
                      throw cause;
                    }))
        .isInstanceOf(MemoryCritical.class)
        .hasCause(cause);
  }

  @Test
  void operationsWithoutMemoryAreCounted() {
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(
              () ->
                  bench.breaker.execute(
                      "test",
                      () -> {
                        throw new OutOfMemoryError("test");
                      }))
          .isInstanceOf(MemoryCritical.class);
    }

    assertThat(bench.breaker.state()).isEqualTo(State.OPEN);
  }

  @Test
  void whatElseAnOperationThrowsGoesOn() {
    IllegalStateException thrown = new IllegalStateException("test");

    assertThatThrownBy(
            () ->
                bench.breaker.execute(
                    "test",
                    () -> {
                      throw thrown;
                    }))
        .isSameAs(thrown);
  }

  @Test
  void aRefusalCarriesTheFigures() {
    bench.open();

    MemoryCritical refusal =
        catchThrowableOfType(MemoryCritical.class, () -> bench.breaker.check());

    assertThat(refusal.figures())
        .containsEntry("liveBytes", 850 * FakeHeap.MIB)
        .containsEntry("limitBytes", 800 * FakeHeap.MIB)
        .containsEntry("maxBytes", 1_000 * FakeHeap.MIB)
        .containsEntry("state", "OPEN");
  }

  @Test
  void refusalsAreCounted() {
    bench.open();

    bench.admitted(3);

    assertThat(bench.telemetry.counted("memory.breaker.refused")).isEqualTo(3);
  }

  @Test
  void openingIsCounted() {
    bench.open();

    assertThat(bench.telemetry.counted("memory.breaker.opened")).isEqualTo(1);
  }

  @Test
  void theGaugeShowsThatItIsOpen() {
    bench.open();

    assertThat(bench.telemetry.gauged("memory.breaker.state")).isEqualTo(2);
  }

  @Test
  void theStatsSayWhyItIsOpen() {
    bench.open();

    assertThat(bench.breaker.stats().why()).contains("confirmed", "850 of 1000 MiB", "800 MiB");
  }

  @Test
  void theStatsSayWhenItOpened() {
    bench.time.pass(Duration.ofMinutes(3));
    bench.open();
    bench.time.pass(Duration.ofMinutes(3));

    assertThat(bench.breaker.stats().since())
        .isEqualTo(bench.time.instant().minus(Duration.ofMinutes(3)));
  }

  @Test
  void openingIsOneWarning() {
    try (CapturedLog log = new CapturedLog(MemoryCircuitBreaker.class)) {
      bench.open();
      bench.pass(Duration.ofSeconds(30));

      assertThat(log.lines(Level.WARN))
          .singleElement()
          .asString()
          .contains("New work is refused: a full collection has confirmed it: at most 850 of 1000");
    }
  }

  @Test
  void eachStepOfClosingIsOneLine() {
    bench.open();
    bench.heap.holds(300);
    try (CapturedLog log = new CapturedLog(MemoryCircuitBreaker.class)) {
      bench.pass(Duration.ofSeconds(30));

      assertThat(log.lines(Level.INFO))
          .satisfiesExactly(
              line -> assertThat(line).contains("Some new work is let in", "300 of 1000"),
              line -> assertThat(line).contains("All work is let in again", "300 of 1000"));
    }
  }

  @Test
  void manyThreadsThatLookOpenItOnce() throws Exception {
    bench.heap.holds(850);
    bench.look();
    bench.heap.collectFully();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<State>> looks = Collections.nCopies(200, bench::look);
      for (Future<State> look : threads.invokeAll(looks, 30, TimeUnit.SECONDS)) {
        look.get();
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(bench.breaker.stats().trips()).isEqualTo(1);
  }

  @Test
  void disabledItNeverRefuses() {
    BreakerBench disabled = new BreakerBench(false, true);
    disabled.heap.holds(990);
    disabled.heap.collectFully();
    disabled.breaker.outOfMemory();
    disabled.breaker.outOfMemory();
    disabled.pass(Duration.ofSeconds(5));

    assertThatCode(disabled.breaker::check).doesNotThrowAnyException();
  }

  @Test
  void disabledItAsksForNoCollection() {
    BreakerBench disabled = new BreakerBench(false, true);
    disabled.heap.holds(990);

    disabled.pass(Duration.ofSeconds(5));

    assertThat(disabled.collectionsRun()).isZero();
  }
}
