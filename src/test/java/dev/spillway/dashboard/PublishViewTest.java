package dev.spillway.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.status.Figures;
import dev.spillway.status.MadeUpPublishing;
import dev.spillway.upkeep.PublishStatus.Circuit;
import dev.spillway.upkeep.PublishStatus.State;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is said of the next trial. */
class PublishViewTest {

  private static final String NO_TRIAL = "; no file waits, so the next finished one is the trial.";
  private static final String NOW =
      "; one file is tried now, and the others go on when it is taken.";

  private static String about(Figures.Publish publish) {
    Live.Builder live = new Live.Builder();
    PublishView.of(publish, Specimens.snapshot(Specimens.situation("idle")), live, "");
    return live.build().texts().getOrDefault("publish.about", "");
  }

  private static MadeUpPublishing due(State state) {
    return MadeUpPublishing.refused()
        .with(new Circuit(state, MadeUpPublishing.SINCE, "no", 3, Optional.empty()));
  }

  @Test
  void whenNothingWaitsNoneIsSaidToBeTried() {
    assertThat(about(due(State.REFUSED).nothingWaits())).contains("put that right" + NO_TRIAL);
    assertThat(about(due(State.OPEN).nothingWaits())).endsWith("in a row" + NO_TRIAL);
  }

  @Test
  void norIsATimeToldAtWhichNothingIsTried() {
    assertThat(about(MadeUpPublishing.refused().nothingWaits()))
        .contains("put that right" + NO_TRIAL);
  }

  @Test
  void whatFailedHasToBeFinishedAgainWhateverElseWaits() {
    assertThat(about(due(State.REFUSED).nothingWaits()))
        .endsWith(" Those that have failed have to be finished again.");
  }

  @Test
  void whatWaitsIsTriedNow() {
    assertThat(about(due(State.REFUSED).waiting(1, Duration.ofSeconds(9)))).contains(NOW);
    assertThat(about(due(State.OPEN).waiting(1, Duration.ofSeconds(9))))
        .endsWith("; the next one is now, and files go on by themselves.");
  }

  @Test
  void theFileThatIsTheTrialIsNotTakenForNothing() {
    assertThat(
            about(
                due(State.REFUSED)
                    .with(Specimens.underway(1, "a.bin", 0, Optional.empty()))
                    .nothingWaits()))
        .contains(NOW);
  }

  @Test
  void whatIsNotKnownToBeNothingMayBeTriedNow() {
    assertThat(about(due(State.REFUSED).unknown())).contains(NOW);
  }
}
