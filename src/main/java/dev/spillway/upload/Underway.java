package dev.spillway.upload;

import java.time.Duration;

/**
 * A chunk on its way in, as it was at one moment.
 *
 * @param range what it covers at most
 * @param received bytes of it that have been read
 * @param age since it was let in
 * @param silent since its last byte, or since it was let in
 */
public record Underway(
    UploadId upload, ByteRange range, long received, Duration age, Duration silent, Phase phase) {

  /** What its thread is doing. */
  public enum Phase {
    WAITING_FOR_MEMORY,
    READING,
    WAITING_FOR_DISK,
    WRITING,
    /** Verifying, forcing, recording. */
    COMMITTING
  }
}
