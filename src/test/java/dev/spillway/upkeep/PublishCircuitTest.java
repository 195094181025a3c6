package dev.spillway.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upkeep.FileOnItsWay.Reach;
import dev.spillway.upkeep.PublishStatus.State;
import dev.spillway.upload.SetClock;
import dev.spillway.upload.UploadId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PublishCircuitTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Random ids = new Random(1);
  private final AtomicLong nanos = new AtomicLong();
  private final SetClock clock = new SetClock();
  private final PublishCircuit circuit = new PublishCircuit(clock, nanos::get, () -> 0);

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
    clock.advance(time);
  }

  private void fail(int times) {
    fail(times, Reach.NOTHING);
  }

  private void fail(int times, Reach reach) {
    for (int i = 0; i < times; i++) {
      circuit.failed("no route to it", UploadId.random(ids), circuit.era(), reach);
    }
  }

  /** Each is another file. */
  private void failAtTheirEnds(int files) {
    fail(files, Reach.END);
  }

  private void refuse(int times) {
    for (int i = 0; i < times; i++) {
      circuit.refused("no permission", circuit.era(), Reach.NOTHING);
    }
  }

  @Test
  void itOpensAtTheThirdFailureInARow() {
    fail(2);
    circuit.answered(circuit.era());
    fail(2);
    assertThat(circuit.state()).isEqualTo(State.CLOSED);
    fail(1);
    assertThat(circuit.state()).isEqualTo(State.OPEN);
    assertThat(circuit.view(0).reason()).isEqualTo("no route to it");
    assertThat(circuit.view(0).failures()).isEqualTo(3);
  }

  @Test
  void eachVainTrialDoublesThePauseUpToAMinute() {
    fail(3);
    for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 60, 60}) {
      assertThat(circuit.untilNextTry()).isEqualTo(TimeUnit.SECONDS.toNanos(seconds));
      assertThat(circuit.mayBegin(0)).isFalse();
      pass(Duration.ofSeconds(seconds));
      assertThat(circuit.mayBegin(0)).isTrue();
      fail(1);
    }
  }

  @Test
  void troublesBeforeItsTimeDoNotMakeThePauseLonger() {
    fail(10);
    assertThat(circuit.untilNextTry()).isEqualTo(TimeUnit.SECONDS.toNanos(1));
    assertThat(circuit.view(0).failures()).isEqualTo(10);
  }

  @Test
  void chanceTakesAwayNoMoreThanHalfOfAPause() {
    DoublingPause pause =
        new DoublingPause(Duration.ofSeconds(1), Duration.ofMinutes(1), new Random(7));
    for (int failures = 1; failures < 100; failures++) {
      long whole = TimeUnit.SECONDS.toNanos(Math.min(60, 1L << Math.min(failures - 1, 6)));
      assertThat(pause.nanos(failures)).isBetween(whole / 2, whole);
    }
  }

  @Test
  void whileOneIsOnItsWayItIsTheTrial() {
    fail(3);
    pass(Duration.ofSeconds(1));
    assertThat(circuit.mayBegin(1)).isFalse();
    assertThat(circuit.mayBegin(0)).isTrue();
  }

  @Test
  void theViewSaysWhenItIsTriedNextUnlessItIsJustBeingTried() {
    Instant opened = clock.instant();
    fail(3);
    assertThat(circuit.view(0).since()).isEqualTo(opened);
    assertThat(circuit.view(0).nextTry()).hasValue(opened.plusSeconds(1));
    pass(Duration.ofSeconds(1));
    assertThat(circuit.view(1).nextTry()).isEmpty();
    circuit.answered(circuit.era());
    assertThat(circuit.view(0))
        .isEqualTo(
            new PublishStatus.Circuit(State.CLOSED, clock.instant(), "", 0, Optional.empty()));
  }

  @Test
  void whileEndsFailOnlyAnArrivalClosesIt() {
    failAtTheirEnds(3);
    fail(2, Reach.SOMETHING);
    circuit.answered(circuit.era());
    circuit.spoke();
    assertThat(circuit.state()).isEqualTo(State.OPEN);
    circuit.succeeded(circuit.era());
    assertThat(circuit.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void whileEndsFailBytesInBetweenDoNotKeepItFromOpening() {
    for (int i = 0; i < 5; i++) {
      failAtTheirEnds(1);
      circuit.answered(circuit.era());
    }
    assertThat(circuit.state()).isEqualTo(State.OPEN);
  }

  @Test
  void theEndOfOneFileAloneDoesNotKeepTheOthersFromGoing() {
    UploadId bad = UploadId.random(ids);
    for (int i = 0; i < 3; i++) {
      circuit.failed("it answers 502", bad, circuit.era(), Reach.END);
    }
    assertThat(circuit.state()).isEqualTo(State.OPEN);
    circuit.answered(circuit.era());
    assertThat(circuit.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void anEndThatFailedBeforeAnArrivalIsForgotten() {
    failAtTheirEnds(3);
    circuit.succeeded(circuit.era());
    fail(3, Reach.SOMETHING);
    circuit.answered(circuit.era());
    assertThat(circuit.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void onceNotEvenTheFirstBytesAreTakenTheNextOnesAreNewsAgain() {
    fail(3, Reach.END);
    circuit.answered(circuit.era());
    assertThat(circuit.state()).isEqualTo(State.OPEN);
    fail(1);
    circuit.answered(circuit.era());
    assertThat(circuit.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void ofRefusalsInARowOnlyTheFirstThreeCostAFile() {
    for (int i = 1; i <= 10; i++) {
      refuse(1);
      assertThat(circuit.givesUp()).isEqualTo(i <= 3);
    }
    assertThat(circuit.state()).isEqualTo(State.REFUSED);
  }

  @Test
  void theFirstBytesOfATrialCloseItAndTheNextRefusalStillCostsNoFile() {
    refuse(3);
    pass(MINUTE);
    circuit.begun();
    circuit.answered(circuit.era());
    assertThat(circuit.mayBegin(1)).isTrue();
    refuse(1);
    assertThat(circuit.givesUp()).isFalse();
    assertThat(circuit.state()).isEqualTo(State.REFUSED);
  }

  @Test
  void bytesOfAFileThatWasLetInBeforeCloseNothing() {
    int before = circuit.era();
    refuse(3);
    circuit.answered(before);
    circuit.succeeded(before);
    circuit.spoke();
    assertThat(circuit.state()).isEqualTo(State.REFUSED);
    circuit.refused("no permission", circuit.era(), Reach.NOTHING);
    assertThat(circuit.givesUp()).isFalse();
  }

  @Test
  void onceAWholeFileHasBeenTakenAndRefusedOnlyAnArrivalClosesIt() {
    for (int i = 0; i < 3; i++) {
      circuit.refused("it may not be compared", circuit.era(), Reach.END);
    }
    circuit.answered(circuit.era());
    assertThat(circuit.state()).isEqualTo(State.REFUSED);
    circuit.succeeded(circuit.era());
    assertThat(circuit.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void aTrialIsOneFileAMinute() {
    refuse(3);
    Instant since = circuit.since();
    for (int i = 0; i < 3; i++) {
      pass(MINUTE.minusNanos(1));
      assertThat(circuit.mayBegin(0)).isFalse();
      pass(Duration.ofNanos(1));
      assertThat(circuit.mayBegin(1)).isFalse();
      assertThat(circuit.mayBegin(0)).isTrue();
      circuit.begun();
      assertThat(circuit.mayBegin(0)).isFalse();
      pass(Duration.ofSeconds(30));
      refuse(1);
    }
    assertThat(circuit.since()).isEqualTo(since);
  }

  @Test
  void aTrialThatFailsPutsTheNextOneOff() {
    refuse(3);
    pass(MINUTE);
    circuit.begun();
    pass(MINUTE);
    fail(1);
    assertThat(circuit.untilNextTry()).isEqualTo(MINUTE.toNanos());
    assertThat(circuit.reason()).isEqualTo("no permission");
  }

  @Test
  void theNextTryOfARefusalIsNotTheOneThatIsBeingMade() {
    refuse(3);
    assertThat(circuit.view(0).nextTry()).hasValue(clock.instant().plus(MINUTE));
    pass(MINUTE);
    circuit.begun();
    assertThat(circuit.view(1).nextTry()).isEmpty();
  }

  @Test
  void aReasonIsNewsOnce() {
    refuse(3);
    int before = circuit.news();
    refuse(1);
    assertThat(circuit.news()).isEqualTo(before);
    circuit.refused("no such bucket", circuit.era(), Reach.NOTHING);
    assertThat(circuit.news()).isEqualTo(before + 1);
    assertThat(circuit.reason()).isEqualTo("no such bucket");
    refuse(1);
    assertThat(circuit.news()).isEqualTo(before + 1);
    assertThat(circuit.reason()).isEqualTo("no permission");
  }

  @Test
  void reasonsWithoutEndAreNotToldWithoutEnd() {
    refuse(3);
    int before = circuit.news();
    for (int i = 0; i < 100; i++) {
      circuit.refused("no permission for request " + i, circuit.era(), Reach.NOTHING);
    }
    assertThat(circuit.news()).isEqualTo(before + PublishCircuit.MOST_REASONS - 1);
  }

  @Test
  void aSuccessMakesTheNextRefusalTheFirstOne() {
    refuse(2);
    circuit.succeeded(circuit.era());
    refuse(2);
    assertThat(circuit.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void workMakesTheNextTrialComeSoonerButNotAtOnce() {
    refuse(3);
    pass(Duration.ofSeconds(2));
    circuit.workCame();
    assertThat(circuit.mayBegin(0)).isFalse();
    pass(Duration.ofSeconds(3));
    assertThat(circuit.mayBegin(0)).isTrue();
  }

  @Test
  void aTrialThatTheDestinationWasNotAskedForIsRepeatedSoonButNotAtOnce() {
    refuse(3);
    pass(MINUTE);
    circuit.begun();
    circuit.saidNothing(circuit.era());
    assertThat(circuit.untilNextTry()).isEqualTo(Duration.ofSeconds(5).toNanos());
  }
}
