package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.spillway.admission.AdmissionRefused;
import dev.spillway.telemetry.RecordedTelemetry;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Few read from the destination at once, and the others are told so. */
class PublishedReadsTest {

  @TempDir Path root;
  private final RecordedTelemetry telemetry = new RecordedTelemetry();
  private PublishSite site;
  private PublishedReads reads;
  private Upload published;

  @BeforeEach
  void start() throws Exception {
    site = new PublishSite(root);
    reads = new PublishedReads(site.destination, telemetry);
    published = site.publish(site.finished());
  }

  @AfterEach
  void stop() {
    site.close();
  }

  private List<FinishedFile> allPlaces() throws IOException {
    List<FinishedFile> open = new ArrayList<>();
    for (int i = 0; i < PublishedReads.PLACES; i++) {
      open.add(reads.open(published));
    }
    return open;
  }

  @Test
  void whoFindsNoPlaceIsSentAwayWithTheNumbers() throws Exception {
    allPlaces();

    AdmissionRefused refused =
        catchThrowableOfType(AdmissionRefused.class, () -> reads.open(published));

    assertThat(refused.reason()).isEqualTo(AdmissionRefused.Reason.READS_BUSY);
    assertThat(refused.figures()).containsEntry("limit", 8).containsEntry("actual", 8);
    assertThat(refused.retryAfter()).isPositive();
    assertThat(refused).hasMessageStartingWith("8 published files are being read");
  }

  @Test
  void itIsMeteredAsABound() throws Exception {
    allPlaces();

    assertThatThrownBy(() -> reads.open(published)).isInstanceOf(AdmissionRefused.class);

    assertThat(telemetry.gauged("bound.used{bound=publish-reads}")).isEqualTo(8);
    assertThat(telemetry.gauged("bound.limit{bound=publish-reads}")).isEqualTo(8);
    assertThat(telemetry.counted("bound.refused{bound=publish-reads}")).isEqualTo(1);
  }

  @Test
  void whoClosesGivesThePlaceBackOnce() throws Exception {
    List<FinishedFile> open = allPlaces();
    open.get(0).close();
    open.get(0).close();

    reads.open(published);

    assertThatThrownBy(() -> reads.open(published)).isInstanceOf(AdmissionRefused.class);
  }

  @Test
  void whatCannotBeOpenedHoldsNoPlace() throws Exception {
    site.destination.remove(published.id());
    for (int i = 0; i < 2 * PublishedReads.PLACES; i++) {
      assertThatThrownBy(() -> reads.open(published)).isInstanceOf(NoSuchFileException.class);
    }

    assertThat(telemetry.gauged("bound.used{bound=publish-reads}")).isZero();
  }

  @Test
  void aDownloadHoldsAPlaceUntilItIsClosed() throws Exception {
    try (Downloads.Content content = site.server.downloads.open(published, published.whole())) {
      assertThat(content).isNotNull();
      assertThat(site.telemetry.gauged("bound.used{bound=publish-reads}")).isEqualTo(1);
    }

    assertThat(site.telemetry.gauged("bound.used{bound=publish-reads}")).isZero();
  }

  /** Of the 200 that Jetty and Tomcat have, 160 receive chunks. */
  @Test
  void threadsAreLeftForTheContainerAndForWhoLooksAfterTheServer() {
    assertThat(PublishedReads.PLACES + PublishWaits.PLACES).isLessThanOrEqualTo(200 - 160 - 16);
  }
}
