package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Remembers which bytes have been written and not forced, through any handle, and takes them away:
 * after a failed force as the kernel does, which then calls them clean, and in a power cut. What
 * was taken away reads as zeros.
 */
final class FaultDisk {

  private final Map<UploadId, ByteRanges> unforced = new HashMap<>();

  void written(UploadId id, ByteRange range) {
    unforced.merge(id, ByteRanges.of(range), (before, now) -> before.plus(range));
  }

  void forced(UploadId id) {
    unforced.remove(id);
  }

  /** A finished file survives a power cut, so it may not have bytes that do not. */
  void requireForced(UploadId id) {
    assertThat(unforced)
        .as("bytes that are not durable, in a file to be finished")
        .doesNotContainKey(id);
  }

  void lose(UploadId id, UploadFile file) throws IOException {
    ByteRanges lost = unforced.remove(id);
    if (lost == null) {
      return;
    }
    for (ByteRange range : lost) {
      file.write(ByteBuffer.allocate(Math.toIntExact(range.length())), range.from());
    }
  }

  /**
   * Everything that has not been forced is lost. What was written last and reached to the file's
   * end makes it shorter, as file systems do that settle a file's length when they write its bytes.
   *
   * @param root the directory of a storage that is not in use any more
   */
  void cutPower(Path root) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(root)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    for (Map.Entry<UploadId, ByteRanges> lost : unforced.entrySet()) {
      // There may be none: what was discarded, nobody misses, and no finished file is among them.
      String name = lost.getKey().value();
      for (Path file : files) {
        if (file.getFileName().toString().startsWith(name)) {
          cut(file, lost.getValue());
        }
      }
    }
    unforced.clear();
  }

  private static void cut(Path file, ByteRanges lost) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (ByteRange range : lost) {
        boolean atTheEnd = range.to() >= channel.size();
        channel.write(ByteBuffer.allocate(Math.toIntExact(range.length())), range.from());
        if (atTheEnd) {
          channel.truncate(range.from());
        }
      }
    }
  }
}
