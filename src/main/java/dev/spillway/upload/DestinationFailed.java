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
  private final String mayLieAt;

  public DestinationFailed(Kind kind, String reason, @Nullable Throwable cause) {
    this(kind, reason, cause, "");
  }

  private DestinationFailed(Kind kind, String reason, @Nullable Throwable cause, String mayLieAt) {
    super(reason, cause);
    this.kind = kind;
    this.mayLieAt = mayLieAt;
  }

  /** The same of a file that may lie at this place all the same, because it was sent. */
  public DestinationFailed ofFileAt(String location) {
    return new DestinationFailed(kind, String.valueOf(getMessage()), getCause(), location);
  }

  public Kind kind() {
    return kind;
  }

  /**
   * Where the file may lie although this has failed, or an empty text. It is no part of the
   * message, which is the same for all files.
   */
  public String mayLieAt() {
    return mayLieAt;
  }

  /** Whether trying again can help without anybody changing anything. */
  public boolean isTransient() {
    return kind == Kind.UNREACHABLE;
  }
}
