package dev.spillway.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.telemetry.Telemetry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A collection that costs next to nothing, and one that stops the program for seconds. */
class RecoveryAsksTest {

  private static final Duration MINUTES = Duration.ofMinutes(5);

  private final FakeTime time = new FakeTime();
  private final FakeHeap heap = new FakeHeap(time);

  @Test
  void aCheapCollectionIsAskedForAfterASecondAndThenEveryTwo() {
    assertThat(pausesWith(Duration.ofMillis(5)).subList(0, 4))
        .allMatch(pause -> pause.compareTo(Duration.ofMillis(2_300)) < 0);
  }

  @Test
  void anExpensiveOneIsAskedForAfterPausesThatDoubleUpToAMinute() {
    List<Long> seconds =
        pausesWith(Duration.ofSeconds(4)).stream().map(Duration::toSeconds).toList();

    assertThat(seconds.get(seconds.size() - 1)).isBetween(60L, 65L);
  }

  @Test
  void anExpensiveOneTakesATwentiethOfTheTimeAtMost() {
    List<Duration> pauses = pausesWith(Duration.ofSeconds(1));

    assertThat(pauses.get(pauses.size() - 1)).isGreaterThanOrEqualTo(Duration.ofSeconds(20));
  }

  private List<Duration> pausesWith(Duration cost) {
    List<Long> asked = new ArrayList<>();
    ProbeCollections probes =
        new ProbeCollections(
            heap::live,
            new ProbeCollections.Runner(Runnable::run, true),
            time.clocks(),
            Telemetry.NONE,
            () -> {
              asked.add(time.nanos());
              time.pass(cost);
              heap.collectFully();
            });
    heap.holds(900);
    RecoveryAsks asks = new RecoveryAsks(probes);
    asked.add(time.nanos());
    asks.begin(heap.live(), time.nanos());
    long end = time.nanos() + MINUTES.toNanos();
    while (time.nanos() < end) {
      time.pass(BreakerBench.TICK);
      asks.look(heap.live(), time.nanos());
    }
    List<Duration> pauses = new ArrayList<>();
    for (int i = 1; i < asked.size(); i++) {
      pauses.add(Duration.ofNanos(asked.get(i) - asked.get(i - 1)));
    }
    return pauses;
  }
}
