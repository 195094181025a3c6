package dev.spillway.upload;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
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

  /** The first received ranges, as {@link #received(UploadId)} has them, at most {@code limit}. */
  List<CheckedRange> firstReceived(UploadId id, int limit);

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
   * @param location where the file is now, when it is not here; null leaves it as it is
   */
  record Change(
      UploadState to,
      @Nullable Crc32c crc32c,
      @Nullable String failure,
      @Nullable String location,
      Instant at) {

    /** A change of an upload whose file stays where it is. */
    public Change(UploadState to, @Nullable Crc32c crc32c, @Nullable String failure, Instant at) {
      this(to, crc32c, failure, null, at);
    }

    public static Change to(UploadState to, Instant at) {
      return new Change(to, null, null, null, at);
    }

    /** The file is where it was to go: the upload is completed. */
    public static Change published(String location, Instant at) {
      return new Change(UploadState.COMPLETED, null, null, location, at);
    }
  }

  /** Uploads in a state, oldest first, at most {@code limit}. */
  List<Upload> inState(UploadState state, int limit);

  /**
   * Notes that uploads are alive. Only those that are open change, and no last activity goes back.
   */
  void touch(Collection<UploadId> ids, Instant at);

  /**
   * Which uploads have been left alone for long. What has failed after it was verified is none of
   * them: its finish has been acknowledged, and this may be the only copy.
   *
   * @param state the one that they are in
   * @param quietSince all of them were last active then or before
   * @param idleSince and either last active then or before,
   * @param openedBy or opened then or before
   */
  record Idle(UploadState state, Instant quietSince, Instant idleSince, Instant openedBy) {

    /** Those whose last activity was at a moment or before. */
    public static Idle since(UploadState state, Instant moment) {
      return new Idle(state, moment, moment, Instant.EPOCH);
    }

    /** Of those whose last activity was at a moment or before, the ones opened long ago. */
    public static Idle opened(UploadState state, Instant openedBy, Instant quietSince) {
      return new Idle(state, quietSince, Instant.EPOCH, openedBy);
    }
  }

  /**
   * Uploads that have been left alone, those with the oldest activity first, then by their ids.
   *
   * @param after those that come behind this one in this order; null for the first ones
   */
  List<Upload> idle(Idle which, @Nullable Upload after, int limit);

  /** How many uploads have been left alone, and what they have received. */
  Holding holding(Idle which);

  /**
   * What uploads hold on the disk.
   *
   * @param uploads how many
   * @param bytes what they have received
   */
  record Holding(long uploads, long bytes) {
    public Holding plus(Holding other) {
      return new Holding(uploads + other.uploads, bytes + other.bytes);
    }
  }

  /**
   * Lets an upload expire if, and only if, it is as it was seen: nothing has been received since,
   * and nobody else has ended it. Its ranges are forgotten.
   *
   * @param seen in a state that {@link UploadState#mayBecome} {@code EXPIRED}
   * @param why the reason to record
   * @return whether this call did it
   */
  boolean expire(Upload seen, String why, Instant at);

  /** How uploads stand, without those that are not on record. */
  Map<UploadId, Standing> standings(Collection<UploadId> ids);

  /**
   * What decides about an upload's local file.
   *
   * @param isElsewhere whether the upload's file is in a {@link Destination}, and not here
   */
  record Standing(UploadState state, boolean isElsewhere) {

    /** Whether the upload has no use for a finished file on the local disk, now or ever. */
    public boolean needsNoFile() {
      return state.isGone() || isElsewhere;
    }
  }

  /**
   * Forgets uploads that are gone ({@link UploadState#isGone}) and ended at a moment or before, the
   * oldest first.
   *
   * @return how many; less than the limit when there are no more
   */
  int deleteGone(UploadState state, Instant endedBy, int limit);

  /** Bytes received of all uploads that are open: what they hold on the disk. */
  long unfinishedBytes();

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
   * Open uploads together, and what else a page tells in its first lines. Cheap enough to be asked
   * every few seconds: its cost grows with what is open, not with what has been completed.
   */
  Counts counts();

  /**
   * How many uploads there are, and what they hold and lack.
   *
   * @param open how many are open
   * @param missingBytes what those have declared and not sent yet
   * @param receivedBytes what those have sent
   * @param failed how many are {@link UploadState#FAILED}
   * @param oldestOpened when the oldest of the open ones was opened
   * @param lastCompleted when the last one was completed of which the file is still there
   * @param publishing how many are {@link UploadState#PUBLISHING}
   * @param publishingBytes what those hold on the disk
   * @param oldestPublishing since when the first of those has been waiting
   */
  record Counts(
      long open,
      long missingBytes,
      long receivedBytes,
      long failed,
      Optional<Instant> oldestOpened,
      Optional<Instant> lastCompleted,
      long publishing,
      long publishingBytes,
      Optional<Instant> oldestPublishing) {}

  /** The clients that have uploads open: those with the most first, then by their names. */
  List<ClientUse> clients(int limit);

  /**
   * What a client has open.
   *
   * @param client {@link Upload#client}
   * @param uploads how many
   * @param receivedBytes what it has sent of them
   * @param missingBytes what it has declared and not sent yet
   */
  record ClientUse(String client, long uploads, long receivedBytes, long missingBytes) {}

  /**
   * Some uploads, found, sorted and counted by the database. In a text, letters from A to Z are
   * found in upper and lower case; other letters are found as they are written, and by some
   * databases in the other case, too. No character of it has a special meaning.
   *
   * @return the page; empty, with the true total, when there are fewer pages
   */
  UploadPage list(UploadQuery query);

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
