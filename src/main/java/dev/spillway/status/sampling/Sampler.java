package dev.spillway.status.sampling;

import dev.spillway.admission.Admission;
import dev.spillway.memory.MemoryMonitor;
import dev.spillway.memory.Reading;
import dev.spillway.status.ClientLine;
import dev.spillway.status.Figures;
import dev.spillway.status.Points;
import dev.spillway.status.Requests;
import dev.spillway.status.SlidingCount;
import dev.spillway.status.Snapshot;
import dev.spillway.status.Verdict;
import dev.spillway.status.Window;
import dev.spillway.status.checks.Check;
import dev.spillway.status.checks.CheckLimits;
import dev.spillway.status.checks.Checkup;
import dev.spillway.status.checks.Observation;
import dev.spillway.status.checks.Situation;
import dev.spillway.status.checks.Verdicts;
import dev.spillway.telemetry.Telemetry;
import dev.spillway.telemetry.Telemetry.Quantiles;
import dev.spillway.upkeep.PublishStatus;
import dev.spillway.upload.Catalog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Makes a snapshot of the server every few seconds, one for all who look, and keeps the trends.
 *
 * <p>Two tasks of the upkeep call it: one {@link #inquire}, which may wait for the catalogue and
 * the disk, and one {@link #sample}, which never waits; so there is a snapshot that says what is
 * wrong when they hang. Neither runs beside itself. Any thread may read. Holds nothing to close.
 */
public final class Sampler {

  /** Samples that make a start, or a time without uploads: a minute, when there are 12 in it. */
  static final int MINUTE_OF_SAMPLES = 12;

  private static final Duration LEAST_PATIENCE = Duration.ofSeconds(15);
  private static final int MISSED_SAMPLES = 3;
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration LOSS_SLOT = Duration.ofMinutes(5);

  private final Sources sources;
  private final String instance;
  private final Clock clock;
  private final LongSupplier nanos;
  private final Telemetry.Timer timer;

  private final Questions questions;
  private final Inquiry inquiry;
  private final FigureReader figures;
  private final ResourceTable table;
  private final Checkup checkup;
  private final Verdicts verdicts;
  private final Trends trends;
  private final TrendRow trendRow = new TrendRow();
  private final ClockWatch clockWatch;
  private final SlidingCount failedForces;

  private final Instant startedAt;
  private long sequence;
  private long quietSamples;
  private long failedForcesBefore;
  private Optional<Instant> drainingSince = Optional.empty();
  private boolean destinationAway;
  private volatile Snapshot latest;

  /**
   * How to sample.
   *
   * @param interval between two samples
   * @param instance another one for each start of the server
   */
  public record Settings(CheckLimits limits, Duration interval, String instance) {}

  /**
   * @param nanos a clock that never goes back
   */
  public Sampler(
      Sources sources, Settings settings, Clock clock, LongSupplier nanos, Telemetry telemetry) {
    this.sources = sources;
    this.instance = settings.instance();
    this.clock = clock;
    this.nanos = nanos;
    timer = telemetry.timer("status.sample", "How long it took to make a snapshot.");
    questions = new Questions(telemetry);
    inquiry = new Inquiry(sources.slow(), questions, patience(settings.interval()), nanos);
    figures = new FigureReader(sources, questions, settings.limits().traffic().stalledAfter());
    table = new ResourceTable(nanos);
    checkup = new Checkup(settings.limits());
    startedAt = clock.instant();
    verdicts = new Verdicts(startedAt);
    trends = new Trends(settings.interval());
    trends.mark(startedAt, Points.Mark.Kind.START);
    clockWatch = new ClockWatch(clock, nanos);
    failedForces = new SlidingCount(LOSS_SLOT, (int) HOUR.dividedBy(LOSS_SLOT), nanos);
    latest =
        new Snapshot(
            0,
            instance,
            startedAt,
            startedAt,
            Duration.ZERO,
            Optional.empty(),
            verdicts.beforeTheFirstLook(),
            List.of(),
            FigureReader.Empty.figures(),
            List.of(),
            List.of(),
            List.of());
  }

  /** After this time without an answer, a catalogue or a disk does not answer. */
  public static Duration patience(Duration interval) {
    Duration missed = interval.multipliedBy(MISSED_SAMPLES);
    return missed.compareTo(LEAST_PATIENCE) > 0 ? missed : LEAST_PATIENCE;
  }

  /** Asks the catalogue and the disk; may wait as long as they let it. */
  public void inquire() {
    inquiry.ask();
  }

  /** Makes a snapshot of what is known. */
  public void sample() {
    long begun = nanos.getAsLong();
    Instant now = clock.instant();
    Answers answers = inquiry.known();
    Optional<Admission.Stats> admission = questions.ask("admission", sources.work().admission());
    Observation seen = observe(answers, admission, now, begun);
    note(admission, seen.figures(), now);

    List<Check> readiness =
        questions.ask("readiness", sources.house().readiness()).orElse(List.of());
    Checkup.Result result = checkup.look(seen, readiness, drainingSince.isPresent(), now);
    sequence++;
    Verdict verdict =
        verdicts.of(
            result,
            new Situation(
                now,
                sequence <= MINUTE_OF_SAMPLES,
                drainingSince,
                quietSamples >= MINUTE_OF_SAMPLES,
                seen.figures()));
    trends.add(now, trendRow.of(seen, requests().sinceStart(), begun));
    var resources = table.rows(answers.bounds(), seen, result.checks());
    var clients = answers.clients().stream().map(this::line).toList();
    Duration took = Duration.ofNanos(nanos.getAsLong() - begun);
    latest =
        new Snapshot(
            sequence,
            instance,
            startedAt,
            now,
            took,
            drainingSince,
            verdict,
            result.checks(),
            seen.figures(),
            resources,
            answers.worst(),
            clients);
    timer.record(took);
  }

  private Observation observe(
      Answers answers, Optional<Admission.Stats> admission, Instant now, long begun) {
    Optional<MemoryMonitor.Status> memory = questions.ask("the memory", sources.house().memory());
    Optional<Reading> reading = memory.flatMap(MemoryMonitor.Status::reading);
    Sources.Times times = sources.traffic().times();
    return new Observation(
        figures.read(answers, memory, now, begun),
        requests().lastFiveMinutes(),
        admission
            .map(stats -> new Observation.Places(stats.transfers(), stats.transfersLimit()))
            .orElse(new Observation.Places(0, 0)),
        new Observation.Timings(
            quantiles("buffers", times.bufferWaits()),
            quantiles("commits", times.commits()),
            quantiles("forces", times.forces())),
        losses(),
        answers.space(),
        reading,
        new Observation.Order(
            clockWatch.look(),
            questions.ask("late tasks", sources.house().overdue()).orElse(List.of())));
  }

  private Quantiles quantiles(String what, Supplier<Quantiles> source) {
    return questions.ask("times of " + what, source).orElse(Quantiles.NONE);
  }

  private Observation.Losses losses() {
    long failed =
        questions
            .ask("failed forces", sources.traffic().failedForces()::getAsLong)
            .orElse(failedForcesBefore);
    failedForces.add(Math.max(0, failed - failedForcesBefore));
    failedForcesBefore = failed;
    return new Observation.Losses(
        requests().mismatches(HOUR),
        requests().mismatches(Duration.ofDays(1)),
        failedForces.in(HOUR));
  }

  /** Whether it drains, and whether anything is going on. */
  private void note(Optional<Admission.Stats> admission, Figures figures, Instant now) {
    boolean draining =
        admission
            .map(stats -> stats.draining() || stats.holding())
            .orElse(drainingSince.isPresent());
    if (draining && drainingSince.isEmpty()) {
      drainingSince = Optional.of(now);
      trends.mark(now, Points.Mark.Kind.DRAIN);
    } else if (!draining && drainingSince.isPresent()) {
      drainingSince = Optional.empty();
      trends.mark(now, Points.Mark.Kind.RESUME);
    }
    figures.publish().ifPresent(publish -> note(publish.status().circuit().state(), now));
    Figures.Open open = figures.open();
    boolean quiet =
        open.moving() + open.waiting() + open.stalled() == 0
            && figures.flow().received().orElse(0) == 0;
    quietSamples = quiet ? quietSamples + 1 : 0;
  }

  private void note(PublishStatus.State circuit, Instant now) {
    boolean away = circuit != PublishStatus.State.CLOSED;
    if (away != destinationAway) {
      destinationAway = away;
      trends.mark(now, away ? Points.Mark.Kind.AWAY : Points.Mark.Kind.BACK);
    }
  }

  private ClientLine line(Catalog.ClientUse use) {
    Requests.OfClient troubles = requests().ofClient(use.client());
    return new ClientLine(
        use.client(),
        use.uploads(),
        use.receivedBytes(),
        use.missingBytes(),
        troubles.refused(),
        troubles.errors());
  }

  private Requests requests() {
    return sources.traffic().requests();
  }

  /** The last snapshot; an honest one without figures before the first sample. */
  public Snapshot latest() {
    return latest;
  }

  /**
   * The points of a window.
   *
   * @param afterMillis only those measured later than this, since 1970; 0 for all
   */
  public Points points(Window window, long afterMillis) {
    return trends.points(window, clock.instant(), afterMillis);
  }
}
