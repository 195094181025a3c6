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
 * System calls of a running server that take their time, as a slow disk makes them. Linux only.
 * Belongs to the test that attaches it; closing lets the server go.
 */
final class DelayedCalls implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process strace;

  private DelayedCalls(Process strace) {
    this.strace = strace;
  }

  /**
   * @param calls names of system calls, separated by commas
   * @param delay how long each waits before it begins
   * @param options for strace: where it writes, and which files count
   */
  static DelayedCalls attach(
      ServerProcess server, String calls, Duration delay, List<String> options) throws Exception {
    List<String> command = new ArrayList<>(List.of("strace", "--follow-forks"));
    command.addAll(options);
    command.add("--trace=" + calls);
    command.add("--inject=" + calls + ":delay_enter=" + TimeUnit.MICROSECONDS.convert(delay));
    command.add("--attach=" + server.pid());
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    DelayedCalls delayed = new DelayedCalls(process);
    try {
      Eventually.becomes("strace is attached", PATIENCE, () -> delayed.holds(server.pid()));
    } catch (Exception | AssertionError e) {
      process.destroyForcibly();
      throw e;
    }
    return delayed;
  }

  private boolean holds(long pid) throws IOException {
    assertThat(strace.isAlive()).as("strace may attach").isTrue();
    try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      return threads.allMatch(DelayedCalls::isTraced);
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
