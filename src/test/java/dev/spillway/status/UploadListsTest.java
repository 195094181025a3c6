package dev.spillway.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.admission.Admission;
import dev.spillway.admission.BufferPool;
import dev.spillway.admission.Client;
import dev.spillway.admission.DiskBudget;
import dev.spillway.admission.WriteQueue;
import dev.spillway.catalog.CatalogSettings;
import dev.spillway.catalog.SqlCatalog;
import dev.spillway.storage.local.LocalStorage;
import dev.spillway.telemetry.Telemetry;
import dev.spillway.upload.ByteRange;
import dev.spillway.upload.Catalog.Change;
import dev.spillway.upload.CheckedRange;
import dev.spillway.upload.ChunkTarget.Numbered;
import dev.spillway.upload.ChunkTransfer;
import dev.spillway.upload.Chunks;
import dev.spillway.upload.Crc32c;
import dev.spillway.upload.MinimumRate;
import dev.spillway.upload.SetClock;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadPolicy;
import dev.spillway.upload.UploadQuery;
import dev.spillway.upload.UploadRequest;
import dev.spillway.upload.UploadState;
import dev.spillway.upload.Uploads;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators see of real uploads. */
class UploadListsTest {

  private static final Duration STALLED_AFTER = Duration.ofSeconds(30);

  @TempDir Path root;
  private final SetClock clock = new SetClock();
  private final BufferPool buffers =
      new BufferPool(
          new BufferPool.Bounds(1 << 16, 64, 256, 8, Duration.ofSeconds(2)), Telemetry.NONE);
  private final WriteQueue writes =
      new WriteQueue(
          new WriteQueue.Bounds(2, 16, Duration.ofSeconds(2)), Telemetry.NONE, System::nanoTime);
  private SqlCatalog catalog;
  private Uploads uploads;
  private Chunks chunks;
  private UploadLists lists;

  @BeforeEach
  void start() throws IOException {
    LocalStorage storage = new LocalStorage(root);
    catalog =
        SqlCatalog.open(
            new CatalogSettings(
                "jdbc:sqlite:" + root.resolve("c.db"), "", "", 2, Duration.ofSeconds(10), 64),
            Telemetry.NONE);
    uploads =
        new Uploads(
            catalog, storage, admission(), policy(), clock, new SecureRandom(), Telemetry.NONE);
    Chunks.Bounds bounds =
        new Chunks.Bounds(
            buffers, writes, new MinimumRate(0, Duration.ofSeconds(2), System::nanoTime));
    chunks = new Chunks(uploads, catalog, storage, bounds, clock, Telemetry.NONE);
    lists = new UploadLists(uploads, chunks, catalog, clock, STALLED_AFTER);
  }

  private Admission admission() {
    return new Admission(
        new Admission.Limits(() -> 100, 100, 100, 1L << 40),
        new DiskBudget(
            () -> 1L << 40, catalog::outstandingBytes, 0, System::nanoTime, Telemetry.NONE),
        client -> new Admission.Usage(0, 0),
        Admission.Gate.OPEN,
        Telemetry.NONE);
  }

  private static UploadPolicy policy() {
    return new UploadPolicy(
        1 << 20,
        new UploadPolicy.ChunkSizes(100, 1000, 5000),
        UploadPolicy.Durability.NONE,
        new UploadPolicy.Lifetimes(
            Duration.ofHours(2), Duration.ofMinutes(10), Duration.ofDays(30)));
  }

  @AfterEach
  void stop() {
    buffers.close();
    writes.close();
    catalog.close();
  }

  private Upload open(int size) {
    return uploads
        .create(
            new UploadRequest("file", size, null, 0, null, Map.of()),
            new Client("ann", "203.0.113.9"),
            null)
        .upload();
  }

  private UploadDetail one(Upload upload) {
    return lists.one(upload.id()).orElseThrow();
  }

  @Test
  void aPageHasALineForEachUploadAndTheTotal() {
    IntStream.range(0, 3).forEach(i -> open(1000));

    UploadList page =
        lists.list(
            new UploadQuery(
                Set.of(UploadState.RECEIVING),
                Optional.empty(),
                Optional.empty(),
                UploadQuery.Order.CREATED,
                true,
                1,
                2));

    assertThat(page.total()).isEqualTo(3);
    assertThat(page.lines())
        .hasSize(2)
        .extracting(UploadLine::phase)
        .containsOnly(UploadLine.Phase.QUIET);
  }

  @Test
  void aChunkOnItsWayIsSeenOnItsOwnUploadOnly() {
    Upload busy = open(2000);
    Upload quiet = open(2000);
    try (ChunkTransfer chunk = chunks.begin(busy.id(), "ann", new Numbered(1), null)) {
      assertThat(one(busy).underway())
          .singleElement()
          .satisfies(underway -> assertThat(underway.range()).isEqualTo(chunk.range()));
      assertThat(one(busy).line().chunks()).isEqualTo(1);
      assertThat(one(quiet).line().phase()).isEqualTo(UploadLine.Phase.QUIET);
    }
    assertThat(one(busy).line().phase()).isEqualTo(UploadLine.Phase.QUIET);
  }

  @Test
  void anUnknownUploadHasNoDetail() {
    assertThat(lists.one(UploadId.random(new SecureRandom()))).isEmpty();
  }

  @Test
  void receivedRangesAreListedUpToABoundAndCountedBeyond() {
    Upload upload = open(5000);
    List<CheckedRange> ranges =
        IntStream.range(0, 600)
            .mapToObj(i -> new CheckedRange(new ByteRange(2L * i, 2L * i + 1), Crc32c.EMPTY))
            .toList();
    catalog.commit(upload.id(), ranges, clock.instant());

    assertThat(one(upload).received())
        .hasSize(UploadDetail.MOST_RANGES)
        .startsWith(new ByteRange(0, 1));
    assertThat(one(upload).pieces()).isEqualTo(600);
  }

  @Test
  void aCompletedUploadHasBeenReceivedWhole() {
    Upload upload = open(1000);
    catalog.transition(
        upload.id(), UploadState.RECEIVING, Change.to(UploadState.FINISHING, clock.instant()));
    catalog.transition(
        upload.id(), UploadState.FINISHING, Change.to(UploadState.COMPLETED, clock.instant()));

    assertThat(one(upload).received()).containsExactly(new ByteRange(0, 1000));
    assertThat(one(upload).pieces()).isEqualTo(1);
  }
}
