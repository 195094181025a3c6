package dev.spillway.upload;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Why a {@link Destination} did not do what it was asked. The message is a sentence for people: it
 * holds no secret and no text of a client.
 */
public final class DestinationFailed extends IOException {

  @Serial private static final long serialVersionUID = 1L;

  /** What it means for this file and for the others. */
  public enum Kind {
    /** It cannot be reached or is overloaded: no file gets there now, all will later. */
    UNREACHABLE,
    /**
     * It refuses this server: wrong credentials, no permission, no such bucket. Somebody must act.
     */
    REFUSED,
    /** What lies there under this file's name is another one, or what arrived was damaged. */
    MISMATCH
  }

  private final Kind kind;

  public DestinationFailed(Kind kind, String reason, @Nullable Throwable cause) {
    super(reason, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /** Whether trying again can help without anybody changing anything. */
  public boolean isTransient() {
    return kind == Kind.UNREACHABLE;
  }
}
