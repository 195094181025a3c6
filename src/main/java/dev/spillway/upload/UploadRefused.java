package dev.spillway.upload;

import java.io.Serial;
import java.util.Map;

/**
 * A request that the domain refuses, with the reason and the numbers that matter. Nothing that was
 * acknowledged before is harmed by a refusal.
 */
public final class UploadRefused extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  /** Why. The wire code of a reason is its name in lower case with hyphens. */
  public enum Reason {
    /** No such upload, or it belongs to somebody else: the two are not told apart. */
    UPLOAD_NOT_FOUND,
    /** A value of the request is not allowed. */
    INVALID_FIELD,
    /** The declared size is above the limit. */
    UPLOAD_TOO_LARGE,
    /** The key was used before, for a different upload. */
    IDEMPOTENCY_KEY_CONFLICT,
    /** The upload is not in a state that allows this. */
    WRONG_STATE,
    /** Ended for want of activity. */
    UPLOAD_EXPIRED,
    /** Ended by its client. */
    UPLOAD_CANCELLED,
    /** The chunk lies outside of the file. */
    CHUNK_OUT_OF_RANGE,
    /** Fewer bytes than the chunk has. */
    CHUNK_TOO_SHORT,
    /** More bytes than the chunk has. */
    CHUNK_TOO_LONG,
    /** These bytes are here already, and they are different ones. */
    CHUNK_CONFLICT,
    /** A newer request has taken this range over. */
    SUPERSEDED,
    /** The body came slower than is allowed. */
    TOO_SLOW,
    /** The received bytes are in too many pieces. */
    TOO_FRAGMENTED,
    /** The bytes do not have the checksum that was announced. */
    CHECKSUM_MISMATCH,
    /** Bytes are missing. */
    UPLOAD_INCOMPLETE
  }

  private final Reason reason;
  private final transient Map<String, Object> figures;

  /**
   * @param message one sentence that says what is wrong and what to change, safe to show
   * @param figures the numbers that matter, by JSON name
   */
  public UploadRefused(Reason reason, String message, Map<String, Object> figures) {
    super(message);
    this.reason = reason;
    this.figures = Map.copyOf(figures);
  }

  public Reason reason() {
    return reason;
  }

  public Map<String, Object> figures() {
    return figures;
  }

  static UploadRefused notFound() {
    return new UploadRefused(Reason.UPLOAD_NOT_FOUND, "There is no such upload.", Map.of());
  }

  /** What to answer to a request that needs an open upload when this one is not. */
  static UploadRefused notOpen(Upload upload) {
    Map<String, Object> figures = Map.of("state", upload.state().name());
    return switch (upload.state()) {
      case EXPIRED ->
          new UploadRefused(
              Reason.UPLOAD_EXPIRED,
              "The upload ended at "
                  + upload.lastActivityAt()
                  + " because no bytes had arrived for too long. Start a new upload.",
              figures);
      case CANCELLED ->
          new UploadRefused(
              Reason.UPLOAD_CANCELLED, "The upload was cancelled. Start a new upload.", figures);
      default ->
          new UploadRefused(
              Reason.WRONG_STATE,
              "The upload is " + upload.state() + "; this needs one that is RECEIVING.",
              figures);
    };
  }
}
