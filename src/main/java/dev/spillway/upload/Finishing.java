package dev.spillway.upload;

import dev.spillway.admission.BufferLease;
import dev.spillway.admission.BufferPool;
import dev.spillway.telemetry.OperationLog;
import dev.spillway.telemetry.Telemetry;
import dev.spillway.upload.Catalog.Change;
import dev.spillway.upload.UploadRefused.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns an upload whose bytes are all here into a finished file. The order is: verify, force,
 * record {@code FINISHING}, give the file its final name, record {@code COMPLETED}, or {@code
 * PUBLISHING} where files go further. Whatever stops it after {@code FINISHING} was recorded, it
 * goes on forward, in this call, the next or the next start.
 *
 * <p>Received bytes never change, so what has been verified stays true until the name is given. Any
 * thread may call; calls for one upload take turns.
 */
public final class Finishing {

  private static final int LOCKS = 64;
  private static final long TURN_SECONDS = 30;
  private static final int MISSING_SHOWN = 1000;
  private static final int RESUME_BATCH = 500;

  /** From this size on, what a finish does to memory is worth a line in the log. */
  private static final long LARGE_BYTES = 64L << 20;

  private final Uploads uploads;
  private final Catalog catalog;
  private final Storage storage;
  private final Optional<Publishing> publishing;
  private final BufferPool buffers;
  private final Clock clock;
  private final LateForces lateForces;
  private final Reopening reopening;
  private final Completion completion;
  private final OperationLog operations;

  /**
   * Where finished files go.
   *
   * @param storage where all of them are first, under their final names
   * @param publishing what brings them further; empty where they stay
   */
  public record Places(Storage storage, Optional<Publishing> publishing) {

    /** They stay here. */
    public static Places here(Storage storage) {
      return new Places(storage, Optional.empty());
    }
  }

  /** Where it reports what it does. */
  public record Reports(Telemetry telemetry, OperationLog operations) {}

  private final List<ReentrantLock> turns =
      Stream.generate(ReentrantLock::new).limit(LOCKS).toList();

  public Finishing(
      Uploads uploads,
      Catalog catalog,
      Places places,
      BufferPool buffers,
      Clock clock,
      Reports reports) {
    this.uploads = uploads;
    this.catalog = catalog;
    this.storage = places.storage();
    this.publishing = places.publishing();
    this.buffers = buffers;
    this.clock = clock;
    StoredRanges stored = new StoredRanges(storage, buffers);
    this.lateForces = new LateForces(uploads.policy(), catalog, storage, stored, clock.instant());
    this.reopening = new Reopening(catalog, stored, uploads.admission(), clock);
    this.operations = reports.operations();
    this.completion = new Completion(uploads, catalog, places, clock, reports.telemetry());
  }

  /**
   * Finishes an upload. Repeating it gives the same answer.
   *
   * @param given the whole file's checksum, if the client has one to compare with
   * @return the upload, completed, or on its way to its destination
   * @throws UploadRefused when bytes are missing, a checksum does not agree, or the upload has
   *     ended
   * @throws dev.spillway.admission.AdmissionRefused when it had failed, has its file again, and
   *     lacks bytes that the server cannot promise to take now
   */
  public Upload finish(UploadId id, @Nullable String owner, @Nullable Checksum given) {
    return finish(id, given, () -> uploads.require(id, owner));
  }

  /**
   * Does what {@link #finish} does, whoever the owner is: for an upload that could not be finished,
   * and for one whose bytes are all here and whose client has not come back. For operators only.
   *
   * @return the upload, completed, or on its way to its destination
   * @throws UploadRefused when it is unknown, when bytes are missing, the checksum given at its
   *     creation does not agree, or the upload has ended
   */
  public Upload finishAgain(UploadId id) {
    return finish(id, null, () -> uploads.requireAny(id));
  }

  private Upload finish(UploadId id, @Nullable Checksum given, Supplier<Upload> current) {
    ReentrantLock turn = turns.get(Math.floorMod(id.hashCode(), LOCKS));
    takeTurn(turn, id);
    try {
      Upload upload = current.get();
      return upload.size() < LARGE_BYTES || upload.state() != UploadState.RECEIVING
          ? finishInTurn(upload, given)
          : operations.logged(
              "the finish of upload " + id + " with " + upload.size() + " bytes",
              () -> finishInTurn(upload, given));
    } finally {
      turn.unlock();
    }
  }

  /**
   * Waits for a finished upload to be where it goes, if it goes further than this server's disk.
   *
   * @param upload as {@link #finish} returned it
   * @param most how long
   * @return the upload when its way has ended, well or not; empty when it goes on, which it may do
   *     at once when too many wait
   */
  public Optional<Upload> awaitPublished(Upload upload, Duration most) {
    return upload.state() == UploadState.PUBLISHING
        ? publishing.flatMap(way -> way.await(upload.id(), most))
        : Optional.of(upload);
  }

  /** Whether finished files go further than this server's disk. */
  public boolean publishes() {
    return publishing.isPresent();
  }

