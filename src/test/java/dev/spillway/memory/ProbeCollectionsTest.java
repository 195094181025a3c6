package dev.spillway.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.memory.ProbeCollections.Effect;
import dev.spillway.memory.ProbeCollections.Runner;
import dev.spillway.telemetry.RecordedTelemetry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class ProbeCollectionsTest {

  private final FakeTime time = new FakeTime();
  private final FakeHeap heap = new FakeHeap(time);
  private final RecordedTelemetry telemetry = new RecordedTelemetry();
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private Runnable collection =
      () -> {
        time.pass(Duration.ofMillis(30));
        heap.collectFully();
      };
  private final ProbeCollections probes = probes(waiting::add, true);

  @Test
  void aRequestIsTaken() {
    assertThat(probes.request("suspicion")).isTrue();
  }

  @Test
  void itDoesNotRunInTheAskersThread() {
    probes.request("suspicion");

    assertThat(heap.live().fullCollections()).isZero();
  }

  @Test
  void whereItIsNotAllowedNoneRuns() {
    assertThat(probes(waiting::add, false).request("suspicion")).isFalse();
  }

  @Test
  void whileOneIsUnderWayThereIsNoOther() {
    probes.request("suspicion");
    time.pass(Duration.ofSeconds(30));

    assertThat(probes.request("suspicion")).isFalse();
  }

  @Test
  void whereNothingRunsItTheRequestIsRefused() {
    ProbeCollections rejected =
        probes(
            run -> {
              throw new RejectedExecutionException("test");
            },
            true);

    assertThat(rejected.request("suspicion")).isFalse();
  }

  @Test
  void aRefusedRequestIsNotUnderWay() {
    ProbeCollections rejected =
        probes(
            run -> {
              throw new RejectedExecutionException("test");
            },
            true);
    rejected.request("suspicion");

    assertThat(rejected.underWay()).isFalse();
  }

  @Test
  void thereAreTenSecondsBetweenTwo() {
    probe(900, 900);
    time.pass(Duration.ofMillis(9_900));

    assertThat(probes.request("suspicion")).isFalse();
  }

  @Test
  void afterTenSecondsThereIsAnother() {
    probe(900, 900);
    time.pass(Duration.ofSeconds(10));

    assertThat(probes.request("suspicion")).isTrue();
  }

  @Test
  void whatFoundGarbageDoublesThePause() {
    probe(900, 300);
    time.pass(Duration.ofSeconds(19));

    assertThat(probes.request("suspicion")).isFalse();
  }

  @Test
  void thePauseIsAMinuteAtMost() {
    for (int i = 0; i < 10; i++) {
      probe(900, 300);
      time.pass(Duration.ofSeconds(60));
    }

    assertThat(probes.request("suspicion")).isTrue();
  }

  @Test
  void whatWasRightMakesThePauseShortAgain() {
    for (int i = 0; i < 10; i++) {
      probe(900, 300);
      time.pass(Duration.ofSeconds(60));
    }
    probe(900, 900);
    time.pass(Duration.ofSeconds(10));

    assertThat(probes.request("suspicion")).isTrue();
  }

  @Test
  void anAskersOwnPauseMayBeShorter() {
    probe(900, 300);
    time.pass(Duration.ofSeconds(1));

    assertThat(probes.request("recovery", Duration.ofSeconds(1))).isTrue();
  }

  @Test
  void anAskersOwnPauseIsKept() {
    probe(900, 300);
    time.pass(Duration.ofMillis(900));

    assertThat(probes.request("recovery", Duration.ofSeconds(1))).isFalse();
  }

  @Test
  void whatWasAskedForAfterAnOwnPauseDoesNotDoubleTheUsualOne() {
    heap.seems(900, 300);
    probes.request("recovery", Duration.ofSeconds(1));
    run();
    time.pass(Duration.ofSeconds(10));

    assertThat(probes.request("suspicion")).isTrue();
  }

  @Test
  void beforeTheFirstThereIsNoEffect() {
    assertThat(probes.last()).isEmpty();
  }

  @Test
  void theEffectIsKept() {
    heap.uses(950);
    probe(900, 300);

    assertThat(probes.last())
        .contains(
            new Effect(
                time.instant(),
                "suspicion",
                Duration.ofMillis(30),
                950 * FakeHeap.MIB,
                300 * FakeHeap.MIB,
                true));
  }

  @Test
  void aCollectionThatShowsNothingIsWaitedForForThreeSeconds() {
    collection = () -> {};
    probe(900, 900);
    time.pass(Duration.ofMillis(2_900));

    assertThat(probes.last()).isEmpty();
  }

  @Test
  void afterThreeSecondsNoViewHasCome() {
    collection = () -> {};
    probe(900, 900);
    time.pass(Duration.ofSeconds(3));

    assertThat(probes.last()).get().extracting(Effect::fullViewCame).isEqualTo(false);
  }

  @Test
  void afterThreeRequestsForNothingItIsBlind() {
    collection = () -> {};
    for (int i = 0; i < 3; i++) {
      probe(900, 900);
      time.pass(Duration.ofSeconds(10));
      probes.settle();
    }

    assertThat(probes.blind()).isTrue();
  }

  @Test
  void oneFullViewEndsTheBlindness() {
    afterThreeRequestsForNothingItIsBlind();
    collection = heap::collectFully;

    probe(900, 900);
    probes.settle();

    assertThat(probes.blind()).isFalse();
  }

  @Test
  void whatDoesNotBeginWithinAMinuteIsGivenUp() {
    probes.request("suspicion");
    time.pass(Duration.ofSeconds(61));

    assertThat(probes.request("suspicion")).isTrue();
  }

  @Test
  void whatWasGivenUpDoesNotRunLater() {
    probes.request("suspicion");
    time.pass(Duration.ofSeconds(61));
    probes.settle();

    run();

    assertThat(heap.live().fullCollections()).isZero();
  }

  @Test
  void requestsAreCountedByReason() {
    probe(900, 900);

    assertThat(telemetry.counted("memory.probe.collections{reason=suspicion}")).isEqualTo(1);
  }

  @Test
  void aReasonThatIsNotKnownIsCountedAsOther() {
    probes.request("whatever");

    assertThat(telemetry.counted("memory.probe.collections{reason=other}")).isEqualTo(1);
  }

  @Test
  void theTimeIsRecorded() {
    probe(900, 900);
    probes.settle();

    assertThat(telemetry.timed("memory.probe.collection")).containsExactly(Duration.ofMillis(30));
  }

  @Test
  void whatWasFreedIsCounted() {
    heap.uses(950);
    probe(900, 300);
    probes.settle();

    assertThat(telemetry.counted("memory.probe.freed.bytes")).isEqualTo(650 * FakeHeap.MIB);
  }

  private void probe(long seen, long truth) {
    heap.seems(seen, truth);
    probes.request("suspicion");
    run();
  }

  private void run() {
    for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
      next.run();
    }
    probes.settle();
  }

  private ProbeCollections probes(Executor executor, boolean allowed) {
    return new ProbeCollections(
        heap::live,
        new Runner(executor, allowed),
        time.clocks(),
        telemetry,
        () -> collection.run());
  }
}
