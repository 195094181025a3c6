package dev.spillway.upload;

import dev.spillway.admission.BufferLease;
import dev.spillway.admission.BufferPool;
import dev.spillway.admission.WriteQueue;
import dev.spillway.telemetry.Telemetry;
import dev.spillway.upload.UploadRefused.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Receives chunks. The life of a chunk: claim its range (newest wins), lease a buffer, then fill,
 * sum up, take a permit and write until the body ends; force by policy, commit the range,
 * acknowledge, release everything on every path.
 *
 * <p>Any thread may call; each {@link ChunkTransfer} belongs to one.
 */
public final class Chunks {

  /** A commit that has begun ends within a force and a database transaction. */
  private static final Duration COMMIT_PATIENCE = Duration.ofSeconds(10);

  /** How long a transfer whose read has been ended may take to commit what it has. */
  private static final Duration WAKE_UP = Duration.ofSeconds(3);

  /**
   * The most separate ranges that an upload may have. Numbered chunks cannot reach it (half of
   * {@code ChunkSizes.MAX_CHUNKS}); chunks by offset could, one byte at a time.
   */
  private static final long MAX_PIECES = 50_000;

  /** Uploads in one transaction: it is the commits of chunks that wait for it. */
  private static final int TOUCHED_AT_ONCE = 500;

  private final Uploads uploads;
  private final Catalog catalog;
  private final Storage storage;
  private final Bounds bounds;
  private final Clock clock;
  private final Claims claims = new Claims();
  private final Transfers transfers = new Transfers();
  private final Forces forces;
  private final Receipts receipts;
  private final Meters meters;

  /** What bounds the transfers. */
  public record Bounds(BufferPool buffers, WriteQueue writes, MinimumRate rate) {}

  record Meters(
      Telemetry.Counter read,
      Telemetry.Counter bytes,
      Telemetry.Counter chunks,
      Telemetry.Counter duplicates,
      Telemetry.Counter broken,
      Telemetry.Counter tooSlow) {}

  public Chunks(
      Uploads uploads,
      Catalog catalog,
      Storage storage,
      Bounds bounds,
      Clock clock,
      Telemetry telemetry) {
    this.uploads = uploads;
    this.catalog = catalog;
    this.storage = storage;
    this.bounds = bounds;
    this.clock = clock;
    this.meters =
        new Meters(
            telemetry.counter(
                "upload.read.bytes",
                "Bytes of chunks read from clients, those that were thrown away included."),
            telemetry.counter("upload.received.bytes", "Bytes that were new and are on record."),
            telemetry.counter("upload.chunks.received", "Chunks acknowledged with new bytes."),
            telemetry.counter(
                "upload.chunks.duplicate", "Chunks acknowledged that had been here already."),
            telemetry.counter("upload.chunks.broken", "Chunks whose connection broke off."),
            telemetry.counter(
                "upload.chunks.too-slow", "Chunks ended because their clients were too slow."));
    this.receipts = new Receipts(uploads, catalog, bounds.writes());
    this.forces = new Forces(telemetry, bounds.rate().nanoTime());
    telemetry.gauge("upload.transfers", "Chunks being received.", transfers::size);
    telemetry.gauge("upload.claims", "Ranges that chunks hold.", claims::size);
  }

  /**
   * Takes hold of a chunk's range; whoever held it before loses it.
   *
   * @param announced the chunk's checksum, if its client gave one before the bytes
   * @return the transfer, which the caller closes
   * @throws UploadRefused when the upload is not open or the chunk is not inside of it
   * @throws dev.spillway.admission.AdmissionRefused when no buffer is free in time
   */
  public ChunkTransfer begin(
      UploadId id, @Nullable String owner, ChunkTarget target, @Nullable Checksum announced) {
    // Before the upload is looked at: from here on it is not taken for an abandoned one.
    Activity.Sign sign = uploads.activity().receiving(id);
    boolean begun = false;
    try {
      ChunkTransfer transfer = begin(sign, requireOpen(id, owner), target, announced);
      begun = true;
      return transfer;
    } finally {
      if (!begun) {
        sign.close();
      }
    }
  }

  private ChunkTransfer begin(
      Activity.Sign sign, Upload upload, ChunkTarget target, @Nullable Checksum announced) {
    ChunkTarget.Span span = target.in(upload);
    ClientReads reads = new ClientReads(bounds.rate());
    Claims.Claim claim =
        claims.claim(
            upload.id(),
            span.range(),
            COMMIT_PATIENCE,
            () -> reads.end(ClientReads.End.SUPERSEDED));
    Passage passage = new Passage(upload.id(), span.range(), reads);
    sign.isFor(passage);
    Forces.Share forcing = forces.join(upload.id());
    BufferLease lease = null;
    boolean begun = false;
    try {
      ByteRanges already = alreadyReceived(upload.id(), target, span.range());
      lease = bounds.buffers().lease();
      // The last thing that can fail: from here on the transfer gives everything back.
      UploadFile file = openFile(upload);
      ChunkTransfer.Held held = new ChunkTransfer.Held(claim, forcing, lease, file, passage, sign);
      ChunkTransfer transfer = new ChunkTransfer(this, upload, span, announced, held, already);
      transfers.add(transfer);
      begun = true;
      return transfer;
    } finally {
      if (!begun) {
        if (lease != null) {
          lease.close();
        }
        forcing.close();
        claim.close();
      }
    }
  }

