package dev.spillway.operate;

import static dev.spillway.operate.OperatorSite.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upkeep.StaleUploadCleaner;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What stands on the page before an action. */
class ReviewsTest {

  private final OperatorSite site = new OperatorSite();

  private Confirmation confirm(Action action, Map<String, String> parameters) {
    return site.operations.confirm(action, parameters);
  }

  private List<String> consequences(Action action, Map<String, String> parameters) {
    return confirm(action, parameters).consequences().stream()
        .map(text -> text.replace('\u00a0', ' '))
        .toList();
  }

  @ParameterizedTest
  @EnumSource(Action.class)
  void askingChangesNothing(Action action) {
    Confirmation confirmation = confirm(action, Map.of("id", "x", "logger", "y", "z", "1"));
    assertThat(confirmation.question()).endsWith("?");
    assertThat(confirmation.parameters()).doesNotContainKey("z");
    assertThat(site.operations.audit()).isEmpty();
    assertThat(site.admission.stats().holding()).isFalse();
    assertThat(site.abandoned.runs).isEmpty();
  }

  @Test
  void aDrainTellsWhatIsStillToCome() {
    site.uploads.openNow(12, 3L << 30, 1 << 24);
    assertThat(consequences(Action.DRAIN, Map.of()))
        .contains("12 uploads may go on to the end: 3.00 GiB to come, about 3 min.");
    site.uploads.openNow(12, 3L << 30, 0);
    assertThat(consequences(Action.DRAIN, Map.of()))
        .contains("12 uploads may go on to the end: 3.00 GiB to come.");
    site.uploads.openNow(0, 0, 0);
    assertThat(consequences(Action.DRAIN, Map.of())).contains("No upload is open.");
  }

  @Test
  void aPurgeTellsCountBytesAndLimit() {
    site.abandoned.found = new StaleUploadCleaner.Preview(38, 2_254_857_830L);
    assertThat(consequences(Action.PURGE, Map.of()))
        .contains("38 uploads with 2.10 GiB received will end.")
        .contains(
            "Abandoned are uploads without a byte for 1 d, and unfinished ones that were opened 7 d"
                + " ago.");
  }

  @Test
  void anUploadIsShownByANameThatObeysNobody() {
    UploadId open = site.upload(UploadState.RECEIVING, 1000, null);
    assertThat(consequences(Action.CANCEL, id(open)).get(0))
        .isEqualTo(
            "Upload " + open + ", \"film\\u{202e}.mov\": 1000 B of 5.00 GiB received, RECEIVING.");
  }

  @Test
  void whatIsFinishedHereInPlaceOfItsDestinationIsSaidToStay() {
    UploadId publishing = site.upload(UploadState.PUBLISHING, 1000, null);
    assertThat(confirm(Action.RETRY, id(publishing)).refusal()).isPresent();
    site.uploads.publishes = false;
    assertThat(confirm(Action.RETRY, id(publishing)).refusal()).isEmpty();
    assertThat(consequences(Action.RETRY, id(publishing)))
        .anyMatch(text -> text.contains("stays on the local disk"));
  }

  @Test
  void whatIsNotPossibleIsSaidAtOnce() {
    assertThat(confirm(Action.CANCEL, Map.of()).refusal()).hasValue("There is no such upload.");
    assertThat(confirm(Action.LOG_LEVEL, Map.of("logger", "root", "level", "OFF")).refusal())
        .isPresent();
    UploadId open = site.upload(UploadState.RECEIVING, 1000, null);
    assertThat(confirm(Action.CANCEL, id(open)).refusal()).isEmpty();
  }

  @Test
  void whatIsToBeTypedIsNotInTheForm() {
    UploadId large = site.upload(UploadState.RECEIVING, 2L << 30, null);
    Confirmation confirmation =
        confirm(Action.CANCEL, Map.of("id", large.value(), "typed", "abcd"));
    assertThat(confirmation.parameters()).isEqualTo(id(large));
  }
}
