package dev.spillway.upload;

import java.time.Duration;

/**
 * What the operator allows.
 *
 * @param maxSize the largest file in bytes
 * @param chunkSizes bounds of a chunk's length in bytes
 * @param durability when received bytes are forced to the disk
 * @param idleExpiry how long an upload without a new byte is kept
 */
public record UploadPolicy(
    long maxSize, ChunkSizes chunkSizes, Durability durability, Duration idleExpiry) {

  /** When received bytes are forced to the disk. */
  public enum Durability {
    /** Before each chunk is acknowledged: acknowledged bytes survive a power cut. */
    CHUNK,
    /** Before the file gets its final name: finished files survive a power cut. */
    FINISH,
    /** Never: the operating system decides. Acknowledged bytes survive a crash of the process. */
    NONE
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
