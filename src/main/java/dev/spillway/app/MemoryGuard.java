package dev.spillway.app;

import dev.spillway.config.DataSize;
import dev.spillway.config.MemorySettings;
import dev.spillway.config.Percentage;
import dev.spillway.memory.Clocks;
import dev.spillway.memory.CollectorWatch;
import dev.spillway.memory.EmergencyCollection;
import dev.spillway.memory.LiveThresholds;
import dev.spillway.memory.MemoryCircuitBreaker;
import dev.spillway.memory.ProbeCollections;
import dev.spillway.telemetry.Telemetry;
import dev.spillway.upkeep.Schedule;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** What guards the heap, built from the settings. It begins with {@link #start}. */
record MemoryGuard(
    CollectorWatch collectors,
    LiveThresholds thresholds,
    ProbeCollections probes,
    MemoryCircuitBreaker breaker,
    EmergencyCollection emergency) {

  /** A leak of some megabytes a second fills what is left of a small heap within seconds. */
  private static final Duration LOOK = Duration.ofMillis(200);

  private static final long GIB = 1L << 30;
  private static final long WARNING = GIB;
  private static final long CRITICAL = 2 * GIB;
  private static final double PERCENT = 100;

  /**
   * @param schedule runs collections that are asked for
   * @param open takes what has to be closed
   */
  static MemoryGuard build(
      MemorySettings settings, Schedule schedule, Telemetry telemetry, Closeables open) {
    Clocks clocks = new Clocks(Clock.systemUTC(), System::nanoTime);
    CollectorWatch collectors = open.add("collector watch", new CollectorWatch(clocks.nanos()));
    LiveThresholds thresholds = thresholds(settings, collectors.live().maxBytes());
    ProbeCollections probes =
        new ProbeCollections(
            collectors::live,
            new ProbeCollections.Runner(schedule.once("collection"), true),
            clocks,
            telemetry);
    MemoryCircuitBreaker breaker =
        new MemoryCircuitBreaker(
            collectors::live,
            new MemoryCircuitBreaker.Rules(thresholds, settings.breaker()),
            probes,
            clocks,
            telemetry);
    return new MemoryGuard(
        collectors,
        thresholds,
        probes,
        breaker,
        new EmergencyCollection(collectors::live, probes, settings.emergencyCollection()));
  }

  private static LiveThresholds thresholds(MemorySettings settings, long poolMaxBytes) {
    return new LiveThresholds(
        share(settings.warning()),
        share(settings.critical()),
        fixed(settings.warningLive(), WARNING, poolMaxBytes),
        fixed(settings.criticalLive(), CRITICAL, poolMaxBytes));
  }

  private static double share(Percentage percentage) {
    return percentage.value() / PERCENT;
  }

  private static OptionalLong fixed(Optional<DataSize> set, long byDefault, long poolMaxBytes) {
    return set.map(size -> OptionalLong.of(size.bytes()))
        .orElseGet(() -> LiveThresholds.whereItFits(byDefault, poolMaxBytes));
  }

  /** From here on it looks. */
  void start(Schedule schedule) {
    collectors.onCollection(breaker::look);
    schedule.every(
        "memory-guard",
        LOOK,
        () -> {
          breaker.look();
          emergency.look();
        });
  }

  /** Why the breaker is not closed; empty when it is. */
  Optional<String> alarm() {
    return breaker.state() == MemoryCircuitBreaker.State.CLOSED
        ? Optional.empty()
        : Optional.of(breaker.stats().why());
  }
}
