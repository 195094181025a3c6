package dev.spillway.memory;

import static dev.spillway.memory.FakeSources.MIB;
import static dev.spillway.memory.FakeSources.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import dev.spillway.memory.MemoryMonitor.Settings;
import dev.spillway.telemetry.CapturedLog;
import dev.spillway.telemetry.DropwizardTelemetry;
import dev.spillway.telemetry.Telemetry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryMonitorTest extends MonitorTests {

  @Test
  void beforeTheFirstSampleThereIsNoReading() {
    assertThat(monitor.status().reading()).isEmpty();
  }

  @Test
  void beforeTheFirstSampleNothingIsMeasured() {
    assertThat(telemetry.names())
        .contains("memory.level")
        .allSatisfy(name -> assertThat(telemetry.measured(name)).isEmpty());
  }

  @Test
  void theStatusHasTheLatestReading() {
    sampleAfter(SAMPLE);
    sampleAfter(SAMPLE);

    assertThat(monitor.status().reading().map(Reading::at))
        .contains(START.plus(SAMPLE.multipliedBy(2)));
  }

  @Test
  void theStatusHasTheLiveHeapOfThisMoment() {
    sampleAfter(SAMPLE);
    given.live = 77 * MIB;

    assertThat(monitor.status().live().upperBytes()).isEqualTo(77 * MIB);
  }

  private List<String> figures() {
    return log.lines(Level.INFO).stream().filter(line -> line.startsWith("Memory: ")).toList();
  }

  @Test
  void theFirstSampleIsLogged() {
    sampleAfter(SAMPLE);

    assertThat(figures())
        .containsExactly(
            "Memory: live heap 40.0 MiB of 200.0 MiB, heap used 100.0 MiB, heap max 256.0 MiB,"
                + " direct 16.0 MiB of 200.0 MiB, mapped 0 B, threads 30, collecting 1.0 %");
  }

  @Test
  void aMoveIsLoggedAtMostEveryThirtySeconds() {
    for (int i = 0; i < 7; i++) {
      given.live += 20 * MIB;
      sampleAfter(SAMPLE);
    }

    assertThat(figures()).hasSize(3);
  }

  @Test
  void nothingMovedIsNotLogged() {
    sampleAfter(SAMPLE);
    sampleAfter(Duration.ofHours(1));

    assertThat(figures()).hasSize(1);
  }

  @Test
  void anHourOfFiguresIsKept() {
    for (int i = 0; i < 400; i++) {
      given.live += 1;
      sampleAfter(SAMPLE);
    }

    assertThat(monitor.history().series("memory.live.bytes").size()).isEqualTo(360);
  }

  @Test
  void aShortIntervalKeepsNoMoreThanTheHistoryMayHold() {
    Settings often = new Settings(SETTINGS.thresholds(), Duration.ofMillis(10), Duration.ZERO);

    assertThat(
            new MemoryMonitor(given.sources(), often, leaks, clock, Telemetry.NONE)
                .history()
                .capacity())
        .isEqualTo(720);
  }

  @Test
  void theHistoryHasEveryFigure() {
    assertThat(monitor.history().names())
        .containsExactly(
            "memory.live.bytes",
            "memory.heap.used.bytes",
            "memory.heap.max.bytes",
            "memory.direct.bytes",
            "memory.mapped.bytes",
            "memory.metaspace.bytes",
            "process.resident.bytes",
            "process.swapped.bytes",
            "machine.available.bytes",
            "machine.swap.used.bytes",
            "container.working.set.bytes",
            "memory.stall.some.ratio",
            "process.open.files",
            "process.threads",
            "memory.collection.share.ratio",
            "process.cpu.ratio",
            "disk.data.usable.bytes",
            "uploads.unfinished.bytes",
            "buffers.leased.bytes");
  }

  @Test
  void theHistoryTellsWhatWasNotMeasured() {
    sampleAfter(SAMPLE);

    assertThat(monitor.history().series("buffers.leased.bytes").value(0)).isNaN();
  }

  @Test
  void whoDoesNotCountBuffersOnLoanNeedNotSaySo() {
    MemoryMonitor.Sources three =
        new MemoryMonitor.Sources(given::reading, given::liveHeap, () -> given.breaker);
    MemoryMonitor other = new MemoryMonitor(three, SETTINGS, leaks, clock, Telemetry.NONE);
    other.sample();

    assertThat(other.history().series("buffers.leased.bytes").value(0)).isNaN();
  }

  @Test
  void everySampleIsWatchedForLeaks() {
    given.leased = 10 * MIB;
    for (int i = 0; i < 60; i++) {
      given.leased += MIB;
      sampleAfter(SAMPLE);
    }

    assertThat(leaks.suspicions())
        .extracting(LeakDetector.Suspicion::resource)
        .containsExactly(LeakDetector.Resource.BUFFERS);
  }

  @Test
  void theLatestSampleIsMeasured() {
    sampleWithLiveMib(50);

    assertThat(telemetry.gauged("memory.live.bytes")).isEqualTo(50 * MIB);
  }

  @Test
  void whatTheFirstSampleShowsFirstIsMeasuredToo() {
    given.measuredAll();
    sampleAfter(SAMPLE);

    assertThat(telemetry.gauged("disk.usable.bytes{disk=data}")).isEqualTo(70 * MIB);
  }

  @Test
  void anOperationIsRun() {
    assertThat(monitor.logged("a sweep", () -> 7)).isEqualTo(7);
  }

  @Test
  void anOperationIsLogged() {
    try (CapturedLog operations = new CapturedLog(LoggedOperations.class)) {
      monitor.logged("a sweep", () -> 7);

      assertThat(operations.lines(Level.INFO))
          .singleElement()
          .asString()
          .matches("a sweep took .*: live heap 40\\.0 MiB \\(\\+0 B\\), heap used .*, direct .*");
    }
  }

  @Test
  void anIntervalOfNothingIsRefused() {
    assertThatThrownBy(() -> new Settings(SETTINGS.thresholds(), Duration.ZERO, SAMPLE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aRunningServersTelemetryTakesEveryMeter() {
    try (DropwizardTelemetry running = new DropwizardTelemetry()) {
      MemoryMonitor other =
          new MemoryMonitor(given.sources(), SETTINGS, new LeakDetector(running), clock, running);

      assertThatCode(other::sample).doesNotThrowAnyException();
    }
  }
}
