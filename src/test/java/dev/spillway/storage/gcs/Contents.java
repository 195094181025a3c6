package dev.spillway.storage.gcs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Where the fake keeps bytes: never in memory. Any thread may call. */
final class Contents {

  private final Optional<Path> directory;
  private final AtomicLong names = new AtomicLong();

  private Contents(Optional<Path> directory) {
    this.directory = directory;
  }

  static Contents in(Path directory) throws IOException {
    return new Contents(Optional.of(Files.createDirectories(directory)));
  }

  /** Bytes are counted and summed up, and let go. */
  static Contents sumsOnly() {
    return new Contents(Optional.empty());
  }

  Arriving begin() throws IOException {
    String name = "content-" + names.incrementAndGet();
    return new Arriving(directory.map(folder -> folder.resolve(name)));
  }
}
