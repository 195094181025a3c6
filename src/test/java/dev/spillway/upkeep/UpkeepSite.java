package dev.spillway.upkeep;

import dev.spillway.admission.Admission;
import dev.spillway.admission.BufferPool;
import dev.spillway.admission.Client;
import dev.spillway.admission.DiskBudget;
import dev.spillway.admission.WriteQueue;
import dev.spillway.catalog.CatalogSettings;
import dev.spillway.catalog.SqlCatalog;
import dev.spillway.storage.local.LocalStorage;
import dev.spillway.storage.local.Spool;
import dev.spillway.telemetry.OperationLog;
import dev.spillway.telemetry.RecordedTelemetry;
import dev.spillway.telemetry.Telemetry;
import dev.spillway.upload.Catalog;
import dev.spillway.upload.Catalog.Change;
import dev.spillway.upload.ChunkTarget;
import dev.spillway.upload.ChunkTransfer;
import dev.spillway.upload.Chunks;
import dev.spillway.upload.Downloads;
import dev.spillway.upload.Expiry;
import dev.spillway.upload.Finishing;
import dev.spillway.upload.MinimumRate;
import dev.spillway.upload.SetClock;
import dev.spillway.upload.Storage;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadFile;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadPolicy;
import dev.spillway.upload.UploadRequest;
import dev.spillway.upload.UploadState;
import dev.spillway.upload.Uploads;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The real domain on a real SQLite catalogue and a real directory, for the upkeep to work on. Its
 * clock stands until a test moves it. One thread.
 */
final class UpkeepSite implements AutoCloseable {

  static final Duration IDLE = Duration.ofHours(2);
  static final Duration IDLE_WHEN_LOW = Duration.ofMinutes(10);
  static final Duration ORPHANS = Duration.ofDays(7);
  static final Duration RECORDS = Duration.ofDays(30);
  static final int SIZE = 1000;

  final SetClock clock = new SetClock();
  final RecordedTelemetry telemetry = new RecordedTelemetry();
  final SqlCatalog catalog;
  final LocalStorage files;
  final Spool spool;

  /** Uploads whose files cannot be removed. */
  final Set<UploadId> stuck = ConcurrentHashMap.newKeySet();

  final Storage storage;
  final Uploads uploads;
  final Chunks chunks;
  final Finishing finishing;
  final Downloads downloads;
  final Expiry expiry;

  private final Path root;
  private final BufferPool buffers =
      new BufferPool(
          new BufferPool.Bounds(4 * (256 + 16), 64, 256, 8, Duration.ofSeconds(2)), Telemetry.NONE);
  private final WriteQueue writes =
      new WriteQueue(
          new WriteQueue.Bounds(2, 16, Duration.ofSeconds(2)), Telemetry.NONE, System::nanoTime);

  UpkeepSite(Path root) throws IOException {
    this.root = root;
    files = new LocalStorage(root);
    spool = new Spool(root);
    storage = failing(files, stuck);
    catalog =
        SqlCatalog.open(
            new CatalogSettings(
                "jdbc:sqlite:" + root.resolve("catalog.db"), "", "", 2, Duration.ofSeconds(10), 64),
            Telemetry.NONE);
    uploads =
        new Uploads(
            catalog, storage, admission(catalog), policy(), clock, new SecureRandom(), telemetry);
    Chunks.Bounds bounds =
        new Chunks.Bounds(
            buffers, writes, new MinimumRate(0, Duration.ofSeconds(2), System::nanoTime));
    chunks = new Chunks(uploads, catalog, storage, bounds, clock, telemetry);
    finishing =
        new Finishing(
            uploads,
            catalog,
            Finishing.Places.here(storage),
            buffers,
            clock,
            new Finishing.Reports(telemetry, OperationLog.NONE));
    downloads = new Downloads(uploads, storage, Optional.empty(), buffers);
    expiry = new Expiry(uploads, catalog, storage, clock, telemetry);
  }

