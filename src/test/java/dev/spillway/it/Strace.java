package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Makes system calls of a running process fail, as long as it is open. Every thread counts its own
 * calls, so the n-th call of each thread fails. Linux only. Belongs to the test that attaches it,
 * which closes it.
 */
final class Strace implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String FAILED = "(INJECTED)";

  private final Process strace;
  private final long pid;
  private final Path log;

  private Strace(Process strace, long pid, Path log) {
    this.strace = strace;
    this.pid = pid;
    this.log = log;
  }

  /**
   * What fails.
   *
   * @param calls names of system calls, separated by commas
   * @param error what they report instead of doing anything, such as EIO
   * @param nth which of them, from 1
   * @param file the only file whose calls are counted, if it matters
   */
  record Fault(String calls, String error, int nth, Optional<Path> file) {

    private List<String> options() {
      return Stream.concat(
              Stream.of(
                  "--trace=" + calls, "--inject=" + calls + ":error=" + error + ":when=" + nth),
              file.map(path -> "--trace-path=" + path).stream())
          .toList();
    }
  }

  /**
   * Attaches to every thread of a process, and to those that it starts later.
   *
   * @param directory where it writes what it sees
   */
  static Strace attach(long pid, Path directory, Fault fault) throws Exception {
    Path log = Files.createTempFile(directory, "strace-", ".log");
    List<String> command = new ArrayList<>();
    command.addAll(List.of("strace", "--follow-forks", "--decode-fds=path"));
    command.addAll(List.of("--attach=" + pid, "--output=" + log));
    command.addAll(fault.options());
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Files.createTempFile(directory, "strace-", ".txt").toFile())
            .start();
    Strace strace = new Strace(process, pid, log);
    try {
      strace.awaitAttached();
    } catch (Exception | AssertionError e) {
      process.destroyForcibly();
      throw e;
    }
    return strace;
  }

  private void awaitAttached() throws Exception {
    Eventually.becomes(
        "strace holds every thread",
        PATIENCE,
        () -> {
          assertThat(strace.isAlive()).as("strace may attach").isTrue();
          return tracers(pid).noneMatch("0"::equals);
        });
  }

  /** Whether this machine lets a process trace another one that it has not started. */
  static boolean isPossible(Path directory) throws Exception {
    Fault nothing = new Fault("fsync", "EIO", 1, Optional.empty());
    Process sleeper = new ProcessBuilder("sleep", "60").start();
    try (Strace probe = attach(sleeper.pid(), directory, nothing)) {
      return probe.failed().isEmpty();
    } catch (AssertionError e) {
      return false;
    } finally {
      sleeper.destroy();
    }
  }

  /** Who traces each thread of a process: a process number, or 0. */
  private static Stream<String> tracers(long pid) throws IOException {
    try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      return threads.map(Strace::tracer).toList().stream();
    }
  }

  private static String tracer(Path thread) {
    try (Stream<String> lines = Files.lines(thread.resolve("status"))) {
      return lines
          .filter(line -> line.startsWith("TracerPid:"))
          .map(line -> line.substring("TracerPid:".length()).strip())
          .findFirst()
          .orElse("");
    } catch (IOException | UncheckedIOException e) {
      // A thread that has just ended.
      return "";
    }
  }

  /** The calls that have failed so far, as strace writes them. */
  List<String> failed() throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return lines.filter(line -> line.contains(FAILED)).toList();
    }
  }

  /** Lets the process go. */
  @Override
  public void close() throws Exception {
    strace.destroy();
    if (!strace.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      strace.destroyForcibly();
      throw new AssertionError("strace does not let go");
    }
  }
}
