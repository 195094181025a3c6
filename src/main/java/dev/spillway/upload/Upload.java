package dev.spillway.upload;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One upload as the catalogue knows it. Which bytes have been received is kept beside it, as {@link
 * CheckedRange}s; {@link #receivedBytes} is their total.
 *
 * @param id what clients, rows and files are named by
 * @param name the client's file name as it was given: data, never a path
 * @param size the declared size in bytes, at least 0
 * @param type the client's media type, as data only
 * @param chunkSize the length in bytes of every numbered chunk but the last
 * @param owner who opened it, when the container authenticates; null for anybody
 * @param client whom limits count it for: {@link dev.spillway.admission.Client#key}; empty for
 *     uploads from before there were limits
 * @param expected the whole file's checksum, when the client gave one at creation
 * @param crc32c the whole file's CRC32C, once it has been finished
 * @param metadata the client's own keys and values, in its order
 * @param createdAt when it was opened
 * @param lastActivityAt when the last bytes were committed or seen on their way, or it was opened
 *     or changed state; for one that has ended, when it did
 * @param receivedBytes bytes committed so far
 * @param failure why the state is {@link UploadState#FAILED} or {@link UploadState#EXPIRED}, else
 *     null
 * @param location where its file is, when that is not here but in a {@link Destination}; null as
 *     long as it is not there
 */
public record Upload(
    UploadId id,
    String name,
    long size,
    @Nullable String type,
    long chunkSize,
    UploadState state,
    @Nullable String owner,
    String client,
    @Nullable Checksum expected,
    @Nullable Crc32c crc32c,
    Map<String, String> metadata,
    Instant createdAt,
    Instant lastActivityAt,
    long receivedBytes,
    @Nullable String failure,
    @Nullable String location) {

  /** Why it could not be finished or has expired, as a sentence for people; empty if it has not. */
  public Optional<String> reason() {
    return ExpiryNote.of(this).map(ExpiryNote::sentence).or(() -> Optional.ofNullable(failure));
  }

  /** Whether its file is in a {@link Destination}, and not here. */
  public boolean isElsewhere() {
    return location != null;
  }

  /** The whole file as a range; only for a size above 0. */
  public ByteRange whole() {
    return new ByteRange(0, size);
  }

  /** How many numbered chunks the file has: 0 for an empty file. */
  public long totalChunks() {
    return size == 0 ? 0 : (size - 1) / chunkSize + 1;
  }

  /**
   * The bytes that a numbered chunk covers.
   *
   * @param index from 0 to {@code totalChunks() - 1}
   */
  public ByteRange chunk(long index) {
    if (index < 0 || index >= totalChunks()) {
      throw new IllegalArgumentException("chunk " + index + " of " + totalChunks());
    }
    long from = index * chunkSize;
    return new ByteRange(from, Math.min(from + chunkSize, size));
  }
}
