package dev.spillway.upkeep;

import static dev.spillway.upload.UploadState.CANCELLED;
import static dev.spillway.upload.UploadState.COMPLETED;
import static dev.spillway.upload.UploadState.EXPIRED;
import static dev.spillway.upload.UploadState.FINISHING;
import static dev.spillway.upload.UploadState.RECEIVING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.upload.Catalog;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadRefused;
import dev.spillway.upload.UploadState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OrphanSweeperTest extends SweeperTests {

  private static final Duration MOMENT = Duration.ofMillis(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration RETENTION = Duration.ofDays(90);

  @Test
  void whereEverythingHasItsPlaceNothingIsRemoved() throws IOException {
    List<Upload> all = new ArrayList<>(List.of(site.open(), site.received(), site.finished()));
    Upload finishing = site.received();
    site.become(finishing, RECEIVING, FINISHING);
    site.files.complete(finishing.id(), UpkeepSite.SIZE);
    all.add(finishing);
    site.clock.advance(RETENTION.plus(UpkeepSite.RECORDS));

    Sweep done = sweeper.run();

    assertThat(done.removed()).isEqualTo(new Sweep.Removed(0, 0, 0, 0, 0));
    assertThat(done.complete()).isTrue();
    assertThat(sweeper.last()).contains(done);
    assertThat(site.states(all)).containsExactly(RECEIVING, RECEIVING, COMPLETED, FINISHING);
    assertThat(site.unfinishedFile(all.get(0).id())).exists();
    assertThat(site.finishedFile(finishing.id())).exists();
  }

  @Test
  void anEmptyFileWithoutARowGoesAfterAnHour() throws IOException {
    Path file = site.unfinishedFile(site.unknownUnfinished(0));
    site.writtenBefore(file, HOUR);
    assertThat(sweeper.run().removed().unfinished()).isZero();
    site.writtenBefore(file, HOUR.plus(MOMENT));
    assertThat(sweeper.run().removed().unfinished()).isEqualTo(1);
    assertThat(file).doesNotExist();
  }

  @Test
  void theFileOfAnUploadThatHasEndedGoesAtOnce() throws IOException {
    Upload expired = site.received();
    site.clock.advance(UpkeepSite.IDLE);
    site.stuck.add(expired.id());
    assertThatThrownBy(() -> site.expiry.expire(expired, false)).hasMessageContaining("remove");
    assertThat(site.unfinishedFile(expired.id())).exists();
    site.stuck.clear();

    Sweep done = sweeper.run();

    assertThat(done.removed().unfinished()).isEqualTo(1);
    assertThat(done.freedBytes()).isEqualTo(UpkeepSite.SIZE);
    assertThat(site.unfinishedFile(expired.id())).doesNotExist();
    assertThat(site.telemetry.counted("upkeep.sweep.removed{kind=unfinished}")).isEqualTo(1);
    assertThat(site.telemetry.timed("upkeep.sweep")).hasSize(1);
  }

  @Test
  void spooledChunksGoAnHourAfterTheirLastWrite() throws IOException {
    Path old = Files.writeString(site.spool.directory().resolve("old"), "x");
    Path young = Files.writeString(site.spool.directory().resolve("young"), "x");
    site.writtenBefore(old, HOUR.plus(MOMENT));
    site.writtenBefore(young, HOUR);
    assertThat(sweeper.run().removed().spooled()).isEqualTo(1);
    assertThat(old).doesNotExist();
    assertThat(young).exists();
  }

  @Test
  void theLocalFileOfAPublishedUploadGoesAtOnce() throws IOException {
    UploadId id = site.received().id();
    Instant now = site.clock.instant();
    site.catalog.transition(id, RECEIVING, Catalog.Change.to(FINISHING, now));
    site.files.complete(id, UpkeepSite.SIZE);
    site.catalog.transition(id, FINISHING, Catalog.Change.to(UploadState.PUBLISHING, now));
    assertThat(sweeper.run().removed().finished()).isZero();
    site.catalog.transition(
        id, UploadState.PUBLISHING, Catalog.Change.published("gs://bucket/" + id, now));

    Sweep done = sweeper.run();

    assertThat(done.removed().finished()).isEqualTo(1);
    assertThat(done.freedBytes()).isEqualTo(UpkeepSite.SIZE);
    assertThat(site.finishedFile(id)).doesNotExist();
    assertThat(site.catalog.find(id)).isPresent();
  }

  @Test
  void finishedFilesGoWhenTheirRetentionIsOver() throws IOException {
    Upload old = site.finished();
    site.clock.advance(MOMENT);
    Upload young = site.finished();
    OrphanSweeper retiring = site.sweeper(Optional.of(RETENTION), () -> {});
    site.clock.advance(RETENTION.minus(MOMENT));

    Sweep done = retiring.run();

    assertThat(done.removed()).isEqualTo(new Sweep.Removed(0, 0, 0, 1, 0));
    assertThat(done.freedBytes()).isEqualTo(UpkeepSite.SIZE);
    assertThat(site.finishedFile(old.id())).doesNotExist();
    assertThat(site.state(young)).isEqualTo(COMPLETED);
    assertThatThrownBy(() -> site.downloads.require(old.id(), null))
        .isInstanceOfSatisfying(
            UploadRefused.class, e -> assertThat(e.figures()).containsEntry("reason", "retention"));
    assertThat(site.downloads.require(young.id(), null)).isEqualTo(young);
  }

  @Test
  void aFinishedFileWhoseUploadHasExpiredGoesWithTheNextSweep() throws IOException {
    Upload upload = site.finished();
    OrphanSweeper retiring = site.sweeper(Optional.of(RETENTION), () -> {});
    site.clock.advance(RETENTION);
    site.stuck.add(upload.id());
    Sweep failed = retiring.run();
    assertThat(failed.failed()).as("once to retire it, once to sweep it").isEqualTo(2);
    assertThat(failed.complete()).isTrue();
    assertThat(site.state(upload)).isEqualTo(EXPIRED);
    site.stuck.clear();

    assertThat(retiring.run().removed()).isEqualTo(new Sweep.Removed(0, 1, 0, 0, 0));
    assertThat(site.finishedFile(upload.id())).doesNotExist();
  }

  @Test
  void recordsOfWhatIsGoneAreForgottenInTheEnd() throws IOException {
    Upload expired = site.received();
    site.clock.advance(UpkeepSite.IDLE);
    site.expiry.expire(expired, false);
    Upload cancelled = site.open();
    site.uploads.cancel(cancelled.id(), null);
    site.clock.advance(UpkeepSite.RECORDS.minus(MOMENT));
    assertThat(sweeper.run().removed().records()).isZero();
    site.clock.advance(MOMENT);
    assertThat(sweeper.run().removed().records()).isEqualTo(2);
    assertThat(site.catalog.standings(List.of(expired.id(), cancelled.id()))).isEmpty();
    assertThatThrownBy(() -> site.uploads.status(expired.id(), null))
        .isInstanceOfSatisfying(
            UploadRefused.class,
            e -> assertThat(e.reason()).isEqualTo(UploadRefused.Reason.UPLOAD_NOT_FOUND));
  }

  @Test
  void moreRecordsThanABatchAreForgotten() {
    for (int i = 0; i < 120; i++) {
      site.become(site.open(), RECEIVING, CANCELLED);
    }
    site.clock.advance(UpkeepSite.RECORDS);
    Sweep done = sweeper.run();
    assertThat(done.removed().records()).isEqualTo(120);
    assertThat(done.removed().unfinished()).isEqualTo(120);
  }

  @Test
  void underPressureASweepStopsAndSaysHowFarItCame() {
    for (int i = 0; i < 5; i++) {
      site.become(site.open(), RECEIVING, CANCELLED);
    }
    AtomicInteger left = new AtomicInteger(4);
    OrphanSweeper pressed =
        site.sweeper(
            Optional.empty(),
            () -> {
              if (left.getAndDecrement() <= 0) {
                throw new IllegalStateException("the memory is at 81 percent");
              }
            });

    Sweep done = pressed.run();

    assertThat(done.complete()).isFalse();
    assertThat(done.stoppedBecause()).isEqualTo("the memory is at 81 percent");
    assertThat(done.examined()).as("the spool and two files").isEqualTo(3);
    assertThat(done.removed().unfinished()).isEqualTo(2);
    assertThat(sweeper.run().removed().unfinished()).isEqualTo(3);
  }

  @Test
  void aFileThatCannotBeRemovedDoesNotKeepASweepFromTheOthers() {
    List<Upload> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.add(site.open());
      site.become(all.get(i), RECEIVING, CANCELLED);
    }
    site.stuck.add(all.get(2).id());

    Sweep done = sweeper.run();

    assertThat(done.failed()).isEqualTo(1);
    assertThat(done.removed().unfinished()).isEqualTo(3);
    assertThat(done.complete()).isTrue();
  }

  @Test
  void aCatalogueThatDoesNotAnswerEndsTheSweepBeforeAnythingIsRemoved() throws IOException {
    Path file = site.unfinishedFile(site.unknownUnfinished(0));
    site.writtenBefore(file, HOUR.plus(HOUR));
    site.catalog.close();

    Sweep done = sweeper.run();

    assertThat(done.complete()).isFalse();
    assertThat(done.removed().unfinished()).isZero();
    assertThat(file).exists();
  }
}
