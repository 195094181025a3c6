package dev.spillway.upload;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serial;
import java.nio.file.FileStore;

/** The volume has no room left. What was committed before is not harmed. */
public final class StorageFull extends IOException {

  @Serial private static final long serialVersionUID = 1L;

  /** With less than this left, a failed write is put down to the lack of room. */
  private static final long PRACTICALLY_NOTHING = 1 << 20;

  private static final String NO_ROOM = noRoomInTheSystemsWords();

  private final long usable;

  /**
   * @param usable bytes that the volume still has
   */
  public StorageFull(long usable, IOException cause) {
    super("no room left on the volume: " + usable + " bytes usable", cause);
    this.usable = usable;
  }

  /**
   * Tells a full volume from other failures of a write: by what the system said, or else by asking
   * the volume. Only the first knows of a volume that had no room when the write failed and has
   * some again, and of one that has bytes left but no inodes.
   *
   * @return the failure itself when it has another cause
   */
  public static IOException orSame(FileStore volume, IOException failure) {
    try {
      long usable = volume.getUsableSpace();
      return usable < PRACTICALLY_NOTHING || saysSo(failure)
          ? new StorageFull(usable, failure)
          : failure;
    } catch (IOException e) {
      failure.addSuppressed(e);
      return failure;
    }
  }

  private static boolean saysSo(IOException failure) {
    String message = failure.getMessage();
    return message != null && message.endsWith(NO_ROOM);
  }

  /** Depends on the system's language; a device that is always full is asked for it. */
  private static String noRoomInTheSystemsWords() {
    try (OutputStream full = new FileOutputStream("/dev/full")) {
      full.write(0);
    } catch (IOException e) {
      String words = e.getMessage();
      // One that cannot be opened says its name first.
      if (words != null && !words.contains("/dev/full")) {
        return words;
      }
    }
    return "No space left on device";
  }

  /** Bytes that the volume still had. */
  public long usable() {
    return usable;
  }
}
