package dev.spillway.upload;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A temporary directory for tests whose engine makes none. */
record ModelDirectory(Path path) {

  static ModelDirectory make() {
    Path memory = Path.of("/dev/shm");
    try {
      return new ModelDirectory(
          Files.isWritable(memory)
              ? Files.createTempDirectory(memory, "spillway-")
              : Files.createTempDirectory("spillway-"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void remove() throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(path)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : all) {
      Files.delete(each);
    }
  }
}
