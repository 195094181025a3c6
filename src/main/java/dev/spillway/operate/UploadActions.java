package dev.spillway.operate;

import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What an operator may do to one upload, whoever owns it, through the services that requests use.
 * Any thread may call; what these services throw comes out unchanged.
 */
public interface UploadActions {

  Optional<Upload> find(UploadId id);

  /**
   * Ends it and frees its space. Repeating it changes nothing.
   *
   * @throws dev.spillway.upload.UploadRefused when it is finished, or on its way to be
   */
  void cancel(UploadId id);

  /**
   * Whether finished files go on to a destination. If not, {@link #retry} completes here what was
   * on its way to one.
   */
  boolean publishes();

  /** Tries to finish a failed one again, or one whose destination is not set any more. */
  void retry(UploadId id);

  /**
   * Lets its idle time begin anew.
   *
   * @return when it ends if no further byte comes
   */
  Instant extend(UploadId id);

  /** All that are open; empty while that is not known. */
  Optional<Open> open();

  /**
   * What is still to come.
   *
   * @param missingBytes declared and not received yet
   * @param bytesPerSecond at which bytes arrive now; empty while that is not known
   */
  record Open(long uploads, long missingBytes, OptionalDouble bytesPerSecond) {}
}
