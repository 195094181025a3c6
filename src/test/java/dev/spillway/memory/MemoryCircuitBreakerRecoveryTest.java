package dev.spillway.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.memory.MemoryCircuitBreaker.State;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How the open breaker closes again. */
class MemoryCircuitBreakerRecoveryTest {

  private static final Duration LONG = Duration.ofMinutes(10);

  private final BreakerBench bench = new BreakerBench();

  @Test
  void freedAndIdleItIsClosedWithinFiveSeconds() {
    bench.open();
    bench.pass(Duration.ofMinutes(5));

    bench.heap.reallyHolds(100);

    assertThat(bench.until(State.CLOSED, LONG)).isLessThanOrEqualTo(Duration.ofSeconds(5));
  }

  /** The pauses of the last ten seconds belong to what was there before. */
  @Test
  void freedAndIdleAfterManyPausesItIsClosedWithinFiveSeconds() {
    bench.heap.pauses(0.9);
    bench.open();
    bench.pass(Duration.ofMinutes(5));

    bench.heap.reallyHolds(100);

    assertThat(bench.until(State.CLOSED, LONG)).isLessThanOrEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void whileNothingIsFreedItStaysOpen() {
    bench.open();

    assertThat(bench.pass(Duration.ofMinutes(5))).isEqualTo(State.OPEN);
  }

  @Test
  void itIsOpenForASecondAtLeast() {
    bench.open();
    bench.heap.holds(100);

    assertThat(bench.until(State.HALF_OPEN, LONG)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void justBelowCriticalItStaysOpen() {
    bench.open();

    bench.heap.holds(700);

    assertThat(bench.pass(Duration.ofSeconds(20))).isEqualTo(State.OPEN);
  }

  @Test
  void justBelowTheEndItCloses() {
    bench.open();

    bench.heap.holds(699);

    assertThat(bench.pass(Duration.ofSeconds(20))).isEqualTo(State.CLOSED);
  }

  @Test
  void whileCollectionsStillStopTheProgramItStaysOpen() {
    bench.open();

    bench.heap.holds(650);
    bench.heap.pauses(0.3);

    assertThat(bench.pass(Duration.ofSeconds(20))).isEqualTo(State.OPEN);
  }

  @Test
  void aCollectionThatComesByItselfMakesAskingUnnecessary() {
    bench.open();
    int before = bench.collectionsRun();
    for (int i = 0; i < 50; i++) {
      bench.heap.collectFully();
      bench.pass(BreakerBench.TICK);
    }

    assertThat(bench.collectionsRun()).isEqualTo(before);
  }

  /** More collections would make it worse. */
  @Test
  void whileOnlyPausesHoldItOpenItAsksForNoCollection() {
    bench.open();
    bench.heap.holds(650);
    bench.heap.pauses(0.3);
    int before = bench.collectionsRun();

    bench.pass(Duration.ofSeconds(20));

    assertThat(bench.collectionsRun()).isEqualTo(before);
  }

  @Test
  void theTrialTakesTwoSeconds() {
    halfOpen(600);

    assertThat(bench.until(State.CLOSED, LONG)).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void theTrialLetsAFewOperationsInAtFirst() {
    halfOpen(600);

    assertThat(bench.admitted(100)).isEqualTo(4);
  }

  @Test
  void theTrialLetsMoreInInItsSecondSecond() {
    halfOpen(600);
    bench.admitted(100);

    bench.time.pass(Duration.ofSeconds(1));

    assertThat(bench.admitted(100)).isEqualTo(8);
  }

  @Test
  void theGaugeShowsTheTrial() {
    halfOpen(600);

    assertThat(bench.telemetry.gauged("memory.breaker.state")).isEqualTo(1);
  }

  @Test
  void criticalInTheTrialItOpensAgain() {
    halfOpen(600);

    bench.heap.holds(800);

    assertThat(bench.look()).isEqualTo(State.OPEN);
  }

  @Test
  void afterTheTrialEverythingIsLetIn() {
    halfOpen(600);
    bench.pass(Duration.ofSeconds(2));

    assertThat(bench.admitted(1_000)).isEqualTo(1_000);
  }

  @Test
  void theStatsSayWhyItClosed() {
    halfOpen(600);
    bench.pass(Duration.ofSeconds(2));

    assertThat(bench.breaker.stats().why()).contains("trial", "600 of 1000 MiB");
  }

  @Test
  void eachRelapseWithinAMinuteDoublesTheTrialUpToHalfAMinute() {
    assertThat(
            IntStream.range(0, 6)
                .mapToObj(
                    i -> {
                      halfOpen(600);
                      return bench.until(State.CLOSED, LONG).toSeconds();
                    })
                .toList())
        .containsExactly(2L, 4L, 8L, 16L, 30L, 30L);
  }

  @Test
  void aRelapseInTheTrialDoublesItToo() {
    halfOpen(600);
    bench.heap.holds(850);
    bench.look();
    bench.heap.holds(600);
    bench.until(State.HALF_OPEN, LONG);

    assertThat(bench.until(State.CLOSED, LONG)).isEqualTo(Duration.ofSeconds(4));
  }

  @Test
  void afterAGoodMinuteTheTrialIsShortAgain() {
    halfOpen(600);
    bench.pass(Duration.ofSeconds(2));
    halfOpen(600);
    bench.pass(Duration.ofSeconds(4));
    bench.pass(Duration.ofSeconds(61));

    halfOpen(600);

    assertThat(bench.until(State.CLOSED, LONG)).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void anEmptyHeapNeedsNoLongTrialAfterRelapses() {
    halfOpen(600);
    bench.pass(Duration.ofSeconds(2));
    halfOpen(300);

    assertThat(bench.until(State.CLOSED, LONG)).isEqualTo(Duration.ofSeconds(2));
  }

  /** Within a minute of closing, no probe has to wait for ten seconds. */
  @Test
  void aRelapseIsConfirmedWithoutThePauseBetweenProbes() {
    halfOpen(600);
    bench.pass(Duration.ofSeconds(2));
    bench.heap.holds(850);

    assertThat(bench.until(State.OPEN, LONG)).isLessThanOrEqualTo(Duration.ofSeconds(2));
  }

  private void halfOpen(long mib) {
    bench.heap.holds(850);
    bench.until(State.OPEN, LONG);
    bench.heap.holds(mib);
    bench.until(State.HALF_OPEN, LONG);
  }
}
