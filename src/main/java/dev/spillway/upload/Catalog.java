package dev.spillway.upload;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The record of uploads, their states and their received ranges. It is the truth: bytes in the
 * {@link Storage} that the catalogue does not know of do not exist.
 *
 * <p>Every method returns after its effect is durable and may be called by any thread; each waits
 * for a bounded time and throws {@link CatalogUnavailable} when the database does not answer.
 */
public interface Catalog {

  /**
   * Records a new upload. With an idempotency key that the same owner has used before, nothing is
   * recorded.
   *
   * @param upload in state {@link UploadState#RECEIVING}, with nothing received
   * @return the upload now on record: the given one, or the earlier one under the same key
   */
  Upload create(Upload upload, @Nullable String idempotencyKey);

  Optional<Upload> find(UploadId id);

  /** The upload that this owner opened under this key. */
  Optional<Upload> findByKey(@Nullable String owner, String idempotencyKey);

  /**
   * What has been received, in ascending order. Adjacent ranges are joined, so the list is as long
   * as the upload has gaps, plus one. Empty once the upload has ended in any way.
   */
  List<CheckedRange> received(UploadId id);

  /** Those received ranges that share a byte with a window, whole, in ascending order. */
  List<CheckedRange> received(UploadId id, ByteRange window);

  /** How many separate ranges have been received. */
  long receivedPieces(UploadId id);

  /**
   * Commits ranges that have just been written (and forced, by policy). Commits of many transfers
   * are made durable together.
   *
   * @param ranges disjoint, ascending, not empty
   */
  CommitOutcome commit(UploadId id, List<CheckedRange> ranges, Instant at);

  /** What became of a commit. Unless it is {@link #COMMITTED}, nothing changed. */
  enum CommitOutcome {
    COMMITTED,
    /** The upload is unknown or not open any more. */
    NOT_RECEIVING,
    /** Some of the bytes have been committed before, by somebody else. */
    OVERLAPPING
  }

  /**
   * Moves an upload from one state to another if, and only if, it is in that state now. Ranges of
   * an upload that reaches {@code COMPLETED}, {@code CANCELLED} or {@code EXPIRED} are forgotten.
   *
   * @param change the state to reach and what else to record
   * @return whether this call made the transition
   * @throws IllegalArgumentException when {@link UploadState#mayBecome} says no
   */
  boolean transition(UploadId id, UploadState from, Change change);

  /**
   * A transition's effect on the row.
   *
   * @param crc32c the whole file's checksum to record; null leaves it as it is
   * @param failure the reason to record; null clears it
   */
  record Change(UploadState to, @Nullable Crc32c crc32c, @Nullable String failure, Instant at) {
    public static Change to(UploadState to, Instant at) {
      return new Change(to, null, null, at);
    }
  }

  /** Uploads in a state, oldest first, at most {@code limit}. */
  List<Upload> inState(UploadState state, int limit);

  /** Bytes declared but not yet received, over all uploads that are open. */
  long outstandingBytes();

  /** The open uploads that limits count for a client ({@link Upload#client}). */
  OpenUploads openUploadsOf(String client);

  /**
   * What a client has open.
   *
   * @param count how many uploads
   * @param missingBytes what they have declared and not sent yet
   */
  record OpenUploads(long count, long missingBytes) {}

  /**
   * Open uploads in ascending order of their ids.
   *
   * @param after those with a greater id; null for the first ones
   */
  List<Upload> openAfter(@Nullable UploadId after, int limit);

  /**
   * Forgets all that an open upload has received, because its bytes have been lost. Its client will
   * find everything missing.
   *
   * @return whether the upload was open
   */
  boolean forgetReceived(UploadId id);

  /**
   * Asks the database for a sign of life.
   *
   * @throws CatalogUnavailable when there is none
   */
  void ping();
}
