package dev.spillway.upload;

import java.io.IOException;
import java.io.Serial;

/** The volume has no room left. What was committed before is not harmed. */
public final class StorageFull extends IOException {

  @Serial private static final long serialVersionUID = 1L;

  private final long usable;

  /**
   * @param usable bytes that the volume still has
   */
  public StorageFull(long usable, IOException cause) {
    super("no room left on the volume: " + usable + " bytes usable", cause);
    this.usable = usable;
  }

  /** Bytes that the volume still had. */
  public long usable() {
    return usable;
  }
}
