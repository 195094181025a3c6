package dev.spillway.upload;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;

/**
 * A finished file is missing on the local disk, or cannot be read there: its volume is not mounted,
 * or a sector is bad. The message is a sentence for people, without a path.
 */
public final class LocalFileFailed extends IOException {

  @Serial private static final long serialVersionUID = 1L;

  private LocalFileFailed(String reason, IOException cause) {
    super(reason, cause);
  }

  /**
   * @param elsewhere where it is not either
   */
  static LocalFileFailed missing(String elsewhere, IOException cause) {
    return new LocalFileFailed("its file is missing, here and at " + elsewhere, cause);
  }

  static LocalFileFailed unreadable(IOException cause) {
    return new LocalFileFailed("its file cannot be read here: " + text(cause), cause);
  }

  /** What the file system says has the path in its message. */
  private static String text(IOException cause) {
    if (cause instanceof AccessDeniedException) {
      return "access is denied";
    }
    String text =
        cause instanceof FileSystemException failure ? failure.getReason() : cause.getMessage();
    return text == null ? cause.getClass().getSimpleName() : text;
  }
}
