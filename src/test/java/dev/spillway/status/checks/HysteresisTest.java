package dev.spillway.status.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.status.Level;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class HysteresisTest {

  private Instant now = Instant.EPOCH;
  private final Hysteresis check = new Hysteresis(now);

  private Level after(int looks, Level level) {
    for (int i = 0; i < looks; i++) {
      now = now.plusSeconds(5);
      check.look(level, now);
    }
    return check.level();
  }

  @Test
  void theFirstGoodLookCounts() {
    assertThat(after(1, Level.OK)).isEqualTo(Level.OK);
  }

  @Test
  void threeBadLooksInARowWarn() {
    after(1, Level.OK);
    assertThat(after(2, Level.WARNING)).isEqualTo(Level.OK);
    assertThat(after(1, Level.WARNING)).isEqualTo(Level.WARNING);
    assertThat(check.since()).isEqualTo(now);
  }

  @Test
  void aGoodLookInBetweenBeginsTheCountAnew() {
    after(1, Level.OK);
    after(2, Level.WARNING);
    after(1, Level.OK);
    assertThat(after(2, Level.WARNING)).isEqualTo(Level.OK);
  }

  @Test
  void twoCriticalLooksInARowAreCritical() {
    after(1, Level.OK);
    assertThat(after(1, Level.CRITICAL)).isEqualTo(Level.OK);
    assertThat(after(1, Level.CRITICAL)).isEqualTo(Level.CRITICAL);
  }

  @Test
  void badLooksOfBothKindsWarn() {
    after(1, Level.OK);
    after(1, Level.CRITICAL);
    after(1, Level.WARNING);
    assertThat(after(1, Level.CRITICAL)).isEqualTo(Level.WARNING);
  }

  @Test
  void twelveGoodLooksInARowEndIt() {
    after(3, Level.WARNING);
    assertThat(after(11, Level.OK)).isEqualTo(Level.WARNING);
    assertThat(after(1, Level.OK)).isEqualTo(Level.OK);
  }

  @Test
  void aBadLookAmongTheGoodOnesBeginsTheCountAnew() {
    after(3, Level.WARNING);
    after(11, Level.OK);
    after(1, Level.WARNING);
    assertThat(after(11, Level.OK)).isEqualTo(Level.WARNING);
  }

  @Test
  void fromCriticalItComesBackToTheWorstOfTheBetterLooks() {
    after(2, Level.CRITICAL);
    after(6, Level.OK);
    after(1, Level.WARNING);
    assertThat(after(5, Level.OK)).isEqualTo(Level.WARNING);
    assertThat(after(12, Level.OK)).isEqualTo(Level.OK);
  }

  @Test
  void withoutDataATroubleIsNotOverAtOnce() {
    after(3, Level.WARNING);
    assertThat(after(11, Level.UNKNOWN)).isEqualTo(Level.WARNING);
    assertThat(after(1, Level.UNKNOWN)).isEqualTo(Level.UNKNOWN);
  }

  @Test
  void aHardFactCountsAtOnceInBothDirections() {
    check.fact(Level.CRITICAL, now.plusSeconds(1));
    assertThat(check.level()).isEqualTo(Level.CRITICAL);
    check.fact(Level.OK, now.plusSeconds(2));
    assertThat(check.level()).isEqualTo(Level.OK);
    assertThat(check.since()).isEqualTo(now.plusSeconds(2));
  }

  @Test
  void theSinceStaysWhileTheLevelDoes() {
    after(1, Level.OK);
    Instant first = check.since();
    after(20, Level.OK);
    assertThat(check.since()).isEqualTo(first);
  }
}
