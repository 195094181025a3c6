package dev.spillway.status.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.status.CheckResult;
import dev.spillway.status.CheckResult.Kind;
import dev.spillway.status.Figures;
import dev.spillway.status.Level;
import dev.spillway.status.Verdict;
import dev.spillway.status.Verdict.State;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictsTest {

  private static final Instant NOW = Instant.parse("2026-01-02T12:04:00Z");
  private static final Instant SINCE = Instant.parse("2026-01-02T11:58:00Z");

  private final Verdicts verdicts = new Verdicts(NOW);
  private final Seen seen = new Seen();

  private static CheckResult check(Kind kind, Level level, String sentence) {
    return new CheckResult("it", kind, level, sentence, "", NOW);
  }

  private Situation situation(boolean young, boolean draining, boolean quiet) {
    return new Situation(
        NOW, young, draining ? Optional.of(SINCE) : Optional.empty(), quiet, seen.figures());
  }

  private Verdict verdict(CheckResult... checks) {
    return verdicts.of(new Checkup.Result(List.of(checks), 0), situation(false, false, false));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    // state, readiness, service, saturation, draining, pending, quiet
    "FAILING, CRITICAL, CRITICAL, CRITICAL, true, true, true",
    "FAILING, OK, CRITICAL, OK, false, false, false",
    "DRAINING, WARNING, WARNING, CRITICAL, true, true, true",
    "STARTING, OK, WARNING, CRITICAL, false, true, true",
    "BUSY, OK, WARNING, CRITICAL, false, false, true",
    "BUSY, OK, WARNING, WARNING, false, false, false",
    "DEGRADED, OK, WARNING, OK, false, false, true",
    "IDLE, OK, OK, OK, false, false, true",
    "IDLE, OK, UNKNOWN, UNKNOWN, false, false, true",
    "OK, OK, OK, OK, false, false, false"
  })
  void theFirstThatAppliesIsTheState(
      State state,
      Level readiness,
      Level service,
      Level saturation,
      boolean draining,
      boolean pending,
      boolean quiet) {
    Checkup.Result result =
        new Checkup.Result(
            List.of(
                check(Kind.READINESS, readiness, "A"),
                check(Kind.SERVICE, service, "B"),
                check(Kind.SATURATION, saturation, "C")),
            pending ? 1 : 0);
    assertThat(verdicts.of(result, situation(true, draining, quiet)).state()).isEqualTo(state);
  }

  @Test
  void failingNamesTheCauseAndHowManyAreAffected() {
    Verdict verdict =
        verdict(
            check(Kind.SATURATION, Level.CRITICAL, "Buffers full"),
            check(Kind.READINESS, Level.CRITICAL, "The catalogue does not answer"));
    assertThat(headline(verdict))
        .isEqualTo("Failing – the catalogue does not answer, 42 uploads affected");
    assertThat(verdict.check()).hasValue("it");
  }

  @Test
  void drainingTellsHowManyAreLeftAndSinceWhen() {
    Figures.Open open = Seen.open(OptionalLong.of(12), 1, 0, 0);
    seen.open =
        new Figures.Open(
            open.uploads(),
            1,
            0,
            0,
            open.failed(),
            open.missingBytes(),
            Optional.of(NOW.minusSeconds(250)),
            Optional.empty());
    Verdict verdict = verdicts.of(new Checkup.Result(List.of(), 0), situation(false, true, false));
    assertThat(headline(verdict))
        .isEqualTo("Draining – 12 uploads left, oldest 4 min; new uploads get 503 since 11:58 UTC");
  }

  @Test
  void startingTellsHowManyChecksHaveRun() {
    Verdict verdict =
        verdicts.of(
            new Checkup.Result(
                List.of(
                    check(Kind.SERVICE, Level.OK, "A"), check(Kind.SERVICE, Level.UNKNOWN, "B")),
                1),
            situation(true, false, false));
    assertThat(headline(verdict)).isEqualTo("Starting – 1 of 2 checks have run");
  }

  @Test
  void aCheckThatCannotLookForLongIsNoStart() {
    Verdict verdict =
        verdicts.of(
            new Checkup.Result(List.of(check(Kind.SERVICE, Level.UNKNOWN, "B")), 1),
            situation(false, false, false));
    assertThat(verdict.state()).isEqualTo(State.OK);
  }

  @Test
  void busyNamesTheWorstResource() {
    Verdict verdict =
        verdict(
            check(Kind.SATURATION, Level.WARNING, "Collections take 6 % of the time"),
            check(Kind.SATURATION, Level.CRITICAL, "Buffer memory 93 % full, 17 chunks waiting"));
    assertThat(headline(verdict)).isEqualTo("Busy – buffer memory 93 % full, 17 chunks waiting");
    assertThat(verdict.explanation()).isEqualTo("Clients are slowed down, nothing is lost.");
  }

  @Test
  void okTellsWhatIsGoingOn() {
    assertThat(headline(verdict()))
        .isEqualTo("OK – 42 uploads in progress, 118 MiB/s in, nothing waiting");
  }

  @Test
  void idleTellsWhenTheLastUploadFinished() {
    seen.open =
        new Figures.Open(
            OptionalLong.of(0),
            0,
            0,
            0,
            OptionalLong.of(0),
            OptionalLong.of(0),
            Optional.empty(),
            Optional.of(NOW.minusSeconds(14 * 60)));
    Verdict verdict = verdicts.of(new Checkup.Result(List.of(), 0), situation(false, false, true));
    assertThat(headline(verdict)).isEqualTo("OK – idle; last upload finished 14 min ago");
  }

  @Test
  void theSinceStaysWhileTheStateDoes() {
    Verdict first = verdict();
    assertThat(first.since()).isEqualTo(NOW);
    Verdict later =
        verdicts.of(
            new Checkup.Result(List.of(), 0),
            new Situation(NOW.plusSeconds(60), false, Optional.empty(), false, seen.figures()));
    assertThat(later.since()).isEqualTo(NOW);
  }

  private static String headline(Verdict verdict) {
    return verdict.headline().replace('\u00a0', ' ');
  }
}
