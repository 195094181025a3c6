package dev.spillway.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upkeep.PublishStatus.State;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is begun next, decided one step after the other. Chance shortens no pause. */
class PublishSchedulerTest {

  private static final Duration LONG = PublishDelays.LONGEST;

  private final PublishBench bench = new PublishBench(2, () -> 0);

  /** Has all that may be begun now succeed. */
  private List<UploadId> drain() {
    List<UploadId> done = new ArrayList<>();
    for (var file = bench.begin(); file.isPresent(); file = bench.begin()) {
      done.add(file.get().upload().id());
      bench.succeed(file.get());
    }
    return done;
  }

  @Test
  void tenThousandAreGoneThroughInTheirOrderAFewAtATime() {
    bench.add(10_000);
    List<UploadId> order = List.copyOf(bench.waiting.keySet());
    assertThat(drain()).isEqualTo(order);
    assertThat(bench.mostAskedFor).isEqualTo(PublishBacklog.PAGE);
    assertThat(bench.looks).isLessThan(1300);
    bench.requireNothingToDo();
  }

  @Test
  void whatIsOnItsWayIsNotBegunAgain() {
    bench.add(2);
    bench.beginOne();
    bench.tick();
    bench.beginOne();
    bench.tick();
    for (var task = bench.scheduler.task(bench);
        task.isPresent();
        task = bench.scheduler.task(bench)) {
      task.get().work().run();
    }
    assertThat(bench.underway).hasSize(2);
  }

  @Test
  void hundredsThatFailKeepNoneOfTheOthersFromGoing() {
    bench.add(5000);
    Set<UploadId> bad = new HashSet<>(List.copyOf(bench.waiting.keySet()).subList(0, 500));
    for (var file = bench.begin(); file.isPresent(); file = bench.begin()) {
      if (bad.contains(file.get().upload().id())) {
        bench.failHere(file.get());
      } else {
        bench.succeed(file.get());
      }
    }
    assertThat(bench.waiting.keySet()).isEqualTo(bad);
    assertThat(bench.mostAskedFor).isLessThanOrEqualTo(500 + 2 + PublishBacklog.PAGE);
    bench.pass(LONG);
    drain();
    assertThat(bench.waiting).isEmpty();
  }

  @Test
  void whenAThousandFailOneByOneOnlyTheyAreTriedUntilOneArrives() {
    bench.add(3000);
    for (var file = bench.begin(); file.isPresent(); file = bench.begin()) {
      bench.failHere(file.get());
    }
    bench.requireNothingToDo();
    assertThat(bench.scheduler.pause()).isPresent();
    assertThat(bench.known()).isBetween(1000, 1000 + PublishBacklog.PAGE);
    assertThat(bench.mostAskedFor).isLessThanOrEqualTo(1000 + 3 + 2 * PublishBacklog.PAGE);

    bench.pass(LONG);
    drain();
    bench.tick();
    drain();
    assertThat(bench.waiting).isEmpty();
    assertThat(bench.scheduler.pause()).isEmpty();
  }

