package dev.spillway.memory;

import static dev.spillway.memory.Sample.number;

import dev.spillway.telemetry.History;
import dev.spillway.telemetry.OperationLog;
import dev.spillway.telemetry.Telemetry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at memory on a schedule, keeps an hour of figures, says how things stand, and logs what
 * changed. It refuses nothing itself.
 *
 * <p>The composition root owns it and calls {@link #sample()}, one thread at a time; any thread may
 * call everything else. It has no thread and needs no closing.
 */
public final class MemoryMonitor implements OperationLog {

  private static final Logger LOG = LoggerFactory.getLogger(MemoryMonitor.class);

  private static final Duration KEPT = Duration.ofHours(1);
  private static final long MOST_SAMPLES = 720;

  /**
   * Where the figures come from.
   *
   * @param signals asked for each sample
   * @param live must be cheap: it is asked for each operation and each status, too
   * @param breaker why the circuit breaker is not closed, empty when it is; must be cheap
   * @param leasedBytes of buffers on loan; below zero when they are not counted
   */
  public record Sources(
      Supplier<Reading> signals,
      Supplier<LiveHeap> live,
      Supplier<Optional<String>> breaker,
      LongSupplier leasedBytes) {

    /** Where nobody counts buffers on loan. */
    public Sources(
        Supplier<Reading> signals, Supplier<LiveHeap> live, Supplier<Optional<String>> breaker) {
      this(signals, live, breaker, () -> -1);
    }
  }

  /**
   * How to look.
   *
   * @param sample how often a sample is taken; decides how many make an hour
   * @param logEvery the least time between two lines of figures
   */
  public record Settings(LiveThresholds thresholds, Duration sample, Duration logEvery) {

    public Settings {
      if (sample.isNegative() || sample.isZero() || logEvery.isNegative()) {
        throw new IllegalArgumentException(
            "A sample every " + sample + " and a line every " + logEvery + " is not possible");
      }
    }

    private int kept() {
      return (int) Math.min(MOST_SAMPLES, Math.max(1, KEPT.dividedBy(sample)));
    }
  }

  /**
   * How things stand.
   *
   * @param since when this level began
   * @param reasons a sentence for each; none when the level is normal
   * @param reading the latest; empty before the first sample
   * @param live as it is now
   */
  public record Status(
      MemoryLevel level,
      Instant since,
      List<String> reasons,
      Optional<Reading> reading,
      LiveHeap live) {}

  /** What is known, replaced as a whole. */
  private record State(
      MemoryLevel level,
      Instant since,
      List<String> warnings,
      List<String> reasons,
      Optional<Sample> sample) {

    State with(List<String> newWarnings, Sample newSample) {
      return new State(level, since, newWarnings, reasons, Optional.of(newSample));
    }

    State judged(Optional<String> breaker, Instant now) {
      List<String> all = new ArrayList<>();
      breaker.ifPresent(all::add);
      all.addAll(warnings);
      MemoryLevel newLevel = MemoryLevel.NORMAL;
      if (breaker.isPresent()) {
        newLevel = MemoryLevel.CRITICAL;
      } else if (!warnings.isEmpty()) {
        newLevel = MemoryLevel.WARNING;
      }
      if (newLevel == level && all.equals(reasons)) {
        return this;
      }
      Instant newSince = newLevel == level ? since : now;
      return new State(newLevel, newSince, warnings, List.copyOf(all), sample);
    }
  }

  private final Sources sources;
  private final LeakDetector leaks;
  private final Clock clock;
  private final MemoryWarnings warnings;
  private final FigureLine line;
  private final History history;
  private final ReadingMeters meters;
  private final OperationLog operations;
  private final AtomicReference<State> state;

  /** Registers its meters; they are empty until there is a sample. */
  public MemoryMonitor(
      Sources sources, Settings settings, LeakDetector leaks, Clock clock, Telemetry telemetry) {
    this.sources = sources;
    this.leaks = leaks;
    this.clock = clock;
    warnings = new MemoryWarnings(settings.thresholds);
    line = new FigureLine(settings.logEvery);
    history = new History(settings.kept(), Figure.names());
    ProcFiles files = new ProcFiles(Path.of("/"));
    operations =
        new LoggedOperations(() -> LoggedOperations.Use.now(sources.live, files), System::nanoTime);
    State unknown =
        new State(MemoryLevel.NORMAL, clock.instant(), List.of(), List.of(), Optional.empty());
    state = new AtomicReference<>(unknown);
    meters = new ReadingMeters(telemetry, settings.thresholds, () -> state.get().sample);
    telemetry.measure(
        "memory.level",
        "How memory is: 0 for normal, 1 for a warning, 2 while new work is refused.",
        this::measuredLevel);
  }

  /**
   * Takes a sample: keeps it, judges it, watches it for leaks, and logs it when something moved.
   * What a source throws comes out.
   */
  public void sample() {
    long leased = sources.leasedBytes.getAsLong();
    Sample sample =
        new Sample(
            sources.signals.get(),
            sources.live.get(),
            leased < 0 ? OptionalLong.empty() : OptionalLong.of(leased));
    Instant at = sample.reading().at();
    history.add(at, Figure.values(sample));
    List<String> found = warnings.judge(sample);
    look(before -> before.with(found, sample));
    Reading.OwnProcess process = sample.reading().process();
    leaks.observe(
        at,
        sample.liveBytes(),
        number(process.openFiles()),
        process.threads(),
        (double) sample.reading().outside().direct(),
        number(sample.leased()));
    meters.seen(sample);
    line.due(at, sample).ifPresent(text -> LOG.info("Memory: {}", text));
  }

  /** How memory is at this moment: the breaker is asked now, the rest was seen by the sample. */
  public MemoryLevel level() {
    return look(UnaryOperator.identity()).level;
  }

  /** The level at this moment, why, and what it was seen in. */
  public Status status() {
    State now = look(UnaryOperator.identity());
    return new Status(
        now.level, now.since, now.reasons, now.sample.map(Sample::reading), sources.live.get());
  }

  /** The last hour of figures; its names tell which. */
  public History history() {
    return history;
  }

  @Override
  public <T> T logged(String operation, Supplier<T> work) {
    return operations.logged(operation, work);
  }

  private OptionalDouble measuredLevel() {
    State now = look(UnaryOperator.identity());
    if (now.sample.isEmpty()) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(
        switch (now.level) {
          case NORMAL -> 0;
          case WARNING -> 1;
          case CRITICAL -> 2;
        });
  }

  /** Whoever sees a change first notes and logs it; the others find it noted. */
  private State look(UnaryOperator<State> news) {
    while (true) {
      State before = state.get();
      State after = news.apply(before).judged(sources.breaker.get(), clock.instant());
      if (after.equals(before)) {
        return before;
      }
      if (state.compareAndSet(before, after)) {
        if (after.level != before.level) {
          logChange(before, after);
        }
        return after;
      }
    }
  }

  private static void logChange(State before, State after) {
    String change =
        "Memory is %s, after %s of %s"
            .formatted(
                after.level,
                InWords.duration(Duration.between(before.since, after.since)),
                before.level);
    if (after.level.compareTo(before.level) > 0) {
      LOG.warn("{}: {}", change, String.join("; ", after.reasons));
      return;
    }
    List<String> gone = new ArrayList<>(before.reasons);
    gone.removeAll(after.reasons);
    LOG.info(
        "{}. It was: {}. {}: {}",
        change,
        String.join("; ", gone),
        after.reasons.isEmpty() ? "Now" : "It still is",
        after.reasons.isEmpty()
            ? after.sample.map(FigureLine::text).orElse("nothing was measured yet")
            : String.join("; ", after.reasons));
  }
}
