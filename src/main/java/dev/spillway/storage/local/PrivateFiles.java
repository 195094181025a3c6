package dev.spillway.storage.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Makes files and directories that only this process's user can read, by the creating call itself
 * rather than by whatever umask the container was started with.
 */
final class PrivateFiles {

  private static final FileAttribute<?>[] NONE = {};

  private final FileAttribute<?>[] forDirectories;
  private final FileAttribute<?>[] forFiles;

  PrivateFiles(FileSystem fileSystem) {
    boolean posix = fileSystem.supportedFileAttributeViews().contains("posix");
    forDirectories = posix ? attributes("rwx------") : NONE;
    forFiles = posix ? attributes("rw-------") : NONE;
  }

  private static FileAttribute<?>[] attributes(String permissions) {
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
    };
  }

  /** Makes a directory, and those above it that are missing, each durable when this returns. */
  void createDirectories(Path directory) throws IOException {
    if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Path parent = directory.toAbsolutePath().getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      createDirectories(parent);
    }
    try {
      Files.createDirectory(directory, forDirectories);
    } catch (FileAlreadyExistsException e) {
      // Another thread was faster, or a link to a directory stands there, which an operator may
      // want
      // for the root.
      if (!Files.isDirectory(directory)) {
        throw e;
      }
    }
    if (parent != null) {
      forceDirectory(parent);
    }
  }

  /** Makes a new, empty file and leaves it open for writing. */
  FileChannel createFile(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
        forFiles);
  }

  /** Makes what was created, renamed or removed in a directory durable. */
  static void forceDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
