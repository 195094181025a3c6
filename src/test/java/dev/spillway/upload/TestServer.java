package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.admission.Admission;
import dev.spillway.admission.BufferPool;
import dev.spillway.admission.Client;
import dev.spillway.admission.DiskBudget;
import dev.spillway.admission.WriteQueue;
import dev.spillway.catalog.CatalogSettings;
import dev.spillway.catalog.SqlCatalog;
import dev.spillway.storage.local.LocalStorage;
import dev.spillway.telemetry.OperationLog;
import dev.spillway.telemetry.Telemetry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The real domain on a real SQLite catalogue and a real directory, with small bounds. */
final class TestServer implements AutoCloseable {

  static final int CHUNK = 1000;

  /** So many may be open of one client. */
  static final int CLIENT_UPLOADS = 100;

  static final UploadPolicy.Lifetimes LIFETIMES =
      new UploadPolicy.Lifetimes(Duration.ofHours(2), Duration.ofMinutes(10), Duration.ofDays(30));

  private final SqlCatalog catalog;
  private final BufferPool buffers =
      new BufferPool(
          new BufferPool.Bounds(4 * (256 + 16), 64, 256, 8, Duration.ofSeconds(2)), Telemetry.NONE);
  private final WriteQueue writes =
      new WriteQueue(
          new WriteQueue.Bounds(2, 16, Duration.ofSeconds(2)), Telemetry.NONE, System::nanoTime);

  /** The clock that clients' pace is measured by; it stands unless a test moves it. */
  final AtomicLong nanos = new AtomicLong();

  /** What clients are said to have open, by their keys. */
  final Map<String, Admission.Usage> usage = new ConcurrentHashMap<>();

  final DiskBudget disk;
  final Admission admission;
  final Recovery.Recovered recovered;
  final LocalStorage files;
  final Uploads uploads;
  final Chunks chunks;
  final Optional<Publishing> publishing;
  final Finishing finishing;
  final Downloads downloads;
  final Expiry expiry;

  TestServer(Path root) throws IOException {
    this(root, Long.MAX_VALUE / 2);
  }

  /**
   * @param diskSize what the volume is said to have
   */
  TestServer(Path root, long diskSize) throws IOException {
    this(root, diskSize, FaultEdges.NONE);
  }

  /**
   * @param edges what stands between the domain and its storage and catalogue
   */
  TestServer(Path root, long diskSize, FaultEdges edges) throws IOException {
    this(root, diskSize, edges, Optional.empty());
  }

  /**
   * @param destination where finished files go; who made it closes it
   */
  TestServer(Path root, long diskSize, FaultEdges edges, Optional<Destination> destination)
      throws IOException {
    files = new LocalStorage(root);
    catalog =
        SqlCatalog.open(
            new CatalogSettings(
                "jdbc:sqlite:" + root.resolve("catalog.db"), "", "", 2, Duration.ofSeconds(10), 64),
            Telemetry.NONE);
    Catalog record = edges.catalog().apply(catalog);
    Storage storage = edges.storage().apply(files);
    disk =
        new DiskBudget(
            () -> diskSize, record::outstandingBytes, 0, System::nanoTime, Telemetry.NONE);
    admission =
        new Admission(
            new Admission.Limits(() -> 100, 100, CLIENT_UPLOADS, 1L << 40),
            disk,
            client -> usage.getOrDefault(client.key(), new Admission.Usage(0, 0)),
            Admission.Gate.OPEN,
            Telemetry.NONE);
    Clock clock = edges.clock();
    UploadPolicy policy =
        new UploadPolicy(
            1 << 20, new UploadPolicy.ChunkSizes(100, CHUNK, 5000), edges.durability(), LIFETIMES);
    uploads =
        new Uploads(
            record, storage, admission, policy, clock, new SecureRandom(), edges.telemetry());
    chunks =
        new Chunks(
            uploads,
            record,
            storage,
            new Chunks.Bounds(
                buffers, writes, new MinimumRate(1000, Duration.ofSeconds(2), nanos::get)),
            clock,
            edges.telemetry());
    publishing =
        destination.map(
            there -> new Publishing(uploads, record, storage, there, clock, edges.telemetry()));
    finishing =
        new Finishing(
            uploads,
            record,
            new Finishing.Places(storage, publishing),
            buffers,
            clock,
            new Finishing.Reports(Telemetry.NONE, OperationLog.NONE));
    downloads =
        new Downloads(
            uploads,
            storage,
            destination.map(there -> new PublishedReads(there, edges.telemetry())),
            buffers);
    expiry = new Expiry(uploads, record, storage, clock, edges.telemetry());
    recovered =
        new Recovery(record, storage, finishing, edges.durability(), clock).run(Instant.MAX);
  }

  static Client client(@Nullable String name) {
    return new Client(name, "203.0.113.9");
  }

  SqlCatalog catalog() {
    return catalog;
  }

  Upload open(int size) {
    return uploads
        .create(new UploadRequest("file", size, null, 0, null, Map.of()), client(null), null)
        .upload();
  }

  ChunkReceipt send(Upload upload, ChunkTarget target, byte[] body) throws IOException {
    return send(upload, target, new ByteArrayInputStream(body), null);
  }

  ChunkReceipt send(
      Upload upload, ChunkTarget target, InputStream body, @Nullable Checksum announced)
      throws IOException {
    try (ChunkTransfer transfer = chunks.begin(upload.id(), null, target, announced)) {
      transfer.receive(body);
      return transfer.commit(null);
    }
  }

  /** The chunk of a file's bytes that an index names. */
  static byte[] chunk(byte[] file, int index) {
    return Arrays.copyOfRange(file, index * CHUNK, Math.min(file.length, (index + 1) * CHUNK));
  }

  byte[] download(Upload upload) throws IOException {
    if (upload.size() == 0) {
      return new byte[0];
    }
    var out = new ByteArrayOutputStream();
    try (Downloads.Content content =
        downloads.open(downloads.require(upload.id(), null), upload.whole())) {
      content.sendTo(out);
    }
    return out.toByteArray();
  }

  static Checksum crc(byte[] bytes) {
    return Checksum.of(Crc32c.of(ByteBuffer.wrap(bytes)));
  }

  void requireNothingHeld() {
    assertThat(buffers.stats().leased()).as("leased buffers").isZero();
    assertThat(writes.stats().depth()).as("permits").isZero();
  }

  /** Also proves that nothing was leaked. */
  @Override
  public void close() {
    requireNothingHeld();
    buffers.close();
    writes.close();
    catalog.close();
  }
}
