package dev.spillway.memory;

import dev.spillway.memory.MemoryCircuitBreaker.State;
import dev.spillway.telemetry.RecordedTelemetry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.OptionalLong;
import java.util.Queue;

/**
 * A breaker with a heap and a time of a test's own. It is critical from 800 MiB of 1000 on, over
 * below 700, and imminent from 970 on.
 */
final class BreakerBench {

  static final Duration TICK = Duration.ofMillis(200);

  final FakeTime time = new FakeTime();
  final FakeHeap heap = new FakeHeap(time);
  final RecordedTelemetry telemetry = new RecordedTelemetry();
  final ProbeCollections probes;
  final MemoryCircuitBreaker breaker;

  private final Queue<Runnable> collections = new ArrayDeque<>();
  private boolean ignoresRequests;
  private int ran;

  BreakerBench() {
    this(true, true);
  }

  BreakerBench(boolean enabled, boolean probesAllowed) {
    probes =
        new ProbeCollections(
            heap::live,
            new ProbeCollections.Runner(collections::add, probesAllowed),
            time.clocks(),
            telemetry,
            this::collect);
    breaker =
        new MemoryCircuitBreaker(
            heap::live,
            new MemoryCircuitBreaker.Rules(
                new LiveThresholds(0.7, 0.8, OptionalLong.empty(), OptionalLong.empty()), enabled),
            probes,
            time.clocks(),
            telemetry);
  }

  private void collect() {
    ran++;
    if (!ignoresRequests) {
      heap.collectFully();
    }
  }

  /** As with -XX:+DisableExplicitGC. */
  void ignoreRequests() {
    ignoresRequests = true;
  }

  int collectionsRun() {
    return ran;
  }

  int collectionsWaiting() {
    return collections.size();
  }

  State look() {
    breaker.look();
    return breaker.state();
  }

  /** A look, what it has asked for, and a look at that. */
  State lookAndProbe() {
    breaker.look();
    runCollections();
    return look();
  }

  void runCollections() {
    for (Runnable next = collections.poll(); next != null; next = collections.poll()) {
      next.run();
    }
  }

  /** Ticks, and collections that run when they are asked for. */
  State pass(Duration duration) {
    for (Duration left = duration; !left.isZero(); left = left.minus(TICK)) {
      time.pass(TICK);
      lookAndProbe();
    }
    return breaker.state();
  }

  /** How long it takes to get there, at most so long. */
  Duration until(State state, Duration atMost) {
    Duration passed = Duration.ZERO;
    while (breaker.state() != state && passed.compareTo(atMost) < 0) {
      pass(TICK);
      passed = passed.plus(TICK);
    }
    return passed;
  }

  /** Live data has filled the heap, and a collection has confirmed it. */
  void open() {
    heap.holds(850);
    lookAndProbe();
    if (breaker.state() != State.OPEN) {
      throw new AssertionError("it should be open: " + breaker.stats());
    }
  }

  /** How many of some operations are let in. */
  int admitted(int operations) {
    int admitted = 0;
    for (int i = 0; i < operations; i++) {
      try {
        breaker.check();
        admitted++;
      } catch (MemoryCritical e) {
        // counted by what is left
      }
    }
    return admitted;
  }
}