  private Upload requireOpen(UploadId id, @Nullable String owner) {
    Upload upload = uploads.require(id, owner);
    if (upload.state() != UploadState.RECEIVING) {
      throw UploadRefused.notOpen(upload);
    }
    UploadPolicy.Lifetimes lifetimes = uploads.policy().lifetimes();
    if (lifetimes.isTooOld(upload, clock.instant())) {
      throw UploadRefused.tooOld(upload, lifetimes.most());
    }
    return upload;
  }

  /**
   * Bytes of a chunk whose place is not known yet are about to arrive, and to be kept elsewhere
   * until it is.
   *
   * @return what to tell of them; the caller closes it once the chunk has been received
   * @throws UploadRefused when the upload is not open
   */
  public Arrival arriving(UploadId id, @Nullable String owner) {
    return new Arrival(uploads.activity().receiving(requireOpen(id, owner).id()));
  }

  private ByteRanges alreadyReceived(UploadId id, ChunkTarget target, ByteRange range) {
    ByteRanges already =
        ByteRanges.of(catalog.received(id, range).stream().map(CheckedRange::range).toList());
    if (target instanceof ChunkTarget.At && catalog.receivedPieces(id) >= MAX_PIECES) {
      throw new UploadRefused(
          Reason.TOO_FRAGMENTED,
          "The received bytes are in "
              + MAX_PIECES
              + " pieces. Fill gaps with numbered chunks before sending more by offset.",
          Map.of("limit", MAX_PIECES));
    }
    return already;
  }

  private UploadFile openFile(Upload upload) {
    try {
      return storage.open(upload.id());
    } catch (NoSuchFileException e) {
      // Ended or finished since it was looked up; if not, the file is really gone.
      requireOpen(upload.id(), upload.owner());
      throw new UncheckedIOException("the file of upload " + upload.id() + " is missing", e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open the file of upload " + upload.id(), e);
    }
  }

  /**
   * Ends the transfers whose clients are stuck or slower than is allowed; what arrived without a
   * checksum is kept. Called now and then by the upkeep.
   */
  public void endStuck() {
    transfers.endStuck();
  }

  /**
   * Puts on record which uploads bytes are arriving for, so that no server takes one for abandoned
   * whose chunk is on its way for hours. Called every minute or so by the upkeep: well within the
   * shortest time that an upload may be idle.
   */
  public void keepAlive() {
    List<UploadId> alive = uploads.activity().sinceLastLook();
    Instant now = clock.instant();
    for (int from = 0; from < alive.size(); from += TOUCHED_AT_ONCE) {
      catalog.touch(alive.subList(from, Math.min(alive.size(), from + TOUCHED_AT_ONCE)), now);
    }
  }

  /**
   * Brings the transfers in progress to a durable point. Those that do not come to their end in
   * time are ended: what arrived without a checksum is kept.
   *
   * @param patience how long they may take by themselves; ending them takes a few seconds at most
   * @return whether none is left
   */
  public boolean drain(Duration patience) {
    if (transfers.awaitNone(patience)) {
      return true;
    }
    transfers.endAll(ClientReads.End.DRAINING);
    if (transfers.awaitNone(WAKE_UP)) {
      return true;
    }
    transfers.commitInPlaceOfReaders();
    return transfers.awaitNone(Duration.ZERO);
  }

  /** How many chunks are being received now. */
  public int inProgress() {
    return transfers.size();
  }

  /**
   * The chunks that are being received now, those that still wait for memory among them. Without
   * those whose place is not known yet ({@link #arriving}).
   */
  public List<Underway> underway() {
    return uploads.activity().underway();
  }

  void ended(ChunkTransfer transfer) {
    transfers.remove(transfer);
  }

  Bounds bounds() {
    return bounds;
  }

  Meters meters() {
    return meters;
  }

  UploadRefused notOpen(Upload upload) {
    return UploadRefused.notOpen(uploads.require(upload.id(), upload.owner()));
  }

  /** Makes what has been written durable, where the policy asks for it before each answer. */
  void forceByPolicy(Forces.Share forcing, UploadFile file) throws IOException {
    if (uploads.policy().durability() == UploadPolicy.Durability.CHUNK) {
      forcing.force(file);
    }
  }

  /** Records ranges that have been written. */
  void commit(Upload upload, List<CheckedRange> ranges) {
    Catalog.CommitOutcome outcome = catalog.commit(upload.id(), ranges, clock.instant());
    switch (outcome) {
      case COMMITTED -> {
        long bytes = ranges.stream().mapToLong(range -> range.range().length()).sum();
        meters.bytes().add(bytes);
      }
      case NOT_RECEIVING -> throw notOpen(upload);
      case OVERLAPPING ->
          throw new UploadRefused(
              Reason.SUPERSEDED,
              "Another server has received these bytes meanwhile. Ask for the upload's status.",
              Map.of());
    }
  }

  /** What to acknowledge. */
  ChunkReceipt receipt(Upload upload, ByteRange range, boolean duplicate) {
    return receipts.of(upload, range, duplicate);
  }
}
