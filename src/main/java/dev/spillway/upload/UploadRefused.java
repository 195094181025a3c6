package dev.spillway.upload;

import java.io.Serial;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

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
    /** Ended because its time was up. */
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
    return switch (upload.state()) {
      case EXPIRED -> expired(upload);
      case CANCELLED ->
          new UploadRefused(
              Reason.UPLOAD_CANCELLED,
              "The upload was cancelled at " + upload.lastActivityAt() + ". Start a new upload.",
              Map.of(
                  "state",
                  upload.state().name(),
                  "cancelledAt",
                  upload.lastActivityAt().toString()));
      default ->
          new UploadRefused(
              Reason.WRONG_STATE,
              "The upload is " + upload.state() + "; this needs one that is RECEIVING.",
              Map.of("state", upload.state().name()));
    };
  }

  private static UploadRefused expired(Upload upload) {
    Optional<ExpiryNote> note = ExpiryNote.of(upload);
    boolean wasFinished = note.isPresent() && note.get().why() == ExpiryNote.Why.RETENTION;
    return expired(
        (wasFinished ? removed(upload) : "The upload ended")
            + " at "
            + upload.lastActivityAt()
            + note.map(why -> ": " + why.sentence()).orElse("")
            + advice(upload, wasFinished),
        upload.lastActivityAt(),
        note.map(ExpiryNote::why));
  }

  private static String advice(Upload upload, boolean wasFinished) {
    if (!wasFinished) {
      return ". Start a new upload.";
    }
    return upload.isElsewhere() ? ". It may still be there." : ". Upload it again if it is needed.";
  }

  private static String removed(Upload upload) {
    return upload.isElsewhere()
        ? "This server let go of the file, which it had put at " + upload.location() + ","
        : "The file was removed";
  }

  /** What to answer to further chunks of an upload that has had all its time. */
  static UploadRefused tooOld(Upload upload, Duration most) {
    Instant since = upload.createdAt().plus(most);
    ExpiryNote note = ExpiryNote.age(most);
    return expired(
        "The upload ended at " + since + ": " + note.sentence() + ". Start a new upload.",
        since,
        Optional.of(note.why()));
  }

  private static UploadRefused expired(String message, Instant at, Optional<ExpiryNote.Why> why) {
    Map<String, Object> figures = new HashMap<>();
    figures.put("state", UploadState.EXPIRED.name());
    figures.put("expiredAt", at.toString());
    why.ifPresent(reason -> figures.put("reason", reason.word()));
    return new UploadRefused(Reason.UPLOAD_EXPIRED, message, figures);
  }
}
