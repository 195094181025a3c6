package dev.spillway.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.status.Figures;
import dev.spillway.status.MadeUpPublishing;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadState;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeliveryTest {

  private static final Upload UPLOAD = Specimens.upload(1, "holiday.mov", UploadState.PUBLISHING);

  private static Optional<Delivery> delivery(Upload upload, Optional<Figures.Publish> publish) {
    Figures none = Specimens.starting().figures();
    Figures figures =
        new Figures(
            none.queue(),
            none.heap(),
            none.buffers(),
            none.stale(),
            none.open(),
            none.flow(),
            none.chunks(),
            none.outcomes(),
            publish);
    return Delivery.of(upload, figures, Specimens.NOW);
  }

  private static Delivery of(Figures.Publish publish) {
    return delivery(UPLOAD, Optional.of(publish)).orElseThrow();
  }

  private static String plain(String text) {
    return text.replace('\u00a0', ' ');
  }

  @Test
  void onlyAnUploadThatIsBeingPublishedIsOnItsWay() {
    Upload completed = Specimens.upload(1, "holiday.mov", UploadState.COMPLETED);
    assertThat(delivery(completed, Optional.of(MadeUpPublishing.atRest().nothingWaits())))
        .isEmpty();
  }

  @Test
  void whatIsThereIsDrawn() {
    Delivery half =
        of(
            MadeUpPublishing.atRest()
                .with(Specimens.underway(1, "holiday.mov", 0.5, Optional.empty()))
                .waiting(1, Duration.ofSeconds(14)));
    assertThat(half.width()).isEqualTo(UploadView.WIDTH / 2);
    assertThat(half.level()).isEqualTo(Levels.INFO);
  }

  @Test
  void troubleIsToldAsItIs() {
    Delivery troubled =
        of(
            MadeUpPublishing.atRest()
                .with(Specimens.underway(1, "holiday.mov", 0.5, Optional.of("no connection")))
                .waiting(1, Duration.ofSeconds(14)));
    assertThat(troubled.trouble()).isEqualTo("no connection");
    assertThat(troubled.level()).isEqualTo(Levels.WARNING);
  }

  @Test
  void anUploadBehindOthersWaitsForItsTurn() {
    assertThat(plain(of(MadeUpPublishing.atRest().waiting(13, Duration.ofSeconds(3))).text()))
        .isEqualTo("It waits for its turn; 12 other files as well.");
  }

  @Test
  void anUploadThatHasFailedSaysWhyAndWhenItIsTriedNext() {
    Delivery failed =
        of(MadeUpPublishing.atRest().with(Specimens.retries(1, 1)).waiting(3, Duration.ZERO));
    assertThat(plain(failed.text()))
        .isEqualTo(
            "It has failed 3 times, the last time: the disk does not answer. It is tried again in"
                + " 2 min.");
    assertThat(failed.level()).isEqualTo(Levels.WARNING);
  }

  @Test
  void duringAnOutageAnUploadStillSaysWhyItHasFailedItself() {
    Figures.Publish away =
        MadeUpPublishing.unreachable().with(Specimens.retries(1, 1)).waiting(3, Duration.ZERO);
    assertThat(plain(of(away).text()))
        .startsWith("It waits until gs://reports/in takes files again.")
        .endsWith("It has failed 3 times, the last time: the disk does not answer.");
  }

  @Test
  void ofManyThatHaveFailedAnyMayBeOne() {
    assertThat(
            plain(
                of(MadeUpPublishing.atRest()
                        .with(Specimens.retries(40, 2))
                        .waiting(41, Duration.ZERO))
                    .text()))
        .isEqualTo(
            "It waits for its turn; 40 other files as well. It may be one of the 40 files that have"
                + " failed and are tried again later: the log has the reason.");
  }

  @Test
  void aPauseIsTold() {
    assertThat(of(MadeUpPublishing.paused("Memory is critical.").waiting(1, Duration.ZERO)).text())
        .isEqualTo("It waits until publishing goes on. Since 11:57:00 UTC: Memory is critical.");
  }

  @Test
  void whatIsLeftOfADestinationThatIsTurnedOffIsTold() {
    assertThat(delivery(UPLOAD, Optional.empty()).orElseThrow().text())
        .contains("spillway.storage.destination is not set", "waits on this disk");
  }
}
