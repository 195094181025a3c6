package dev.spillway.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upkeep.PublishStatus.State;
import dev.spillway.upload.DestinationFailed.Kind;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadState;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of files that are missing on the local disk, or cannot be read there. */
@Timeout(120)
class PublisherLocalFileTest extends PublisherSiteTests {

  private static final Duration DAY = Duration.ofHours(24);

  /** No pause is longer. */
  private static final Duration STEP = PublishDelays.LONGEST;

  private Upload now(Upload upload) {
    return site.site.now(upload);
  }

  /** Lets time pass until each of so many has failed once more. */
  private void failOnceMore(int files, Duration after) {
    long before = site.files("delayed");
    site.pass(after);
    PublisherSite.await("each has failed once more", () -> site.files("delayed") >= before + files);
  }

  private void beginWith(Set<UploadId> bad, List<Upload> uploads) {
    bad.addAll(PublisherSite.ids(uploads));
    site.publisher.start();
    PublisherSite.await("all have failed", () -> site.files("delayed") == uploads.size());
  }

  private void requireFailedWith(Upload upload, String reason) {
    PublisherSite.await("it has failed", () -> site.state(upload) == UploadState.FAILED);
    assertThat(now(upload).failure()).contains(reason).endsWith("for a day");
  }

  @Test
  void aBacklogWithoutItsVolumeWaitsForIt() throws Exception {
    List<Upload> uploads = site.finished(20);
    beginWith(site.missing, uploads);
    for (int i = 0; i < 3; i++) {
      failOnceMore(20, STEP);
    }
    // While time stands, nothing is tried: there were so many attempts, and no more.
    assertThat(site.files("delayed")).isEqualTo(80);
    assertThat(site.count(uploads, UploadState.PUBLISHING)).isEqualTo(20);
    assertThat(site.circuit().state()).isEqualTo(State.CLOSED);
    assertThat(site.publisher.status().retries().oldest().get(0).reason())
        .startsWith("its file is missing, here and at ");

    site.missing.clear();
    site.pass(STEP);
    site.awaitPublished(uploads);
    site.requireEachOnce(uploads);
  }

  @Test
  void whatIsMissingForADayIsGivenUpWithItsReason() throws Exception {
    List<Upload> uploads = site.finished(1);
    beginWith(site.missing, uploads);
    failOnceMore(1, DAY.minusNanos(1));
    assertThat(site.state(uploads.get(0))).isEqualTo(UploadState.PUBLISHING);

    site.pass(STEP);

    requireFailedWith(uploads.get(0), "its file is missing, here and at ");
    site.awaitFiles("failed", 1);
  }

  @Test
  void whatCannotBeReadForADayIsGivenUpWithItsReason() throws Exception {
    List<Upload> uploads = site.finished(3);
    Upload bad = uploads.get(0);
    beginWith(site.unreadable, uploads.subList(0, 1));
    site.awaitPublished(uploads.subList(1, 3));

    site.pass(DAY);

    requireFailedWith(bad, "its file cannot be read here: the disk does not answer");
    assertThat(Files.exists(site.site.finishedFile(bad.id()))).isTrue();
    site.unreadable.clear();
    site.finishAgain(bad);
    site.awaitPublished(uploads);
  }

  @Test
  void aDayBeginsAnewOnceItsFileCouldBeRead() throws Exception {
    List<Upload> uploads = site.finished(1);
    beginWith(site.missing, uploads);
    site.missing.clear();
    site.destination.fail(Kind.UNREACHABLE);
    failOnceMore(1, Duration.ofHours(12));
    site.missing.addAll(PublisherSite.ids(uploads));
    failOnceMore(1, Duration.ofHours(12));
    failOnceMore(1, Duration.ofHours(23));
    assertThat(site.state(uploads.get(0))).isEqualTo(UploadState.PUBLISHING);

    site.pass(Duration.ofHours(1));

    requireFailedWith(uploads.get(0), "its file is missing");
  }

  @Test
  void aFileThatIsThereAlreadyIsNotMissed() throws Exception {
    List<Upload> uploads = site.finished(1);
    site.destination.memory.put(
        uploads.get(0).id(), Files.readAllBytes(site.site.finishedFile(uploads.get(0).id())));
    site.missing.addAll(PublisherSite.ids(uploads));
    site.publisher.start();
    site.awaitPublished(uploads);
  }

  @Test
  void aFileThatIsTooShortIsGivenUpAtOnce() throws Exception {
    List<Upload> uploads = site.finished(1);
    Files.write(site.site.finishedFile(uploads.get(0).id()), new byte[1]);
    site.publisher.start();
    PublisherSite.await("it fails", () -> site.state(uploads.get(0)) == UploadState.FAILED);
    assertThat(now(uploads.get(0)).failure()).contains("shorter");
  }
}
