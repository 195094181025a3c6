package dev.spillway.storage.gcs;

import dev.spillway.upload.DestinationFailed;
import java.io.Serial;

/**
 * A call of Google's library has failed. It keeps nothing that the library says: its messages have
 * the addresses of sessions in them, and who has such an address may write.
 */
final class CallFailed extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  /** What was being done. */
  enum Step {
    /** A new object is announced. */
    BEGIN,
    /** Bytes are sent, but not the last ones. */
    SEND,
    /** The last bytes are sent: an object comes into being. */
    END,
    /** Something is asked. */
    LOOK,
    /** An object's bytes are read. */
    READ
  }

  /** What to do about it. */
  enum Meaning {
    /** The same may go well later. */
    PASSING,
    /** So it may, but what was sent before is lost: from the beginning. */
    LOST,
    /** There is an object of this name. */
    TAKEN,
    /** What has arrived is not what was announced. */
    DAMAGED,
    /** What was asked for is not there. */
    ABSENT,
    /** It will fail again until somebody changes something. */
    REFUSED
  }

  private final Step step;
  private final Meaning meaning;
  private final DestinationFailed reason;

  CallFailed(Step step, Meaning meaning, DestinationFailed reason) {
    super(reason);
    this.step = step;
    this.meaning = meaning;
    this.reason = reason;
  }

  Meaning meaning() {
    return meaning;
  }

  /** Whether the object may be there in spite of it: only the answer may be lost. */
  boolean mayBeDone() {
    return step == Step.END || meaning == Meaning.TAKEN;
  }

  DestinationFailed reason() {
    return reason;
  }
}
