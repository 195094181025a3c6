package dev.spillway.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.memory.MemoryCircuitBreaker.State;
import dev.spillway.telemetry.CapturedLog;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever it has seen. */
class MemoryCircuitBreakerPropertyTest {

  /** Long enough for the longest trial, and for what counts for a minute to be forgotten. */
  private static final Duration HEALTHY = Duration.ofMinutes(2);

  record Moment(long seen, long truth, double pauses, boolean stall, int error, long millis) {}

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void healthyLooksCloseIt(
      @ForAll("histories") List<Moment> history, @ForAll boolean ignoresRequests) {
    BreakerBench bench = new BreakerBench();
    if (ignoresRequests) {
      bench.ignoreRequests();
    }
    try (CapturedLog log = new CapturedLog(MemoryCircuitBreaker.class)) {
      history.forEach(moment -> live(bench, moment));

      bench.heap.holds(300);
      bench.heap.pauses(0);
      bench.pass(HEALTHY);
    }

    assertThat(bench.breaker.state()).isEqualTo(State.CLOSED);
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void belowTheEndOfCriticalItNeverOpens(@ForAll("histories") List<Moment> history) {
    BreakerBench bench = new BreakerBench();
    for (Moment moment : history) {
      live(
          bench,
          new Moment(
              Math.min(699, moment.seen()),
              Math.min(699, moment.truth()),
              moment.pauses(),
              moment.stall(),
              0,
              moment.millis()));
    }

    assertThat(bench.breaker.stats().trips()).isZero();
  }

  private static void live(BreakerBench bench, Moment moment) {
    bench.heap.seems(Math.max(moment.seen(), moment.truth()), moment.truth());
    bench.heap.pauses(moment.pauses());
    if (moment.stall()) {
      bench.heap.stall();
    }
    if (moment.error() == 1) {
      bench.breaker.outOfMemory();
    }
    bench.time.pass(Duration.ofMillis(moment.millis()));
    bench.lookAndProbe();
    bench.admitted(3);
  }

  @Provide
  Arbitrary<List<Moment>> histories() {
    Arbitrary<Long> mib = Arbitraries.longs().between(0, FakeHeap.MAX_MIB);
    return Combinators.combine(
            mib,
            mib,
            Arbitraries.doubles().between(0, 1),
            Arbitraries.of(true, false),
            Arbitraries.integers().between(0, 5),
            Arbitraries.longs().between(0, 20_000))
        .as(Moment::new)
        .list()
        .ofMaxSize(100);
  }
}
