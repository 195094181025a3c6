package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A disk that takes its time for some files: every write of a running server to them waits. Linux
 * only. Belongs to the test that attaches it; closing lets the server go.
 */
final class SlowWrites implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Process strace;

  private SlowWrites(Process strace) {
    this.strace = strace;
  }

  /**
   * @param files the only ones whose writes wait
   * @param delay how long each write waits before it begins
   */
  static SlowWrites attach(ServerProcess server, List<Path> files, Duration delay)
      throws Exception {
    List<String> command = new ArrayList<>(List.of("strace", "--follow-forks", "--quiet=all"));
    files.forEach(file -> command.add("--trace-path=" + file));
    command.add("--output=/dev/null");
    command.add("--trace=pwrite64");
    command.add("--inject=pwrite64:delay_enter=" + TimeUnit.MICROSECONDS.convert(delay));
    command.add("--attach=" + server.pid());
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    SlowWrites writes = new SlowWrites(process);
    try {
      Eventually.becomes("strace is attached", PATIENCE, () -> writes.holds(server.pid()));
    } catch (Exception | AssertionError e) {
      process.destroyForcibly();
      throw e;
    }
    return writes;
  }

  private boolean holds(long pid) throws IOException {
    assertThat(strace.isAlive()).as("strace may attach").isTrue();
    try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      return threads.allMatch(SlowWrites::isTraced);
    }
  }

  private static boolean isTraced(Path thread) {
    try {
      return !Files.readString(thread.resolve("status")).contains("TracerPid:\t0\n");
    } catch (IOException e) {
      return true; // It has just ended.
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
