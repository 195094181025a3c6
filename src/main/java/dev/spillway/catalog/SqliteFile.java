package dev.spillway.catalog;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** The file of an SQLite catalogue. It holds names of files and people, so nobody else reads it. */
final class SqliteFile {

  private SqliteFile() {}

  /**
   * Looks at the path in a URL.
   *
   * @throws IllegalArgumentException for what SQLite would not keep on disk, or would not open the
   *     way this package asks for
   */
  static void requirePlainPath(String path) {
    if (path.isBlank() || path.startsWith(":") || path.startsWith("file:") || path.contains("?")) {
      throw new IllegalArgumentException(
          "the URL of an SQLite catalogue is jdbc:sqlite: and a file's path, without parameters");
    }
  }

  /**
   * Makes the file, empty, unless it is there. SQLite gives its other files (-wal, -shm) the same
   * permissions.
   */
  static void create(Path file) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (FileAlreadyExistsException e) {
      return;
    }
    // SQLite makes its own files durable, but this one is not its own.
    try (FileChannel directory =
        FileChannel.open(
            file.toAbsolutePath().resolveSibling("").normalize(), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }
}
