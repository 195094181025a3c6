package dev.spillway.upload;

import dev.spillway.admission.Admission;
import dev.spillway.admission.Client;
import dev.spillway.telemetry.Telemetry;
import dev.spillway.upload.UploadRefused.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Opens uploads, tells how far they are, cancels them. Chunks go to {@link Chunks}, the end of an
 * upload to {@link Finishing}.
 *
 * <p>Any thread may call. An owner is the authenticated name of the caller, null where the
 * container authenticates nobody; an upload answers to its owner only.
 */
public final class Uploads {

  private final Catalog catalog;
  private final Storage storage;
  private final Admission admission;
  private final UploadPolicy policy;
  private final Clock clock;
  private final RandomGenerator random;
  private final Telemetry.Counter cancelled;
  private final Activity activity = new Activity();

  /**
   * @param random where ids come from: a {@link java.security.SecureRandom}
   */
  public Uploads(
      Catalog catalog,
      Storage storage,
      Admission admission,
      UploadPolicy policy,
      Clock clock,
      RandomGenerator random,
      Telemetry telemetry) {
    this.catalog = catalog;
    this.storage = storage;
    this.admission = admission;
    this.policy = policy;
    this.clock = clock;
    this.random = random;
    this.cancelled =
        telemetry
            .labelled("outcome", "cancelled")
            .counter("upload.ended", "Uploads that have come to an end.");
  }

  /**
   * Opens an upload. Under an idempotency key that its owner has used before, the earlier upload is
   * returned, in whatever state it is.
   *
   * @throws UploadRefused when a value is not allowed, or the key belongs to a different upload
   * @throws dev.spillway.admission.AdmissionRefused when the disk cannot take the file, or the
   *     client has too much open
   */
  public Progress create(UploadRequest request, Client client, @Nullable String idempotencyKey) {
    request.check(policy);
    if (idempotencyKey != null) {
      Optional<Upload> earlier = catalog.findByKey(client.name(), idempotencyKey);
      if (earlier.isPresent()) {
        return progress(sameOrConflict(request, earlier.get()));
      }
    }
    try (Admission.Opening opening = admission.opening(client, request.size())) {
      return progress(record(request, client, idempotencyKey));
    }
  }

  private Upload record(UploadRequest request, Client client, @Nullable String key) {
    Upload opened = fresh(request, client);
    try {
      storage.create(opened.id());
      Upload onRecord = catalog.create(opened, key);
      if (onRecord.id().equals(opened.id())) {
        return onRecord;
      }
      storage.discard(opened.id());
      return sameOrConflict(request, onRecord);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create the file of upload " + opened.id(), e);
    }
  }

  private Upload fresh(UploadRequest request, Client client) {
    Instant now = clock.instant();
    return new Upload(
        UploadId.random(random),
        request.name(),
        request.size(),
        request.type(),
        policy.chunkSizes().forFile(request.size(), request.proposedChunkSize()),
        UploadState.RECEIVING,
        client.name(),
        client.key(),
        request.expected(),
        null,
        request.metadata(),
        now,
        now,
        0,
        null,
        null);
  }

  private static Upload sameOrConflict(UploadRequest request, Upload earlier) {
    if (!request.asksFor(earlier)) {
      throw new UploadRefused(
          Reason.IDEMPOTENCY_KEY_CONFLICT,
          "This Idempotency-Key opened a different upload before. Use a new key for a new upload.",
          Map.of());
    }
    return earlier;
  }

  /**
   * The upload with this id, if it is this owner's.
   *
   * @throws UploadRefused {@link Reason#UPLOAD_NOT_FOUND}, for unknown and for foreign ids alike
   */
  public Upload require(UploadId id, @Nullable String owner) {
    return catalog
        .find(id)
        .filter(upload -> upload.owner() == null || upload.owner().equals(owner))
        .orElseThrow(UploadRefused::notFound);
  }

  /** The upload with this id, whoever its owner is. For operators only. */
  public Optional<Upload> find(UploadId id) {
    return catalog.find(id);
  }

