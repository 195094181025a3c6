package dev.spillway.status;

import dev.spillway.upload.Upload;
import java.time.Instant;
import java.util.OptionalDouble;

/**
 * A row of the table of uploads.
 *
 * @param phase what happens to it at this moment
 * @param chunks how many of its chunks are on their way
 * @param rate bytes a second of those; empty when there are none
 * @param expiresAt when it ends if nothing more arrives; meaningless once it has ended
 */
public record UploadLine(
    Upload upload, Phase phase, int chunks, OptionalDouble rate, Instant expiresAt) {

  /** What happens to an upload at this moment, as far as this server knows. */
  public enum Phase {
    RECEIVING,
    WAITING_FOR_MEMORY,
    WAITING_FOR_DISK,
    STORING,
    /** Chunks are on their way, and no byte has come for a while. */
    STALLED,
    /** Open, and nothing on its way. */
    QUIET,
    FINISHING,
    FAILED,
    /** Its file is on its way to its destination, or waits for that. */
    PUBLISHING,
    COMPLETED,
    CANCELLED,
    EXPIRED
  }
}