  private static UploadPolicy policy() {
    return new UploadPolicy(
        1 << 20,
        new UploadPolicy.ChunkSizes(100, SIZE, 5000),
        UploadPolicy.Durability.NONE,
        new UploadPolicy.Lifetimes(IDLE, IDLE_WHEN_LOW, Duration.ofDays(30)));
  }

  private static Admission admission(Catalog catalog) {
    return new Admission(
        new Admission.Limits(() -> 10_000, 10_000, 10_000, 1L << 40),
        new DiskBudget(
            () -> 1L << 40, catalog::outstandingBytes, 0, System::nanoTime, Telemetry.NONE),
        client -> new Admission.Usage(0, 0),
        Admission.Gate.OPEN,
        Telemetry.NONE);
  }

  private static Storage failing(Storage real, Set<UploadId> stuck) {
    return (Storage)
        Proxy.newProxyInstance(
            Storage.class.getClassLoader(),
            new Class<?>[] {Storage.class},
            (proxy, method, args) -> {
              if (method.getName().startsWith("discard") && stuck.contains(args[0])) {
                throw new IOException("the disk is read-only");
              }
              try {
                return method.invoke(real, args);
              } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
              }
            });
  }

  OrphanSweeper sweeper(Optional<Duration> retention, Runnable pressure) {
    return new OrphanSweeper(
        new OrphanSweeper.Places(catalog, storage, spool::sweep),
        expiry,
        new OrphanSweeper.Ages(ORPHANS, retention, RECORDS),
        pressure,
        clock,
        telemetry);
  }

  UploadId unknownUnfinished(int bytes) throws IOException {
    UploadId id = UploadId.random(new Random());
    files.create(id);
    try (UploadFile file = files.open(id)) {
      file.write(ByteBuffer.allocate(bytes), 0);
    }
    return id;
  }

  UploadId unknownFinished() throws IOException {
    UploadId id = unknownUnfinished(10);
    files.complete(id, 10);
    return id;
  }

  Upload open() {
    UploadRequest request = new UploadRequest("file", SIZE, null, 0, null, Map.of());
    return uploads.create(request, new Client(null, "203.0.113.9"), null).upload();
  }

  /** Uploads that are all here but not finished. */
  List<Upload> received(int count) throws IOException {
    List<Upload> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(received());
    }
    return all;
  }

  Upload received() throws IOException {
    Upload upload = open();
    try (ChunkTransfer transfer = begin(upload)) {
      transfer.receive(new ByteArrayInputStream(new byte[SIZE]));
      transfer.commit(null);
    }
    return now(upload);
  }

  ChunkTransfer begin(Upload upload) {
    return chunks.begin(upload.id(), null, new ChunkTarget.Numbered(0), null);
  }

  Upload finished() throws IOException {
    return finishing.finish(received().id(), null, null);
  }

  Upload now(Upload upload) {
    return catalog.find(upload.id()).orElseThrow();
  }

  UploadState state(Upload upload) {
    return now(upload).state();
  }

  List<UploadState> states(List<Upload> all) {
    return all.stream().map(this::state).toList();
  }

  void become(Upload upload, UploadState from, UploadState to) {
    catalog.transition(upload.id(), from, Change.to(to, clock.instant()));
  }

  Path unfinishedFile(UploadId id) {
    return root.resolve("uploads").resolve(id.value().substring(0, 2)).resolve(id + ".part");
  }

  Path finishedFile(UploadId id) {
    return root.resolve("files").resolve(id.value().substring(0, 2)).resolve(id.value());
  }

  /** Puts a file's last write some time before the clock's moment. */
  void writtenBefore(Path file, Duration age) throws IOException {
    Instant at = clock.instant().minus(age);
    Files.setLastModifiedTime(file, FileTime.from(at));
  }

  @Override
  public void close() {
    buffers.close();
    writes.close();
    catalog.close();
  }
}
