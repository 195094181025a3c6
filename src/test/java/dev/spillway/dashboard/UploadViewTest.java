package dev.spillway.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.status.Snapshot;
import dev.spillway.upload.UploadState;
import java.util.List;
import org.junit.jupiter.api.Test;

class UploadViewTest {

  private static List<UploadView.Choice> actions(UploadState state, String situation) {
    Snapshot now = Specimens.snapshot(Specimens.situation(situation));
    return UploadView.of(Specimens.detail(state), now, action -> "token").actions();
  }

  @Test
  void whatIsOnItsWayToADestinationIsLeftAlone() {
    assertThat(actions(UploadState.PUBLISHING, "bucket-away")).isEmpty();
  }

  @Test
  void whatWasOnItsWayToADestinationThatIsNotSetAnyMoreMayBeFinishedHereAfterAReview() {
    assertThat(actions(UploadState.PUBLISHING, "failing"))
        .singleElement()
        .satisfies(
            choice -> {
              assertThat(choice.path()).isEqualTo("retry");
              assertThat(choice.review()).isTrue();
            });
  }
}
