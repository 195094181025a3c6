package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.upload.DestinationFailed.Kind;
import dev.spillway.upload.MemoryDestination.Fault;
import dev.spillway.upload.UploadRefused.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PublishingTest {

  @TempDir Path root;
  private PublishSite site;

  @BeforeEach
  void start() throws IOException {
    site = new PublishSite(root);
  }

  @AfterEach
  void stop() {
    site.close();
  }

  @Test
  void aFinishedUploadIsOnItsWayUntilItsFileIsThere() throws Exception {
    Upload upload = site.finished();
    assertThat(upload.state()).isEqualTo(UploadState.PUBLISHING);
    assertThat(site.completed()).isZero();
    List<Long> progress = new ArrayList<>();

    Upload published = site.publishing().publish(upload, progress::add);

    assertThat(published).isEqualTo(site.now(upload));
    assertThat(progress).isSorted().endsWith((long) PublishSite.SIZE);
    assertThat(site.completed()).isEqualTo(1);
    site.requirePublished(upload);
  }

  @Test
  void anEmptyFileIsPublishedToo() throws Exception {
    Upload upload = site.server.open(0);
    site.server.finishing.finish(upload.id(), null, null);
    site.publishAll();
    site.requirePublished(upload);
  }

  @Test
  void aRepetitionChangesNothing() throws Exception {
    Upload upload = site.finished();
    site.publish(upload);
    site.publish(upload);
    site.server.finishing.finish(upload.id(), null, null);
    assertThat(site.completed()).isEqualTo(1);
    site.requirePublished(upload);
  }

  @Test
  void somebodyIsWokenWhenThereIsSomethingToPublish() throws Exception {
    AtomicInteger woken = new AtomicInteger();
    site.publishing().onWork(woken::incrementAndGet);
    Upload upload = site.sent();
    assertThat(woken).hasValue(0);
    site.server.finishing.finish(upload.id(), null, null);
    assertThat(woken).hasValue(1);
  }

  @Test
  void aLostAnswerIsRecognisedByWhatLiesThere() throws Exception {
    Upload upload = site.finished();
    site.destination.failNext(Fault.LOST_ANSWER);
    assertThatThrownBy(() -> site.publish(upload)).isInstanceOf(DestinationFailed.class);
    assertThat(site.now(upload).state()).isEqualTo(UploadState.PUBLISHING);
    site.publish(upload);
    site.requirePublished(upload);
  }

  @ParameterizedTest
  @EnumSource(names = {"UNREACHABLE", "REFUSED", "DAMAGED"})
  void aFailureLeavesTheUploadAsItIs(Fault fault) throws Exception {
    Upload upload = site.finished();
    site.destination.failNext(fault);
    assertThatThrownBy(() -> site.publish(upload)).isInstanceOf(DestinationFailed.class);
    assertThat(site.destination.count()).isZero();
    assertThat(site.localFiles()).hasSize(1);
    site.publish(upload);
    site.requirePublished(upload);
  }

  @Test
  void anotherFileOfItsNameIsAMismatchAndStays() throws Exception {
    Upload upload = site.finished();
    byte[] other = {1, 2, 3};
    site.destination.put(upload.id(), other);
    assertThatThrownBy(() -> site.publish(upload))
        .isInstanceOfSatisfying(
            DestinationFailed.class, e -> assertThat(e.kind()).isEqualTo(Kind.MISMATCH));
    assertThat(site.destination.object(upload.id())).isEqualTo(other);
    assertThat(site.localFiles()).hasSize(1);
  }

  @Test
  void whatHasFailedIsKeptAndGoesOnWhenItsClientFinishesAgain() throws Exception {
    Upload upload = site.finished();
    site.publishing().fail(upload, "no permission");
    assertThat(site.now(upload).state()).isEqualTo(UploadState.FAILED);
    assertThat(site.now(upload).reason()).contains("no permission");
    assertThat(site.localFiles()).hasSize(1);

    Upload again = site.server.finishing.finish(upload.id(), null, null);

    assertThat(again.state()).isEqualTo(UploadState.PUBLISHING);
    assertThat(again.failure()).isNull();
    site.publishAll();
    site.requirePublished(upload);
  }

  @Test
  void whatHasFailedGoesOnWhenAnOperatorFinishesItAgain() throws Exception {
    Upload upload = site.finished();
    site.publishing().fail(upload, "no permission");
    site.server.finishing.finishAgain(upload.id());
    site.publishAll();
    site.requirePublished(upload);
  }

  @Test
  void whatIsCompletedIsNotFailedAnyMore() throws Exception {
    Upload upload = site.finished();
    site.publish(upload);
    site.publishing().fail(upload, "too late");
    site.requirePublished(upload);
  }

  @Test
  void whatHasFailedFreesItsDiskWhenItIsCancelled() throws Exception {
    Upload upload = site.finished();
    site.publishing().fail(upload, "no permission");
    site.server.uploads.cancel(upload.id(), null);
    assertThat(site.localFiles()).isEmpty();
  }

  @Test
  void whatIsOnItsWayCannotBeCancelled() throws Exception {
    Upload upload = site.finished();
    assertThatThrownBy(() -> site.server.uploads.cancel(upload.id(), null))
        .isInstanceOfSatisfying(
            UploadRefused.class, e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_STATE));
    site.publish(upload);
    site.requirePublished(upload);
  }

  @Test
  void aFileThatIsThereAlreadyIsNotMissedHere() throws Exception {
    Upload upload = site.finished();
    site.destination.put(upload.id(), PublishSite.content(upload));
    Files.delete(site.localFiles().get(0));
    Upload published = site.publish(upload);
    assertThat(published.state()).isEqualTo(UploadState.COMPLETED);
    assertThat(site.server.download(published)).isEqualTo(PublishSite.content(upload));
  }

  @Test
  void aFileThatIsNowhereIsWaitedFor() throws Exception {
    Upload upload = site.finished();
    Path file = site.localFiles().get(0);
    Path elsewhere = root.resolve("elsewhere");
    Files.move(file, elsewhere);
    assertThatThrownBy(() -> site.publish(upload))
        .isInstanceOf(LocalFileFailed.class)
        .hasMessage("its file is missing, here and at " + site.destination.name());
    assertThat(site.now(upload).state()).isEqualTo(UploadState.PUBLISHING);
    Files.move(elsewhere, file);
    site.publish(upload);
    site.requirePublished(upload);
  }

  @Test
  void aFileThatCannotBeReadIsWaitedForAndItsPathIsNotTold() throws Exception {
    Upload upload = site.finished();
    Path file = site.localFiles().get(0);
    Path elsewhere = root.resolve("elsewhere");
    Files.move(file, elsewhere);
    // What is opened here is no file, so reading it fails.
    Files.createDirectory(file);
    AtomicInteger opened = new AtomicInteger();
    assertThatThrownBy(() -> site.publishing().publish(upload, new Counted(opened)))
        .isInstanceOf(LocalFileFailed.class)
        .hasMessageStartingWith("its file cannot be read here: ")
        .hasMessageNotContaining(root.toString());
    assertThat(opened).hasValue(1);
    assertThat(site.now(upload).state()).isEqualTo(UploadState.PUBLISHING);
    Files.delete(file);
    Files.move(elsewhere, file);
    site.publish(upload);
    site.requirePublished(upload);
  }

  private record Counted(AtomicInteger openings) implements Publishing.Progress {

    @Override
    public void at(long bytes) {}

    @Override
    public void opened() {
      openings.incrementAndGet();
    }
  }

  @Test
  void aFileThatIsTooShortIsNotWaitedFor() throws Exception {
    Upload upload = site.finished();
    Files.write(site.localFiles().get(0), new byte[PublishSite.SIZE - 1]);
    assertThatThrownBy(() -> site.publish(upload)).isInstanceOf(EOFException.class);
  }

  @Test
  void whatAStoppedDestinationDoesNotTakeStaysOnItsWay() throws Exception {
    Upload upload = site.finished();
    site.destination.stop();
    assertThatThrownBy(() -> site.publish(upload)).isInstanceOf(InterruptedException.class);
    assertThat(site.destination.count()).isZero();
    assertThat(site.now(upload).state()).isEqualTo(UploadState.PUBLISHING);
  }

  @Test
  void whatWasRemovedThereIsGoneForWhoDownloadsIt() throws Exception {
    Upload upload = site.finished();
    Upload published = site.publish(upload);
    site.destination.remove(upload.id());
    assertThatThrownBy(() -> site.server.download(published))
        .isInstanceOfSatisfying(
            UploadRefused.class, e -> assertThat(e.reason()).isEqualTo(Reason.UPLOAD_EXPIRED))
        .hasMessageContaining(published.location());
  }

  @Test
  void whoseTimeIsUpStaysThereAndFreesNothingHere() throws Exception {
    Upload published = site.publish(site.finished());
    Duration day = Duration.ofDays(1);
    assertThat(site.server.expiry.finishedBy(Instant.now().plusSeconds(60), null, 10))
        .containsExactly(published);
    assertThat(site.server.expiry.removeFinished(published, day)).hasValue(0);
    assertThat(site.destination.count()).isEqualTo(1);
    assertThatThrownBy(() -> site.server.downloads.require(published.id(), null))
        .hasMessageContaining(published.location());
  }

  @Test
  void aFileFromBeforeTheSettingStaysWhereItIs() throws Exception {
    site.restartWithoutDestination();
    Upload upload = site.finished();
    assertThat(upload.state()).isEqualTo(UploadState.COMPLETED);
    site.restart();
    assertThat(site.publishing().waiting(10)).isEmpty();
    assertThat(site.localFiles()).hasSize(1);
    assertThat(site.server.download(upload)).isEqualTo(PublishSite.content(upload));
  }

  @Test
  void aServerWithoutTheSettingTellsWhereAFileIs() throws Exception {
    Upload published = site.publish(site.finished());
    site.restartWithoutDestination();
    assertThatThrownBy(() -> site.server.download(published))
        .isInstanceOfSatisfying(
            UploadRefused.class, e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_STATE))
        .hasMessageContaining(published.location());
  }

  @Test
  void whatWasOnItsWayWaitsForTheSettingToComeBack() throws Exception {
    Upload upload = site.finished();
    site.restartWithoutDestination();
    assertThat(site.now(upload).state()).isEqualTo(UploadState.PUBLISHING);
    site.restart();
    site.publishAll();
    site.requirePublished(upload);
  }

  @Test
  void withoutTheSettingAnotherFinishKeepsTheFileHere() throws Exception {
    Upload upload = site.finished();
    site.restartWithoutDestination();
    Upload kept = site.server.finishing.finish(upload.id(), null, null);
    assertThat(kept.state()).isEqualTo(UploadState.COMPLETED);
    assertThat(site.server.download(kept)).isEqualTo(PublishSite.content(upload));
  }

  @Test
  void withoutTheSettingAnOperatorKeepsTheFileHere() throws Exception {
    Upload upload = site.finished();
    assertThat(site.server.finishing.publishes()).isTrue();
    site.restartWithoutDestination();
    assertThat(site.server.finishing.publishes()).isFalse();
    assertThat(site.server.finishing.finishAgain(upload.id()).state())
        .isEqualTo(UploadState.COMPLETED);
  }
}
