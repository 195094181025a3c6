package dev.spillway.memory;

import static dev.spillway.memory.FakeSources.MIB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import dev.spillway.memory.LoggedOperations.Use;
import dev.spillway.telemetry.CapturedLog;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class LoggedOperationsTest {

  private final CapturedLog log = new CapturedLog(LoggedOperations.class);
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
  private final Deque<Use> uses =
      new ArrayDeque<>(
          List.of(
              new Use(OptionalLong.of(40 * MIB), 100 * MIB, 16 * MIB, OptionalLong.of(300 * MIB)),
              new Use(OptionalLong.of(42 * MIB), 90 * MIB, 16 * MIB, OptionalLong.of(310 * MIB))));

  private final LoggedOperations operations = new LoggedOperations(uses::remove, nanos::get);

  @AfterEach
  void letGoOfTheLog() {
    log.close();
  }

  private int worked() {
    nanos.addAndGet(1_250_000_000L);
    return 7;
  }

  @Test
  void theResultComesOut() {
    assertThat(operations.logged("a sweep", this::worked)).isEqualTo(7);
  }

  @Test
  void theLineAfterwardsTellsTheTimeAndTheChanges() {
    operations.logged("a sweep", this::worked);

    assertThat(log.lines(Level.INFO))
        .containsExactly(
            "a sweep took 1.3 s: live heap 42.0 MiB (+2.0 MiB), heap used 90.0 MiB (-10.0 MiB),"
                + " direct 16.0 MiB (+0 B), resident 310.0 MiB (+10.0 MiB)");
  }

  @Test
  void theLineBeforeIsForThoseWhoDebug() {
    operations.logged("a sweep", this::worked);

    assertThat(log.lines(Level.DEBUG))
        .containsExactly(
            "a sweep begins: live heap 40.0 MiB, heap used 100.0 MiB, direct 16.0 MiB,"
                + " resident 300.0 MiB");
  }

  @Test
  void whatWasNotMeasuredBothTimesIsLeftOut() {
    uses.clear();
    uses.add(new Use(OptionalLong.empty(), MIB, 0, OptionalLong.empty()));
    uses.add(new Use(OptionalLong.of(5), MIB, 0, OptionalLong.empty()));

    operations.logged("a sweep", this::worked);

    assertThat(log.lines(Level.INFO))
        .containsExactly("a sweep took 1.3 s: heap used 1.0 MiB (+0 B), direct 0 B (+0 B)");
  }

  private int fail(RuntimeException failure) {
    nanos.addAndGet(2_000_000);
    throw failure;
  }

  @Test
  void aFailureGoesOn() {
    IllegalStateException failure = new IllegalStateException("full");

    assertThatThrownBy(() -> operations.logged("a sweep", () -> fail(failure))).isSameAs(failure);
  }

  @Test
  void aFailureIsToldInTheLineAfterwards() {
    assertThatThrownBy(
            () -> operations.logged("a sweep", () -> fail(new IllegalStateException("full"))))
        .isInstanceOf(IllegalStateException.class);

    assertThat(log.lines(Level.INFO))
        .containsExactly(
            "a sweep failed after 2 ms (java.lang.IllegalStateException: full): live heap 42.0 MiB"
                + " (+2.0 MiB), heap used 90.0 MiB (-10.0 MiB), direct 16.0 MiB (+0 B),"
                + " resident 310.0 MiB (+10.0 MiB)");
  }

  @Test
  void aFailureToTellDoesNotHideTheFailure() {
    IllegalStateException failure = new IllegalStateException("full");

    assertThatThrownBy(
            () ->
                operations.logged(
                    "a sweep",
                    () -> {
                      uses.clear();
                      return fail(failure);
                    }))
        .isSameAs(failure)
        .satisfies(thrown -> assertThat(thrown.getSuppressed()).hasSize(1));
  }

  @Test
  void lookingAtThisProcessTakesNoLongerThanAMillisecondMostOfTheTime() {
    FakeSources given = new FakeSources();
    ProcFiles files = new ProcFiles(Path.of("/"));
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 200; i++) {
      long start = System.nanoTime();
      Use.now(given::liveHeap, files);
      best = Math.min(best, System.nanoTime() - start);
    }

    assertThat(best).isLessThan(1_000_000);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void onLinuxThisProcessHasAResidentSize() {
    Use use = Use.now(new FakeSources()::liveHeap, new ProcFiles(Path.of("/")));

    assertThat(use.resident().orElseThrow()).isPositive();
  }

  @Test
  void aSystemWithoutTheFilesHasNoResidentSize(@TempDir Path empty) {
    Use use = Use.now(new FakeSources()::liveHeap, new ProcFiles(empty));

    assertThat(use.resident()).isEmpty();
  }
}
