package dev.spillway.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.memory.MemoryCircuitBreaker.State;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The virtual machine ignores requests for collections: nothing tells live data from garbage. */
class MemoryCircuitBreakerBlindTest {

  private static final Duration LONG = Duration.ofMinutes(5);

  private final BreakerBench bench = new BreakerBench();

  @BeforeEach
  void disableExplicitCollections() {
    bench.ignoreRequests();
  }

  @Test
  void whatOnlySeemsCriticalDoesNotOpenIt() {
    bench.heap.holds(940);

    assertThat(bench.pass(LONG)).isEqualTo(State.CLOSED);
  }

  @Test
  void nearTheMaximumItOpensAfterThreeAsks() {
    bench.heap.holds(955);
    bench.until(State.OPEN, LONG);

    assertThat(bench.collectionsRun()).isBetween(3, 4);
  }

  @Test
  void whatTheVirtualMachineCollectsByItselfConfirms() {
    bench.heap.holds(850);
    bench.look();

    bench.heap.collectFully();

    assertThat(bench.look()).isEqualTo(State.OPEN);
  }

  @Test
  void itClosesWhenTheVirtualMachineHasCollected() {
    open();
    bench.heap.holds(600);

    assertThat(bench.until(State.CLOSED, LONG)).isLessThanOrEqualTo(Duration.ofSeconds(5));
  }

  /** Without that, an idle server would refuse work for ever. */
  @Test
  void itLetsOneOperationASecondInThoughNothingWasCollected() {
    open();
    bench.until(State.HALF_OPEN, LONG);
    bench.admitted(10);

    bench.time.pass(Duration.ofSeconds(1));

    assertThat(bench.admitted(10)).isEqualTo(1);
  }

  @Test
  void theTrickleGoesOnWhileNothingIsKnown() {
    open();
    bench.until(State.HALF_OPEN, LONG);

    assertThat(bench.pass(Duration.ofMinutes(2))).isEqualTo(State.HALF_OPEN);
  }

  @Test
  void aCollectionDuringTheTrickleThatShowsLiveDataEndsIt() {
    open();
    bench.until(State.HALF_OPEN, LONG);

    bench.heap.collectFully();

    assertThat(bench.look()).isEqualTo(State.OPEN);
  }

  @Test
  void aCollectionDuringTheTrickleThatFreesCloses() {
    open();
    bench.until(State.HALF_OPEN, LONG);

    bench.heap.reallyHolds(100);
    bench.heap.collectFully();

    assertThat(bench.until(State.CLOSED, LONG)).isLessThanOrEqualTo(Duration.ofSeconds(5));
  }

  private void open() {
    bench.heap.holds(955);
    bench.until(State.OPEN, LONG);
  }
}
