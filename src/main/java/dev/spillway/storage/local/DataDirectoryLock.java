package dev.spillway.storage.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a second server out of a data directory that has room for one: two servers on one SQLite
 * catalogue would each take the other's work for leftovers. Held from start to close; the operating
 * system gives it back when the process dies.
 */
public final class DataDirectoryLock implements AutoCloseable {

  private final FileChannel channel;

  private DataDirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock, or fails at once.
   *
   * @throws IOException when another server holds the directory, or it cannot be written
   */
  public static DataDirectoryLock acquire(Path root) throws IOException {
    PrivateFiles privateFiles = new PrivateFiles(root.getFileSystem());
    privateFiles.createDirectories(root);
    FileChannel channel =
        FileChannel.open(
            root.resolve("server.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      locked = tryLock(channel) != null;
    } finally {
      if (!locked) {
        channel.close();
      }
    }
    if (!locked) {
      throw new IOException("another server is using the data directory " + root);
    }
    return new DataDirectoryLock(channel);
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Another web application of this very process.
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
