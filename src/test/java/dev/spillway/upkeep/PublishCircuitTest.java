package dev.spillway.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upkeep.PublishStatus.State;
import dev.spillway.upload.SetClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PublishCircuitTest {

  private final AtomicLong nanos = new AtomicLong();
  private final SetClock clock = new SetClock();
  private final PublishCircuit circuit = new PublishCircuit(clock, nanos::get, () -> 0);

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
    clock.advance(time);
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      circuit.failed("no route to it");
    }
  }

  @Test
  void itOpensAtTheThirdFailureInARow() {
    fail(2);
    circuit.answered();
    fail(2);
    assertThat(circuit.state()).isEqualTo(State.CLOSED);
    fail(1);
    assertThat(circuit.state()).isEqualTo(State.OPEN);
    assertThat(circuit.view().reason()).isEqualTo("no route to it");
    assertThat(circuit.view().failures()).isEqualTo(3);
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
    assertThat(circuit.view().failures()).isEqualTo(10);
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
    assertThat(circuit.view().since()).isEqualTo(opened);
    assertThat(circuit.view().nextTry()).hasValue(opened.plusSeconds(1));
    pass(Duration.ofSeconds(1));
    assertThat(circuit.view().nextTry()).isEmpty();
    circuit.answered();
    assertThat(circuit.view())
        .isEqualTo(
            new PublishStatus.Circuit(State.CLOSED, clock.instant(), "", 0, Optional.empty()));
  }

  @Test
  void ofRefusalsInARowOnlyTheFirstThreeCostAFile() {
    for (int i = 1; i <= 10; i++) {
      circuit.refused("no permission");
      assertThat(circuit.givesUp()).isEqualTo(i <= 3);
    }
    assertThat(circuit.state()).isEqualTo(State.REFUSED);
  }

  @Test
  void afterAGoodProbeTheNextRefusalClosesTheDoorAgainAndCostsNoFile() {
    for (int i = 0; i < 3; i++) {
      circuit.refused("no permission");
    }
    pass(Duration.ofMinutes(1));
    circuit.probeBegun();
    circuit.probeWell();
    assertThat(circuit.mayBegin(1)).isTrue();
    circuit.refused("no permission");
    assertThat(circuit.givesUp()).isFalse();
    assertThat(circuit.state()).isEqualTo(State.REFUSED);
  }

  @Test
  void aSuccessMakesTheNextRefusalTheFirstOne() {
    circuit.refused("no permission");
    circuit.refused("no permission");
    circuit.succeeded();
    circuit.refused("no permission");
    circuit.refused("no permission");
    assertThat(circuit.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void workMakesTheNextProbeComeSoonerButNotAtOnce() {
    for (int i = 0; i < 3; i++) {
      circuit.refused("no permission");
    }
    pass(Duration.ofSeconds(2));
    circuit.workCame();
    assertThat(circuit.isProbeDue()).isFalse();
    pass(Duration.ofSeconds(3));
    assertThat(circuit.isProbeDue()).isTrue();
  }
}
