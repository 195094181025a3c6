package dev.spillway.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A disk that takes its time: every force of a running server waits, those of its catalogue too.
 * Linux only. Belongs to the test that attaches it; closing lets the server go.
 */
final class SlowForces implements AutoCloseable {

  private final DelayedCalls delayed;
  private final Path record;

  private SlowForces(DelayedCalls delayed, Path record) {
    this.delayed = delayed;
    this.record = record;
  }

  /**
   * @param directory for what strace writes
   * @param delay how long each force waits before it begins
   */
  static SlowForces attach(ServerProcess server, Path directory, Duration delay) throws Exception {
    Path record = Files.createTempFile(directory, "forces-", ".txt");
    return new SlowForces(
        DelayedCalls.attach(server, "fdatasync,fsync", delay, List.of("--output=" + record)),
        record);
  }

  /** How often the data of a file has been forced since, or begun to be. */
  long ofData() throws IOException {
    try (Stream<String> lines = Files.lines(record)) {
      return lines.filter(line -> line.contains("fdatasync(")).count();
    }
  }

  @Override
  public void close() throws InterruptedException {
    delayed.close();
  }
}