  @Test
  void aFileThatFailsAgainWaitsLongerUpToFiveMinutes() {
    bench.add();
    for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300}) {
      bench.failHere(bench.beginOne());
      bench.pass(Duration.ofSeconds(seconds).minusNanos(1));
      bench.requireNothingToDo();
      bench.pass(Duration.ofNanos(1));
    }
    drain();
    assertThat(bench.waiting).isEmpty();
  }

  @Test
  void aTrialIsOneFileAndNotTheOneThatFailedLast() {
    bench.add(10);
    FileOnItsWay first = bench.beginOne();
    bench.scheduler.troubled(first, "slow");
    bench.scheduler.troubled(first, "slow");
    bench.failThere(first);
    bench.requireNothingToDo();
    bench.pass(Duration.ofMillis(999));
    bench.requireNothingToDo();
    bench.pass(Duration.ofMillis(1));
    FileOnItsWay trial = bench.beginOne();
    assertThat(trial.upload()).isNotEqualTo(first.upload());
    bench.requireNothingToDo();
    bench.scheduler.answered(trial);
    assertThat(bench.begin()).isPresent();
  }

  @Test
  void whenAllWaitForTheirTimeTheNextOneIsTheTrial() {
    Upload only = bench.add();
    for (int i = 0; i < 12; i++) {
      // Soon its own time would be minutes later than that of the destination.
      FileOnItsWay file = bench.beginOne();
      assertThat(file.upload()).isEqualTo(only);
      bench.failThere(file);
      bench.pass(PublishCircuit.LONGEST_PAUSE);
    }
    assertThat(bench.scheduler.state()).isEqualTo(State.OPEN);
    assertThat(bench.begin()).isPresent();
  }

  /** It would be tried without end: that it fails says nothing of the destination. */
  @Test
  void whatFailsHereIsNoTrialBeforeItsTime() {
    bench.add(5);
    for (int i = 0; i < 3; i++) {
      bench.failThere(bench.beginOne());
    }
    assertThat(bench.scheduler.state()).isEqualTo(State.OPEN);
    bench.pass(PublishCircuit.FIRST_PAUSE);
    int begun = 0;
    for (var file = bench.begin(); file.isPresent() && begun < 100; file = bench.begin()) {
      bench.failHere(file.get());
      begun++;
    }
    // Each of them once.
    assertThat(begun).isEqualTo(5);
    bench.requireNothingToDo();
    bench.pass(PublishDelays.FIRST.multipliedBy(2));
    bench.succeed(bench.beginOne());
    assertThat(bench.scheduler.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void whenTheDestinationIsBackNobodyWaitsBecauseOfIt() {
    bench.add(3);
    for (int i = 0; i < 3; i++) {
      FileOnItsWay file = bench.beginOne();
      bench.failThere(file);
      bench.pass(Duration.ofMinutes(i));
    }
    bench.pass(Duration.ofMinutes(1));
    bench.succeed(bench.beginOne());
    assertThat(bench.scheduler.state()).isEqualTo(State.CLOSED);
    drain();
    assertThat(bench.waiting).isEmpty();
  }

  @Test
  void whatIsGoneFromTheCatalogueIsForgotten() {
    bench.add(5);
    for (int i = 0; i < 5; i++) {
      bench.failHere(bench.beginOne());
    }
    assertThat(bench.known()).isEqualTo(5);
    bench.waiting.clear();
    bench.tick();
    bench.requireNothingToDo();
    assertThat(bench.known()).isZero();
  }

  @Test
  void whatComesWhileSomebodyLooksIsNotMissed() {
    Upload first = bench.add();
    SlowLook slow = new SlowLook();
    bench.scheduler.task(slow).orElseThrow().work().run();
    assertThat(bench.scheduler.task(slow)).isEmpty();
    bench.add();
    bench.scheduler.found(slow.look, List.of(first));
    bench.succeed(bench.beginOne());
    bench.succeed(bench.beginOne());
    assertThat(bench.waiting).isEmpty();
  }

  @Test
  void whatHasArrivedWhileSomebodyLooksIsNotBegunAgain() {
    bench.add(1);
    FileOnItsWay file = bench.beginOne();
    bench.tick();
    SlowLook slow = new SlowLook();
    List<Upload> seen = List.copyOf(bench.waiting.values());
    bench.scheduler.task(slow).orElseThrow().work().run();
    bench.succeed(file);
    bench.scheduler.found(slow.look, seen);
    bench.requireNothingToDo();
  }

  @Test
  void theOldestWhoseTimeHasComeWaitsForFewOthers() {
    bench.add(100);
    FileOnItsWay oldest = bench.beginOne();
    bench.failHere(oldest);
    bench.pass(PublishDelays.FIRST);
    List<UploadId> done = drain();
    assertThat(done.indexOf(oldest.upload().id())).isLessThanOrEqualTo(8);
  }

  @Test
  void whileAPageIsOnItsWayTheOthersWaitNevertheless() {
    PublishBench wide = new PublishBench(PublishBacklog.PAGE, () -> 0);
    wide.add(20);
    while (wide.begin().isPresent()) {
      wide.pass(Duration.ofMinutes(10));
    }
    assertThat(wide.underway).hasSize(PublishBacklog.PAGE);
    assertThat(wide.scheduler.occupancy(PublishBacklog.PAGE).oldestWait())
        .isGreaterThan(Duration.ofHours(1));
  }

  @Test
  void whatHasFailedAndIsTriedAgainStillWaits() {
    bench.add();
    bench.failHere(bench.beginOne());
    bench.pass(Duration.ofMinutes(10));
    bench.beginOne();
    assertThat(bench.scheduler.occupancy(2).oldestWait())
        .isEqualTo(Duration.ofMinutes(10).minusSeconds(1));
  }

  @Test
  void whenTheDestinationIsBackTheOldestGoFirst() {
    bench.add(40);
    List<UploadId> order = List.copyOf(bench.waiting.keySet());
    for (int i = 0; i < 3; i++) {
      bench.failThere(bench.beginOne());
    }
    bench.pass(PublishCircuit.FIRST_PAUSE);
    FileOnItsWay trial = bench.beginOne();
    assertThat(trial.upload().id()).isEqualTo(order.get(3));
    bench.succeed(trial);
    assertThat(drain().subList(0, 4))
        .containsExactly(order.get(0), order.get(1), order.get(2), order.get(4));
  }

  @Test
  void newsOfAnOldEndIsNone() {
    bench.add();
    FileOnItsWay file = bench.beginOne();
    bench.succeed(file);
    bench.scheduler.failed(file);
    bench.scheduler.published(file);
    PublishStatus.Totals totals = bench.status().totals();
    assertThat(totals.files()).isEqualTo(1);
    assertThat(totals.failed()).isZero();
  }
}
