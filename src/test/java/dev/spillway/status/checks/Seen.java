package dev.spillway.status.checks;

import dev.spillway.memory.MemoryLevel;
import dev.spillway.memory.Reading;
import dev.spillway.status.Figures;
import dev.spillway.telemetry.Telemetry;
import dev.spillway.upload.Storage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** An observation of a healthy server, of which a test changes what it is about. */
public final class Seen {

  static final long GIB = 1L << 30;
  static final Instant NOW = Instant.parse("2026-11-21T12:00:05Z");

  Figures.Queue queue = new Figures.Queue(0, 100, 0, 3, Duration.ZERO, latency());
  Figures.Heap heap =
      new Figures.Heap(
          OptionalLong.of(41),
          100,
          70,
          80,
          60,
          MemoryLevel.NORMAL,
          List.of(),
          OptionalDouble.of(0.004));
  Figures.Buffers buffers = new Figures.Buffers(34, 100, 3, 0, Duration.ZERO);
  Figures.Stale stale = new Figures.Stale(OptionalLong.of(0), OptionalLong.of(0), Optional.empty());
  Figures.Open open = open(OptionalLong.of(42), 10, 0, 0);
  Figures.Outcomes minute = new Figures.Outcomes(100, 0, 0, 0, 0);
  Figures.Outcomes fiveMinutes = new Figures.Outcomes(500, 0, 0, 0, 0);
  Figures.Flow flow = new Figures.Flow(OptionalDouble.of(123_731_968), OptionalDouble.of(1));
  Observation.Places places = new Observation.Places(18, 64);
  Observation.Losses losses = new Observation.Losses(0, 0, 0);
  Telemetry.Quantiles bufferWaits = Telemetry.Quantiles.NONE;
  Telemetry.Quantiles commits = times(100, Duration.ofMillis(20));
  Optional<Storage.Space> disk = Optional.of(new Storage.Space(100 * GIB, 61 * GIB));
  Optional<Reading> reading = Optional.of(reading(10, 100, 312));
  Optional<Figures.Publish> publish = Optional.empty();
  Observation.Order order = new Observation.Order(Optional.empty(), List.of());

  static Figures.Open open(OptionalLong uploads, long moving, long waiting, long stalled) {
    return new Figures.Open(
        uploads,
        moving,
        waiting,
        stalled,
        OptionalLong.of(0),
        OptionalLong.of(0),
        Optional.empty(),
        Optional.empty());
  }

  private static Figures.Latency latency() {
    return new Figures.Latency(0, Duration.ZERO, Duration.ZERO, Duration.ZERO);
  }

  static Telemetry.Quantiles times(long count, Duration p99) {
    return new Telemetry.Quantiles(count, p99, p99, p99);
  }

  public static Reading reading(long direct, long directLimit, long openFiles) {
    return new Reading(
        Instant.EPOCH,
        new Reading.Heap(1, 1, 1, List.of()),
        new Reading.Outside(1, OptionalLong.empty(), direct, directLimit, 0),
        new Reading.Collecting(1, Duration.ZERO, 0, 0),
        new Reading.OwnProcess(
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.of(openFiles),
            OptionalLong.of(1000),
            40,
            OptionalDouble.empty()),
        new Reading.Machine(
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty()),
        new Reading.Container(
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            false),
        Map.of(),
        OptionalLong.empty());
  }

  /** Limits as they are set by default. */
  static CheckLimits limits() {
    return new CheckLimits(
        new CheckLimits.Traffic(
            new CheckLimits.Shares(0.01, 0.05), 0.05, Duration.ofSeconds(60), 0.1, 3),
        new CheckLimits.Saturation(
            new CheckLimits.Shares(0.7, 0.9),
            new CheckLimits.Times(Duration.ofMillis(100), Duration.ofSeconds(1)),
            0.8,
            new CheckLimits.Times(Duration.ofSeconds(2), Duration.ofSeconds(4)),
            0.8,
            new CheckLimits.Shares(0.05, 0.15),
            new CheckLimits.Shares(0.8, 0.95)),
        new CheckLimits.Store(
            new CheckLimits.Shares(0.2, 0.05),
            64 * GIB,
            new CheckLimits.Times(Duration.ofSeconds(1), Duration.ofSeconds(5)),
            100,
            GIB,
            0.8),
        new CheckLimits.Times(Duration.ofMinutes(15), Duration.ofHours(1)));
  }

  Figures figures() {
    return new Figures(queue, heap, buffers, stale, open, flow, latency(), minute, publish);
  }

  Observation observation() {
    return new Observation(
        figures(),
        fiveMinutes,
        places,
        new Observation.Timings(bufferWaits, commits, times(100, Duration.ofMillis(5))),
        losses,
        disk,
        reading,
        order);
  }

  /** What a check finds at one look. */
  Finding finding(String check) {
    CheckLimits limits = limits();
    return java.util.stream.Stream.of(
            new TrafficRules(limits.traffic()).rules(),
            new SaturationRules(limits.saturation()).rules(),
            new StoreRules(limits.store()).rules(),
            new DeliveryRules(limits.publishAge()).rules(figures(), NOW))
        .flatMap(List::stream)
        .filter(rule -> rule.name().equals(check))
        .findFirst()
        .orElseThrow()
        .look()
        .apply(observation());
  }
}
