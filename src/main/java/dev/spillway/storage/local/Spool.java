package dev.spillway.storage.local;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/**
 * The directory where a chunk waits whose place is not known yet. Every request removes its own
 * files; what a crash left behind is removed at the next start.
 */
public final class Spool {

  private final Path directory;

  /**
   * @param root the data directory
   */
  public Spool(Path root) throws IOException {
    this.directory = root.resolve("spool");
    new PrivateFiles(root.getFileSystem()).createDirectories(directory);
  }

  public Path directory() {
    return directory;
  }

  /**
   * Removes files that were last written before a moment.
   *
   * @return how many
   */
  public int sweep(Instant before) throws IOException {
    int removed = 0;
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(directory)) {
      for (Path leftover : leftovers) {
        removed += removeIfOlder(leftover, FileTime.from(before)) ? 1 : 0;
      }
    }
    return removed;
  }

  private static boolean removeIfOlder(Path file, FileTime before) throws IOException {
    try {
      return Files.getLastModifiedTime(file).compareTo(before) < 0 && Files.deleteIfExists(file);
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