  private Upload finishInTurn(Upload found, @Nullable Checksum given) {
    Upload upload = Reopening.concerns(found) ? reopening.reopen(found) : found;
    if (upload.state() == UploadState.RECEIVING) {
      prepare(upload, given);
      upload = uploads.requireAny(found.id());
    }
    return forward(upload, given);
  }

  private static void takeTurn(ReentrantLock turn, UploadId id) {
    try {
      if (turn.tryLock(TURN_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new UploadRefused(
        Reason.WRONG_STATE,
        "Upload " + id + " is being finished by another request. Ask for its status.",
        Map.of("state", UploadState.FINISHING.name()));
  }

  /** Verifies, forces, and records that from here on it goes forward only. */
  private void prepare(Upload upload, @Nullable Checksum given) {
    // To read a large file once more for its checksum may take longer than an upload may be idle.
    try (Activity.Sign sign = uploads.activity().working(upload.id())) {
      lateForces.forgetWhatIsLost(upload);
      Crc32c crc = requireComplete(upload);
      verify(upload, crc, upload.expected());
      verify(upload, crc, given);
      lateForces.force(upload);
      catalog.transition(
          upload.id(),
          UploadState.RECEIVING,
          new Change(UploadState.FINISHING, crc, null, clock.instant()));
    }
  }

  private Crc32c requireComplete(Upload upload) {
    if (upload.size() == 0) {
      return Crc32c.EMPTY;
    }
    List<CheckedRange> received = catalog.received(upload.id());
    if (received.size() == 1 && received.get(0).range().equals(upload.whole())) {
      return received.get(0).crc32c();
    }
    requireOpen(upload);
    ByteRanges here = ByteRanges.of(received.stream().map(CheckedRange::range).toList());
    List<ByteRange> missing = here.missingIn(upload.whole()).asList();
    long missingBytes = upload.size() - here.totalBytes();
    throw new UploadRefused(
        Reason.UPLOAD_INCOMPLETE,
        "Of " + upload.size() + " bytes, " + missingBytes + " are missing. Send them, then finish.",
        Map.of(
            "missing",
            missing.stream().limit(MISSING_SHOWN).map(r -> List.of(r.from(), r.to())).toList(),
            "missingBytes",
            missingBytes,
            "missingRanges",
            missing.size()));
  }

  private void verify(Upload upload, Crc32c crc, @Nullable Checksum expected) {
    if (expected == null) {
      return;
    }
    Checksum actual =
        switch (expected.algorithm()) {
          case CRC32C -> Checksum.of(crc);
          case SHA256 -> sha256(upload);
        };
    if (!actual.equals(expected)) {
      throw BodyChecks.mismatch(expected, actual);
    }
  }

  private void requireOpen(Upload upload) {
    Upload now = uploads.require(upload.id(), upload.owner());
    if (now.state() != UploadState.RECEIVING) {
      throw UploadRefused.notOpen(now);
    }
  }

  private Checksum sha256(Upload upload) {
    if (upload.size() == 0) {
      return Sha256.checksum(Sha256.digest());
    }
    try (BufferLease lease = buffers.leaseLargest();
        UploadFile file = storage.open(upload.id())) {
      return new StoredBytes(file, lease.bytes()).sha256(upload.whole());
    } catch (NoSuchFileException e) {
      requireOpen(upload);
      throw new UncheckedIOException("the file of upload " + upload.id() + " is missing", e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the file of upload " + upload.id(), e);
    }
  }

  private Upload forward(Upload upload, @Nullable Checksum given) {
    return switch (upload.state()) {
      case COMPLETED -> requireSame(upload, given);
      case PUBLISHING -> completion.further(requireSame(upload, given));
      case FINISHING -> completion.complete(upload);
      case FAILED -> completion.again(upload);
      case RECEIVING, CANCELLED, EXPIRED -> throw UploadRefused.notOpen(upload);
    };
  }

  /** A repeated finish with a CRC32C that is not the file's is a client's mistake worth telling. */
  private static Upload requireSame(Upload upload, @Nullable Checksum given) {
    Crc32c crc = upload.crc32c();
    if (given != null && crc != null && given.algorithm() == Checksum.Algorithm.CRC32C) {
      Checksum actual = Checksum.of(crc);
      if (!actual.equals(given)) {
        throw BodyChecks.mismatch(given, actual);
      }
    }
    return upload;
  }

  /**
   * Brings uploads to their end that a stop of the server had left on their way. Called once,
   * before the first request. What is {@code PUBLISHING} is left to the publisher.
   *
   * @return how many were completed, or are on their way to their destination now
   */
  public int resume() {
    int done = 0;
    List<Upload> waiting = catalog.inState(UploadState.FINISHING, RESUME_BATCH);
    while (!waiting.isEmpty()) {
      for (Upload upload : waiting) {
        done += resumed(upload) ? 1 : 0;
      }
      waiting = catalog.inState(UploadState.FINISHING, RESUME_BATCH);
    }
    return done;
  }

  /** Whether it went on; if not, it is {@code FAILED}, so that the loop above ends. */
  private boolean resumed(Upload upload) {
    try {
      completion.complete(upload);
      return true;
    } catch (UncheckedIOException e) {
      return false;
    }
  }
}
