package dev.spillway.catalog;

import static dev.spillway.catalog.Specimens.LATER;
import static dev.spillway.catalog.Specimens.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.telemetry.RecordedTelemetry;
import dev.spillway.upload.Catalog.CommitOutcome;
import dev.spillway.upload.CatalogUnavailable;
import dev.spillway.upload.CheckedRange;
import dev.spillway.upload.UploadId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CommitWriterTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  @TempDir Path directory;

  private final RecordedTelemetry telemetry = new RecordedTelemetry();
  private final UploadRows uploads = new UploadRows();
  private final RangeRows ranges = new RangeRows();
  private Database database;
  private CommitWriter writer;

  @BeforeEach
  void open() {
    database =
        Database.open(
            new CatalogSettings(
                "jdbc:sqlite:" + directory.resolve("catalog.db"), "", "", 2, TIMEOUT, 10));
    writer = new CommitWriter(database, TIMEOUT, System::nanoTime, telemetry);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private UploadId upload() {
    return database.write(
        handle -> {
          var upload = Specimens.upload(1000);
          uploads.insert(handle, upload, null);
          return upload.id();
        });
  }

  private static PendingCommit pending(UploadId id, CheckedRange... ranges) {
    PendingCommit pending = new PendingCommit(Commit.of(id, List.of(ranges), LATER));
    assertThat(pending.take()).isTrue();
    return pending;
  }

  private static Optional<CommitOutcome> outcome(PendingCommit pending)
      throws InterruptedException {
    return pending.await(0);
  }

  private List<CheckedRange> received(UploadId id) {
    return database.read(handle -> ranges.all(handle, id));
  }

  @Test
  void commitsThatCameTogetherShareOneTransaction() {
    UploadId id = upload();

    writer.accept(
        List.of(
            pending(id, range(0, 10)),
            pending(upload(), range(5, 10)),
            pending(id, range(10, 20))));

    assertThat(telemetry.counted("catalog.commit.batches")).isEqualTo(1);
    assertThat(telemetry.counted("catalog.commit.ranges")).isEqualTo(3);
    assertThat(received(id)).containsExactly(range(0, 20));
  }

  @Test
  void ofTwoCommitsOfTheSameBytesInOneBatchTheFirstWins() throws InterruptedException {
    UploadId id = upload();
    PendingCommit first = pending(id, range(0, 10));
    PendingCommit second = pending(id, range(5, 15));

    writer.accept(List.of(first, second));

    assertThat(outcome(first)).contains(CommitOutcome.COMMITTED);
    assertThat(outcome(second)).contains(CommitOutcome.OVERLAPPING);
    assertThat(received(id)).containsExactly(range(0, 10));
  }

  @Test
  void aCommitThatCannotBeMadeDoesNotTakeTheOthersWithIt() throws InterruptedException {
    UploadId id = upload();
    PendingCommit before = pending(id, range(0, 10));
    PendingCommit beyondTheEnd = pending(id, range(500, 2000));
    PendingCommit after = pending(id, range(20, 30));

    writer.accept(List.of(before, beyondTheEnd, after));

    assertThat(outcome(before)).contains(CommitOutcome.COMMITTED);
    assertThatThrownBy(() -> beyondTheEnd.await(0)).isInstanceOf(CatalogUnavailable.class);
    assertThat(outcome(after)).contains(CommitOutcome.COMMITTED);
    assertThat(received(id)).containsExactly(range(0, 10), range(20, 30));
  }

  @Test
  void aDatabaseThatIsGoneFailsEveryCommit() {
    PendingCommit first = pending(upload(), range(0, 10));
    PendingCommit second = pending(upload(), range(0, 10));
    database.close();

    writer.accept(List.of(first, second));

    assertThatThrownBy(() -> first.await(0)).isInstanceOf(CatalogUnavailable.class);
    assertThatThrownBy(() -> second.await(0)).isInstanceOf(CatalogUnavailable.class);
  }
}
