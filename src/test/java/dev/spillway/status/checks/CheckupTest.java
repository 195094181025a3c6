package dev.spillway.status.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.status.CheckResult;
import dev.spillway.status.Figures;
import dev.spillway.status.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckupTest {

  private final Checkup checkup = new Checkup(Seen.limits());
  private final Seen seen = new Seen();

  private CheckResult look(String name, boolean draining, Check... readiness) {
    return checkup
        .look(seen.observation(), List.of(readiness), draining, Instant.EPOCH)
        .checks()
        .stream()
        .filter(check -> check.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatMakesTheServerNotReadyCountsAtOnce() {
    CheckResult check = look("catalog", false, Check.failing("catalog", "It does not answer."));
    assertThat(check.level()).isEqualTo(Level.CRITICAL);
    assertThat(check.kind()).isEqualTo(CheckResult.Kind.READINESS);
    assertThat(check.sentence()).isEqualTo("It does not answer");
  }

  @Test
  void aDrainIsMeantAndNoFailure() {
    Check closed = Check.failing("admission", "No new work.");
    assertThat(look("admission", true, closed).level()).isEqualTo(Level.WARNING);
    assertThat(look("admission", false, closed).level()).isEqualTo(Level.CRITICAL);
  }

  @Test
  void whatIsOverAndStillShownIsToldToBeRecovering() {
    seen.buffers = new Figures.Buffers(95, 100, 3, 5, Duration.ofSeconds(1));
    look("buffers", false);
    assertThat(look("buffers", false).level()).isEqualTo(Level.CRITICAL);
    seen.buffers = new Figures.Buffers(34, 100, 3, 0, Duration.ZERO);
    CheckResult after = look("buffers", false);
    assertThat(after.level()).isEqualTo(Level.CRITICAL);
    assertThat(after.sentence().replace('\u00a0', ' '))
        .isEqualTo("Buffers 34 % used, nobody waiting; recovering");
  }
}
