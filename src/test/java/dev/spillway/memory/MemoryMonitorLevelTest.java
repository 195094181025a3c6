package dev.spillway.memory;

import static dev.spillway.memory.FakeSources.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Which level memory is on, and what is told of it. */
class MemoryMonitorLevelTest extends MonitorTests {

  @Test
  void beforeTheFirstSampleTheLevelIsNormal() {
    assertThat(monitor.level()).isEqualTo(MemoryLevel.NORMAL);
  }

  @Test
  void aWorryIsAWarning() {
    sampleWithLiveMib(160);

    assertThat(monitor.level()).isEqualTo(MemoryLevel.WARNING);
  }

  @Test
  void aWarningLastsUntilItsWorryEnds() {
    sampleWithLiveMib(160);
    sampleWithLiveMib(140);

    assertThat(monitor.level()).isEqualTo(MemoryLevel.WARNING);
  }

  @Test
  void aWarningEndsWithItsWorry() {
    sampleWithLiveMib(160);
    sampleWithLiveMib(139);

    assertThat(monitor.level()).isEqualTo(MemoryLevel.NORMAL);
  }

  @Test
  void itIsCriticalAsSoonAsTheBreakerSaysSo() {
    sampleAfter(SAMPLE);
    given.breaker = Optional.of("live data is too much");

    assertThat(monitor.level()).isEqualTo(MemoryLevel.CRITICAL);
  }

  @Test
  void itIsCriticalOnlyWhileTheBreakerSaysSo() {
    given.breaker = Optional.of("live data is too much");
    sampleAfter(SAMPLE);
    given.breaker = Optional.empty();

    assertThat(monitor.level()).isEqualTo(MemoryLevel.NORMAL);
  }

  @Test
  void afterTheBreakerTheWarningIsStillThere() {
    given.breaker = Optional.of("live data is too much");
    sampleWithLiveMib(190);
    given.breaker = Optional.empty();

    assertThat(monitor.level()).isEqualTo(MemoryLevel.WARNING);
  }

  @Test
  void aFullHeapAloneIsNotCritical() {
    sampleWithLiveMib(200);

    assertThat(monitor.level()).isEqualTo(MemoryLevel.WARNING);
  }

  @Test
  void theStatusNamesTheBreakerFirstAndEveryWorry() {
    given.breaker = Optional.of("live data is too much");
    given.direct = 200 * MIB;
    sampleWithLiveMib(190);

    assertThat(monitor.status().reasons())
        .containsExactly(
            "live data is too much",
            "up to 190.0 MiB of 200.0 MiB in Old are live data, a worry from 160.0 MiB on",
            "direct buffers take 200.0 MiB of 200.0 MiB (100.0 %)");
  }

  @Test
  void aLevelKeepsItsBeginWhileItLasts() {
    sampleWithLiveMib(160);
    Instant begin = monitor.status().since();
    sampleWithLiveMib(170);

    assertThat(monitor.status().since()).isEqualTo(begin);
  }

  @Test
  void aNewLevelBeginsNow() {
    Instant before = clock.instant();
    sampleWithLiveMib(160);

    assertThat(monitor.status().since()).isBetween(before, clock.instant());
  }

  private List<String> changes(Level level) {
    return log.lines(level).stream().filter(line -> line.startsWith("Memory is")).toList();
  }

  @Test
  void goingUpIsAWarningThatSaysWhy() {
    given.direct = 200 * MIB;
    sampleWithLiveMib(160);

    assertThat(changes(Level.WARN))
        .singleElement()
        .asString()
        .matches("Memory is WARNING, after .* of NORMAL: up to 160\\.0 MiB .*; direct buffers .*");
  }

  @Test
  void goingDownTellsWhatItWasAndHowThingsAre() {
    sampleWithLiveMib(160);
    sampleWithLiveMib(100);

    assertThat(changes(Level.INFO))
        .singleElement()
        .asString()
        .matches(
            "Memory is NORMAL, after .* of WARNING\\. It was: up to 160\\.0 MiB .*\\."
                + " Now: live heap 100\\.0 MiB of 200\\.0 MiB, .*");
  }

  @Test
  void goingDownOneLevelTellsWhatRemains() {
    given.breaker = Optional.of("live data is too much");
    sampleWithLiveMib(190);
    given.breaker = Optional.empty();
    monitor.level();

    assertThat(changes(Level.INFO))
        .singleElement()
        .asString()
        .matches(
            "Memory is WARNING, after .* of CRITICAL\\. It was: live data is too much\\."
                + " It still is: up to 190\\.0 MiB .*");
  }

  @Test
  void aLevelThatStaysIsToldOnce() {
    sampleWithLiveMib(160);
    sampleWithLiveMib(170);
    monitor.level();
    monitor.status();

    assertThat(changes(Level.WARN)).hasSize(1);
  }

  @Test
  void aBreakerThatOpensIsToldOnceHoweverManyLook() throws Exception {
    sampleAfter(SAMPLE);
    given.breaker = Optional.of("live data is too much");
    ExecutorService threads = Executors.newFixedThreadPool(8);
    for (int i = 0; i < 800; i++) {
      threads.execute(monitor::level);
    }
    threads.shutdown();

    assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    assertThat(changes(Level.WARN)).hasSize(1);
  }

  @Test
  void theLevelIsAMeter() {
    sampleWithLiveMib(160);

    assertThat(telemetry.gauged("memory.level")).isEqualTo(1);
  }

  @Test
  void theLevelsMeterFollowsTheBreakerAtOnce() {
    sampleAfter(SAMPLE);
    given.breaker = Optional.of("live data is too much");

    assertThat(telemetry.gauged("memory.level")).isEqualTo(2);
  }
}
