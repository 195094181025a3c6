package dev.spillway.memory;

import static dev.spillway.memory.FakeSources.MIB;

import dev.spillway.memory.MemoryMonitor.Settings;
import dev.spillway.telemetry.CapturedLog;
import dev.spillway.telemetry.RecordedTelemetry;
import dev.spillway.telemetry.Telemetry;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;

/** Tests each of which has a monitor that looks at made-up figures. */
abstract class MonitorTests {

  static final Duration SAMPLE = Duration.ofSeconds(10);
  static final Settings SETTINGS =
      new Settings(
          new LiveThresholds(0.8, 0.9, OptionalLong.empty(), OptionalLong.empty()),
          SAMPLE,
          Duration.ofSeconds(30));

  final CapturedLog log = new CapturedLog(MemoryMonitor.class);
  final RecordedTelemetry telemetry = new RecordedTelemetry();
  final FakeSources given = new FakeSources();
  final Clock clock = InstantSource.system().withZone(ZoneOffset.UTC);
  final LeakDetector leaks = new LeakDetector(Telemetry.NONE);
  final MemoryMonitor monitor =
      new MemoryMonitor(given.sources(), SETTINGS, leaks, clock, telemetry);

  @AfterEach
  final void letGoOfTheLog() {
    log.close();
  }

  final void sampleAfter(Duration elapsed) {
    given.now = given.now.plus(elapsed);
    monitor.sample();
  }

  final void sampleWithLiveMib(long mib) {
    given.live = mib * MIB;
    sampleAfter(SAMPLE);
  }
}
