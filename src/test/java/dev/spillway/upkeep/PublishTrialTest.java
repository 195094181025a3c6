package dev.spillway.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upkeep.PublishStatus.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a destination that refuses this server is tried with, and what comes of it. */
class PublishTrialTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration SOON = Duration.ofSeconds(5);

  private final PublishBench bench = new PublishBench(2, () -> 0);

  @BeforeEach
  void beRefused() {
    bench.add(20);
    for (int i = 0; i < 3; i++) {
      bench.refuse(bench.beginOne());
    }
    assertThat(bench.scheduler.state()).isEqualTo(State.REFUSED);
    assertThat(bench.waiting).hasSize(17);
    assertThat(bench.told()).hasSize(1);
  }

  @Test
  void itIsOneFileAMinuteAndCostsNone() {
    Instant since = bench.status().circuit().since();
    for (int i = 0; i < 10; i++) {
      bench.requireNothingToDo();
      bench.pass(MINUTE);
      FileOnItsWay trial = bench.beginOne();
      bench.requireNothingToDo();
      bench.refuse(trial);
    }
    assertThat(bench.waiting).hasSize(17);
    assertThat(bench.status().circuit().since()).isEqualTo(since);
    assertThat(bench.told()).isEmpty();
  }

  @Test
  void anotherReasonIsToldOnce() {
    for (int i = 0; i < 4; i++) {
      bench.pass(MINUTE);
      bench.refuse(bench.beginOne(), i % 2 == 0 ? "no such bucket" : "no permission");
    }
    assertThat(bench.told()).singleElement().asString().contains("no such bucket");
    assertThat(bench.status().circuit().reason()).isEqualTo("no permission");
  }

  @Test
  void itsFirstBytesLetTheOthersGo() {
    bench.pass(MINUTE);
    FileOnItsWay trial = bench.beginOne();
    bench.scheduler.answered(trial);
    assertThat(bench.scheduler.state()).isEqualTo(State.CLOSED);
    assertThat(bench.begin()).isPresent();
  }

  @Test
  void anEmptyFileLetsTheOthersGoWhenItHasArrived() {
    bench.pass(MINUTE);
    bench.succeed(bench.beginOne());
    assertThat(bench.scheduler.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void aFileThatWasLetInBeforeNeitherClosesItNorKeepsATrialFromBeingBegun() {
    PublishBench other = new PublishBench(2, () -> 0);
    other.add(20);
    FileOnItsWay large = other.begin().orElseThrow();
    for (int i = 0; i < 3; i++) {
      other.refuse(other.begin().orElseThrow());
    }
    other.scheduler.answered(large);
    assertThat(other.scheduler.state()).isEqualTo(State.REFUSED);
    other.pass(MINUTE);
    assertThat(other.begin()).isPresent();
  }

  @Test
  void whoeverIsRefusedAfterTheWholeFileHasGoneIsNotLetInByHisBytes() {
    for (int i = 0; i < 4; i++) {
      bench.pass(MINUTE);
      FileOnItsWay trial = bench.beginOne();
      trial.at(trial.upload().size());
      bench.scheduler.answered(trial);
      bench.refuse(trial);
    }
    // Only the first of them was believed.
    assertThat(bench.told()).hasSize(2);
    bench.pass(MINUTE);
    bench.succeed(bench.beginOne());
    assertThat(bench.scheduler.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void newWorkBringsItForward() {
    bench.pass(SOON.minusNanos(1));
    bench.add();
    bench.requireNothingToDo();
    bench.pass(Duration.ofNanos(1));
    bench.refuse(bench.beginOne());
    bench.add();
    bench.requireNothingToDo();
    bench.pass(SOON);
    assertThat(bench.begin()).isPresent();
  }

  @Test
  void aDestinationThatDoesNotAnswerIsTriedAgainAMinuteLater() {
    bench.pass(MINUTE);
    FileOnItsWay trial = bench.beginOne();
    bench.pass(MINUTE);
    bench.failThere(trial);
    bench.pass(MINUTE.minusNanos(1));
    bench.requireNothingToDo();
    bench.pass(Duration.ofNanos(1));
    assertThat(bench.begin()).isPresent();
  }

  @Test
  void theOnlyFileIsTriedAlthoughItsOwnTimeHasNotCome() {
    bench.waiting.keySet().retainAll(List.copyOf(bench.waiting.keySet()).subList(0, 1));
    bench.tick();
    for (int i = 0; i < 12; i++) {
      bench.pass(MINUTE);
      bench.refuse(bench.beginOne());
    }
    assertThat(bench.waiting).hasSize(1);
  }

  @Test
  void aTrialThatIsLostKeepsNoOtherFromBeingBegun() {
    bench.pass(MINUTE);
    bench.lose(bench.beginOne());
    bench.pass(MINUTE);
    assertThat(bench.begin()).isPresent();
  }
}
