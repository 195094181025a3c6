package dev.spillway.upload;

import java.time.Duration;
import java.time.Instant;

/**
 * What the operator allows.
 *
 * @param maxSize the largest file in bytes
 * @param chunkSizes bounds of a chunk's length in bytes
 * @param durability when received bytes are forced to the disk
 * @param lifetimes how long an upload that is not finished is kept
 */
public record UploadPolicy(
    long maxSize, ChunkSizes chunkSizes, Durability durability, Lifetimes lifetimes) {

  /** When received bytes are forced to the disk. */
  public enum Durability {
    /** Before each chunk is acknowledged: acknowledged bytes survive a power cut. */
    CHUNK,
    /** Before the file gets its final name: finished files survive a power cut. */
    FINISH,
    /** Never: the operating system decides. Acknowledged bytes survive a crash of the process. */
    NONE
  }

  /**
   * How long an upload that is not finished is kept.
   *
   * @param idle without a new byte
   * @param idleWhenDiskIsLow without a new byte while the disk runs low; not more than {@code
   *     idle}, which is taken in its place where it is less. An upload that has been idle for less
   *     than this never expires: another server may be receiving bytes that are not on record yet
   * @param most in all, however busy it is: older ones take no further chunk
   */
  public record Lifetimes(Duration idle, Duration idleWhenDiskIsLow, Duration most) {

    /**
     * @throws IllegalArgumentException when a duration is not longer than nothing
     */
    public Lifetimes {
      if (!isLongerThanNothing(idle)
          || !isLongerThanNothing(idleWhenDiskIsLow)
          || !isLongerThanNothing(most)) {
        throw new IllegalArgumentException(
            "lifetimes are longer than nothing: " + idle + ", " + idleWhenDiskIsLow + ", " + most);
      }
      if (idleWhenDiskIsLow.compareTo(idle) > 0) {
        idleWhenDiskIsLow = idle;
      }
    }

    private static boolean isLongerThanNothing(Duration duration) {
      return !duration.isNegative() && !duration.isZero();
    }

    /** When an open upload may end if no further byte arrives. */
    public Instant expiresAt(Upload upload) {
      Instant whenIdle = upload.lastActivityAt().plus(idle);
      Instant whenOld = upload.createdAt().plus(most);
      return whenIdle.isBefore(whenOld) ? whenIdle : whenOld;
    }

    /** When one that has failed ends if nobody finishes it: by its age, but never at once. */
    public Instant failedExpiresAt(Upload upload) {
      Instant whenQuiet = upload.lastActivityAt().plus(idleWhenDiskIsLow);
      Instant whenOld = upload.createdAt().plus(most);
      return whenQuiet.isAfter(whenOld) ? whenQuiet : whenOld;
    }

    /** Whether an upload has had all the time that one may take. */
    boolean isTooOld(Upload upload, Instant now) {
      return !now.isBefore(upload.createdAt().plus(most));
    }
  }

  /** Bounds of a chunk's length in bytes: {@code 0 < min <= preferred <= max}. */
  public record ChunkSizes(long min, long preferred, long max) {

    /**
     * More numbered chunks than this make the bookkeeping the load: the record of an upload whose
     * chunks arrive shuffled has up to half as many rows.
     */
    private static final long MAX_CHUNKS = 50_000;

    public ChunkSizes {
      if (min <= 0 || preferred < min || max < preferred) {
        throw new IllegalArgumentException(
            "chunk sizes must ascend: min " + min + ", preferred " + preferred + ", max " + max);
      }
    }

    /**
     * The chunk size for a file.
     *
     * @param size the file's length in bytes
     * @param proposed what the client would like; 0 for no wish
     */
    long forFile(long size, long proposed) {
      long wanted = proposed == 0 ? preferred : Math.max(proposed, min);
      return Math.min(max, Math.max(wanted, size / MAX_CHUNKS));
    }
  }
}
