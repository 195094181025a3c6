package dev.spillway.status.sampling;

import dev.spillway.memory.Reading;
import dev.spillway.status.CheckResult;
import dev.spillway.status.Figures;
import dev.spillway.status.Level;
import dev.spillway.status.Resource;
import dev.spillway.status.SlidingCount;
import dev.spillway.status.checks.Observation;
import dev.spillway.telemetry.Bound;
import dev.spillway.telemetry.Telemetry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * The rows of the saturation table: every bound that has meters, and what the sampler knows itself,
 * which is fresher. One thread uses it, for each sample once.
 */
final class ResourceTable {

  private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);
  private static final Duration SLOT = Duration.ofSeconds(5);
  private static final double WARNING_SHARE = 0.8;
  private static final double CRITICAL_SHARE = 0.95;

  private final LongSupplier nanos;
  private final Map<String, Peak> peaks = new HashMap<>();
  private final Map<String, Refusals> refusals = new HashMap<>();

  /** What is in use of something. */
  private record Use(OptionalLong used, OptionalLong limit, long waiting, Duration oldestWait) {

    private static Use of(Telemetry.Occupancy now) {
      return new Use(
          OptionalLong.of(now.used()),
          OptionalLong.of(now.limit()),
          now.waiting(),
          now.oldestWait());
    }

    private static Use of(OptionalLong used, OptionalLong limit) {
      return new Use(used, limit, 0, Duration.ZERO);
    }
  }

  /** Refusals of the last minutes, made of a count since the start. */
  private static final class Refusals {
    private final SlidingCount lately;
    private long total;

    private Refusals(long total, LongSupplier nanos) {
      this.total = total;
      this.lately = new SlidingCount(SLOT, (int) FIVE_MINUTES.dividedBy(SLOT), nanos);
    }

    private void note(long totalNow) {
      lately.add(Math.max(0, totalNow - total));
      total = totalNow;
    }
  }

  ResourceTable(LongSupplier nanos) {
    this.nanos = nanos;
  }

  List<Resource> rows(List<Bound> bounds, Observation now, List<CheckResult> checks) {
    Map<String, Use> uses = new LinkedHashMap<>(measured(now));
    for (Bound bound : bounds) {
      uses.putIfAbsent(bound.name(), Use.of(bound.now()));
      refusals
          .computeIfAbsent(bound.name(), unused -> new Refusals(bound.refused(), nanos))
          .note(bound.refused());
    }
    List<Resource> rows = new ArrayList<>();
    uses.forEach((name, use) -> rows.add(row(name, use, now, checks)));
    return rows;
  }

  private static Map<String, Use> measured(Observation now) {
    Map<String, Use> uses = new LinkedHashMap<>();
    Figures figures = now.figures();
    if (now.places().limit() > 0) {
      uses.put(
          "transfers", Use.of(Telemetry.Occupancy.of(now.places().used(), now.places().limit())));
    }
    Figures.Queue queue = figures.queue();
    if (queue.permits() > 0) {
      uses.put(
          "write-permits",
          new Use(
              OptionalLong.of(queue.writing()),
              OptionalLong.of(queue.permits()),
              queue.waiting(),
              queue.oldestWait()));
    }
    Figures.Buffers buffers = figures.buffers();
    if (buffers.capacityBytes() > 0) {
      uses.put(
          "buffer-bytes",
          new Use(
              OptionalLong.of(buffers.leasedBytes()),
              OptionalLong.of(buffers.capacityBytes()),
              buffers.waiting(),
              buffers.oldestWait()));
    }
    if (figures.heap().max() > 0) {
      uses.put(
          "live-heap-bytes",
          Use.of(figures.heap().live(), OptionalLong.of(figures.heap().critical())));
    }
    now.reading().ifPresent(reading -> addProcess(reading, uses));
    addDisk(now, uses);
    figures.publish().ifPresent(publish -> addPublishing(publish, uses));
    return uses;
  }

  /** The publisher knows only the next few of those that wait, the catalogue all of them. */
  private static void addPublishing(Figures.Publish publish, Map<String, Use> uses) {
    int underway = publish.status().underway().size();
    publish
        .files()
        .ifPresent(
            files ->
                uses.put(
                    "publishing",
                    new Use(
                        OptionalLong.of(underway),
                        OptionalLong.of(publish.status().parallel()),
                        Math.max(0, files - underway),
                        publish.oldestWait().orElse(Duration.ZERO))));
  }

  private static void addDisk(Observation now, Map<String, Use> uses) {
    now.disk()
        .ifPresent(
            space ->
                uses.put(
                    "data-disk-bytes",
                    Use.of(
                        OptionalLong.of(Math.max(0, space.total() - space.usable())),
                        OptionalLong.of(space.total()))));
  }

  private static void addProcess(Reading reading, Map<String, Use> uses) {
    uses.put(
        "direct-bytes",
        Use.of(
            OptionalLong.of(reading.outside().direct()),
            OptionalLong.of(reading.outside().directLimit())));
    uses.put(
        "file-descriptors",
        Use.of(reading.process().openFiles(), reading.process().openFilesLimit()));
    uses.put("threads", Use.of(OptionalLong.of(reading.process().threads()), OptionalLong.empty()));
  }

  private Resource row(String name, Use use, Observation now, List<CheckResult> checks) {
    Known known = Known.of(name);
    OptionalLong peak = OptionalLong.empty();
    if (use.used().isPresent()) {
      Peak hour = peaks.computeIfAbsent(name, unused -> new Peak());
      peak = OptionalLong.of(hour.with(use.used().getAsLong(), nanos.getAsLong()));
    }
    Refusals refused = refusals.get(name);
    return new Resource(
        name,
        known.label(),
        known.unit(),
        use.used(),
        use.limit(),
        peak,
        known.waits() ? OptionalLong.of(use.waiting()) : OptionalLong.empty(),
        known.waits() ? Optional.of(use.oldestWait()) : Optional.empty(),
        waitP99(name, now),
        refused == null ? OptionalLong.empty() : OptionalLong.of(refused.lately.in(FIVE_MINUTES)),
        level(known, use, checks));
  }

  private static Optional<Duration> waitP99(String name, Observation now) {
    return switch (name) {
      case "write-permits" ->
          ofEnough(now.figures().queue().waits().samples())
              .map(unused -> now.figures().queue().waits().p99());
      case "buffer-bytes" ->
          ofEnough(now.timings().bufferWaits().count())
              .map(unused -> now.timings().bufferWaits().p99());
      default -> Optional.empty();
    };
  }

  private static Optional<Long> ofEnough(long samples) {
    return samples >= Observation.FEW ? Optional.of(samples) : Optional.empty();
  }

  /**
   * The check's, so that one colour means one thing; else by the share and whether anybody waits.
   */
  private static Level level(Known known, Use use, List<CheckResult> checks) {
    Optional<Level> judged =
        checks.stream()
            .filter(check -> check.name().equals(known.check()))
            .map(CheckResult::level)
            .filter(level -> level != Level.UNKNOWN)
            .findFirst();
    if (judged.isPresent()) {
      return judged.get();
    }
    if (use.used().isEmpty() || use.limit().isEmpty() || use.limit().getAsLong() <= 0) {
      return Level.UNKNOWN;
    }
    double share = (double) use.used().getAsLong() / use.limit().getAsLong();
    if (share >= CRITICAL_SHARE && use.waiting() > 0) {
      return Level.CRITICAL;
    }
    return share >= WARNING_SHARE ? Level.WARNING : Level.OK;
  }
}
