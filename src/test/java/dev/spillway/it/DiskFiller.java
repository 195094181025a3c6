package dev.spillway.it;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Somebody else who uses up a volume and gives it back. One thread uses it. What it has taken goes
 * with the volume.
 */
final class DiskFiller {

  private static final int[] PIECES = {1 << 20, 1 << 16, 1 << 12, 1};

  private final Path directory;
  private final List<Path> taken = new ArrayList<>();

  /**
   * @param directory on the volume; made when it is missing
   */
  DiskFiller(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
  }

  /** Writes until not one byte more fits. */
  void takeAllSpace() throws IOException {
    try (FileChannel file = newFile()) {
      for (int piece : PIECES) {
        writeAll(file, ByteBuffer.allocate(piece));
      }
      file.force(true);
    }
  }

  /** Writes until no more than so many bytes are left. */
  void takeAllSpaceBut(long bytes) throws IOException {
    takeAllSpace();
    Path last = taken.get(taken.size() - 1);
    try (FileChannel file = FileChannel.open(last, StandardOpenOption.WRITE)) {
      file.truncate(file.size() - bytes);
      file.force(true);
    }
  }

  private static void writeAll(FileChannel file, ByteBuffer piece) {
    try {
      while (true) {
        file.write(piece.clear());
      }
    } catch (IOException e) {
      // That is all there was.
    }
  }

  /** Makes files until not one more fits. */
  void takeAllInodes() throws IOException {
    while (true) {
      try {
        newFile().close();
      } catch (FileSystemException e) {
        return;
      }
    }
  }

  private FileChannel newFile() throws IOException {
    Path file = directory.resolve("taken-" + taken.size());
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    taken.add(file);
    return channel;
  }

  void giveBack() throws IOException {
    for (Path file : taken) {
      Files.delete(file);
    }
    taken.clear();
  }
}