  /**
   * The upload with this id, whoever its owner is. For operators only.
   *
   * @throws UploadRefused {@link Reason#UPLOAD_NOT_FOUND}
   */
  Upload requireAny(UploadId id) {
    return find(id).orElseThrow(UploadRefused::notFound);
  }

  /**
   * Where an upload stands, with all that a client needs to go on.
   *
   * @throws UploadRefused when it is unknown, or has ended without a file, or its file is gone
   */
  public Progress status(UploadId id, @Nullable String owner) {
    Upload upload = require(id, owner);
    if (upload.state().isGone()) {
      throw UploadRefused.notOpen(upload);
    }
    return progress(upload);
  }

  Progress progress(Upload upload) {
    ByteRanges received =
        switch (upload.state()) {
          case CANCELLED, EXPIRED -> ByteRanges.none();
          case RECEIVING, FAILED ->
              ByteRanges.of(
                  catalog.received(upload.id()).stream().map(CheckedRange::range).toList());
          case FINISHING, PUBLISHING, COMPLETED ->
              upload.size() == 0 ? ByteRanges.none() : ByteRanges.of(upload.whole());
        };
    return new Progress(upload, received);
  }

  /** When an open upload may end if no further byte arrives. */
  public Instant expiresAt(Upload upload) {
    return policy.lifetimes().expiresAt(upload);
  }

  /** The uploads that requests of this process are at work on. */
  Activity activity() {
    return activity;
  }

  /** Whether the server is about to stop. */
  boolean isDraining() {
    return admission.stats().draining();
  }

  /** What lets uploads be opened, and opened again. */
  Admission admission() {
    return admission;
  }

  /** The bounds that hold for every upload. */
  public UploadPolicy policy() {
    return policy;
  }

  /**
   * Ends an upload and frees its disk space at once; chunks on their way are refused. Repeating it
   * changes nothing.
   *
   * @throws UploadRefused when the upload is finished, or on its way to be
   */
  public void cancel(UploadId id, @Nullable String owner) {
    cancel(require(id, owner));
  }

  /**
   * Does what {@link #cancel} does, whoever the owner is. For operators only.
   *
   * @throws UploadRefused when the upload is unknown, finished, or on its way to be
   */
  public void cancelByOperator(UploadId id) {
    cancel(requireAny(id));
  }

  private void cancel(Upload upload) {
    if (end(upload, UploadState.CANCELLED)) {
      cancelled.add(1);
    } else {
      Upload now = requireAny(upload.id());
      if (now.state() != UploadState.CANCELLED) {
        throw UploadRefused.notOpen(now);
      }
    }
    activity.endReads(upload.id(), ClientReads.End.CANCELLED);
    // Also when it had ended before: then the first try may have failed here.
    discard(upload);
  }

  /**
   * Lets the time begin anew that an open upload may be idle, as if a byte had arrived just now;
   * the longest time that it may take in all stays as it is. For operators only.
   *
   * @return when it ends if nothing arrives
   * @throws UploadRefused when it is unknown or not open, or has had all its time
   */
  public Instant extend(UploadId id) {
    Upload upload = requireAny(id);
    Instant now = clock.instant();
    requireExtensible(upload, now);
    catalog.touch(List.of(id), now);
    Upload extended = requireAny(id);
    requireExtensible(extended, now);
    return expiresAt(extended);
  }

  private void requireExtensible(Upload upload, Instant now) {
    if (upload.state() != UploadState.RECEIVING) {
      throw UploadRefused.notOpen(upload);
    }
    if (policy.lifetimes().isTooOld(upload, now)) {
      throw UploadRefused.tooOld(upload, policy.lifetimes().most());
    }
  }

  private boolean end(Upload upload, UploadState end) {
    for (UploadState from : List.of(UploadState.RECEIVING, UploadState.FAILED)) {
      if (from.mayBecome(end)
          && catalog.transition(upload.id(), from, Catalog.Change.to(end, clock.instant()))) {
        return true;
      }
    }
    return false;
  }

  private void discard(Upload upload) {
    try {
      storage.discard(upload.id());
      // It has its final name when it could not be published.
      storage.discardFinished(upload.id());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the file of upload " + upload.id(), e);
    }
  }
}
