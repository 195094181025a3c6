package dev.spillway.status.sampling;

import dev.spillway.admission.Admission;
import dev.spillway.admission.BufferPool;
import dev.spillway.admission.WriteQueue;
import dev.spillway.memory.LiveHeap;
import dev.spillway.memory.LiveThresholds;
import dev.spillway.memory.MemoryLevel;
import dev.spillway.memory.MemoryMonitor;
import dev.spillway.status.Requests;
import dev.spillway.status.UploadLine;
import dev.spillway.status.checks.Check;
import dev.spillway.status.checks.CheckLimits;
import dev.spillway.status.checks.Seen;
import dev.spillway.telemetry.Bound;
import dev.spillway.telemetry.RecordedTelemetry;
import dev.spillway.telemetry.Telemetry;
import dev.spillway.upkeep.PublishStatus;
import dev.spillway.upkeep.StaleUploadCleaner;
import dev.spillway.upload.ByteRange;
import dev.spillway.upload.Catalog;
import dev.spillway.upload.CatalogUnavailable;
import dev.spillway.upload.Storage;
import dev.spillway.upload.Underway;
import dev.spillway.upload.UploadId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** A sampler of a server that a test makes up: its clock, its load, its troubles. */
final class SamplerFixture {

  static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
  static final Duration INTERVAL = Duration.ofSeconds(5);

  final AtomicLong nanos = new AtomicLong();
  final RecordedTelemetry telemetry = new RecordedTelemetry();
  final Requests requests = new Requests(telemetry, nanos::get);
  final AtomicLong received = new AtomicLong();
  final List<Underway> underway = new ArrayList<>();
  final List<UploadLine> worst = new ArrayList<>();
  boolean draining;
  boolean holding;
  boolean catalogDown;
  int catalogQuestions;
  Catalog.Counts counts =
      new Catalog.Counts(
          42, 1000, 2000, 1, Optional.of(START), Optional.of(START), 0, 0, Optional.empty());
  WriteQueue.Stats writes = new WriteQueue.Stats(3, 1, 0, Duration.ZERO);
  long refusedWrites;

  private final Clock clock =
      new Clock() {
        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return START.plusNanos(nanos.get());
        }
      };

  private final Optional<Supplier<PublishStatus>> publishing;
  final Sampler sampler;

  /** Finished files stay where they are. */
  SamplerFixture() {
    this(Optional.empty());
  }

  /** Finished files go on. */
  SamplerFixture(Optional<Supplier<PublishStatus>> publishing) {
    this.publishing = publishing;
    sampler =
        new Sampler(
            sources(),
            new Sampler.Settings(limits(), INTERVAL, "i1"),
            clock,
            nanos::get,
            telemetry);
  }

  private static CheckLimits limits() {
    CheckLimits.Shares shares = new CheckLimits.Shares(0.7, 0.9);
    CheckLimits.Times times = new CheckLimits.Times(Duration.ofSeconds(1), Duration.ofSeconds(4));
    return new CheckLimits(
        new CheckLimits.Traffic(shares, 0.05, Duration.ofSeconds(60), 0.1, 3),
        new CheckLimits.Saturation(shares, times, 0.8, times, 0.8, shares, shares),
        new CheckLimits.Store(new CheckLimits.Shares(0.2, 0.05), 1 << 30, times, 100, 1 << 30, 0.8),
        times);
  }

  private Sources sources() {
    return new Sources(
        new Sources.Work(
            () -> new Admission.Stats(2, 160, draining, holding),
            () -> writes,
            100,
            () -> new BufferPool.Stats(100, 34, 50, 3, 0, Duration.ZERO, Duration.ZERO, 0),
            () -> List.copyOf(underway)),
        new Sources.Slow(
            this::readiness,
            () -> ask(counts),
            limit -> ask(List.of(new Catalog.ClientUse("10.0.0.1", 3, 10, 20))),
            () -> ask(List.copyOf(worst)),
            () -> ask(new StaleUploadCleaner.Preview(0, 0)),
            () -> new Storage.Space(100, 61),
            () ->
                List.of(
                    new Bound("write-permits", Telemetry.Occupancy.of(9, 9), refusedWrites),
                    new Bound("odd-things-bytes", Telemetry.Occupancy.of(90, 100), 0))),
        new Sources.House(
            this::readiness,
            () ->
                new MemoryMonitor.Status(
                    MemoryLevel.NORMAL,
                    START,
                    List.of(),
                    Optional.of(Seen.reading(10, 100, 312)),
                    new LiveHeap(
                        "Old", 41, 100, OptionalLong.empty(), Duration.ZERO, 0, 0, 0, 60, 120)),
            new LiveThresholds(0.7, 0.8, OptionalLong.empty(), OptionalLong.empty()),
            () -> Optional.of(START.plusSeconds(1800)),
            List::of),
        new Sources.Traffic(
            requests,
            received::get,
            received::get,
            () -> 0,
            new Sources.Times(
                () -> Telemetry.Quantiles.NONE,
                () -> Telemetry.Quantiles.NONE,
                () -> Telemetry.Quantiles.NONE,
                () -> Telemetry.Quantiles.NONE)),
        publishing);
  }

  private List<Check> readiness() {
    return List.of(
        draining || holding
            ? Check.failing("admission", "No new work.")
            : Check.ok("admission", "New work is let in."),
        catalogDown
            ? Check.failing("catalog", "The catalogue does not answer.")
            : Check.ok("catalog", "The catalogue answers."));
  }

  private <T> T ask(T answer) {
    catalogQuestions++;
    if (catalogDown) {
      throw new CatalogUnavailable("down", new IllegalStateException("down"));
    }
    return answer;
  }

  /** So many samples, an interval apart, each with its inquiry. */
  void samples(int count) {
    for (int i = 0; i < count; i++) {
      pass(INTERVAL);
      sampler.inquire();
      sampler.sample();
    }
  }

  void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  static Underway chunk(Underway.Phase phase, Duration silent) {
    return new Underway(
        UploadId.random(new java.security.SecureRandom()),
        new ByteRange(0, 10),
        5,
        silent,
        silent,
        phase);
  }
}
