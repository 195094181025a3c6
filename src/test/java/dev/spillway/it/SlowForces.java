package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A disk that takes its time: every force of a running server waits, those of its catalogue too.
 * Linux only. Belongs to the test that attaches it; closing lets the server go.
 */
final class SlowForces implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Process strace;
  private final Path record;

  private SlowForces(Process strace, Path record) {
    this.strace = strace;
    this.record = record;
  }

  /**
   * @param directory for what strace writes
   * @param delay how long each force waits before it begins
   */
  static SlowForces attach(ServerProcess server, Path directory, Duration delay) throws Exception {
    Path record = Files.createTempFile(directory, "forces-", ".txt");
    Process process =
        new ProcessBuilder(
                "strace",
                "--follow-forks",
                "--output=" + record,
                "--trace=fdatasync,fsync",
                "--inject=fdatasync,fsync:delay_enter=" + TimeUnit.MICROSECONDS.convert(delay),
                "--attach=" + server.pid())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    SlowForces forces = new SlowForces(process, record);
    try {
      Eventually.becomes("strace is attached", PATIENCE, () -> forces.holds(server.pid()));
    } catch (Exception | AssertionError e) {
      process.destroyForcibly();
      throw e;
    }
    return forces;
  }

  private boolean holds(long pid) throws IOException {
    assertThat(strace.isAlive()).as("strace may attach").isTrue();
    try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      return threads.allMatch(SlowForces::isTraced);
    }
  }

  private static boolean isTraced(Path thread) {
    try {
      return !Files.readString(thread.resolve("status")).contains("TracerPid:\t0\n");
    } catch (IOException e) {
      return true; // It has just ended.
    }
  }

  /** How often the data of a file has been forced since, or begun to be. */
  long ofData() throws IOException {
    try (Stream<String> lines = Files.lines(record)) {
      return lines.filter(line -> line.contains("fdatasync(")).count();
    }
  }

  @Override
  public void close() throws InterruptedException {
    strace.destroy();
    boolean ended = strace.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (!ended) {
      strace.destroyForcibly();
    }
    assertThat(ended).as("strace lets go").isTrue();
  }
}
