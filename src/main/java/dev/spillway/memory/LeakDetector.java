package dev.spillway.memory;

import dev.spillway.telemetry.History;
import dev.spillway.telemetry.Telemetry;
import dev.spillway.telemetry.Telemetry.Counter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches what must not grow for ever, and says so when it does. Growth counts when it goes all the
 * way through a whole window of samples, exceeds a factor, and is not too small to matter. Waves,
 * noise, steps to a new plateau and the first minutes after the start do not count. Leaks that need
 * longer than a window to grow by the factor are not seen here.
 *
 * <p>A suspicion lasts until half a window brings no new heights, or too little is measured to
 * tell. The composition root owns it; one thread at a time may observe, any may read.
 */
public final class LeakDetector {

  private static final Logger LOG = LoggerFactory.getLogger(LeakDetector.class);

  private static final int DEFAULT_WINDOW = 60;
  private static final double DEFAULT_FACTOR = 1.5;
  private static final int LEAST_WINDOW = 12;

  /** The work grows with the square of it. */
  private static final int MOST_WINDOW = 360;

  private static final double MIB = 1 << 20;

  /** What is watched, in the order of the observed values. */
  public enum Resource {
    LIVE_HEAP("live-heap", "live heap", Figure.Unit.BYTES, 16 * MIB),
    OPEN_FILES("open-files", "open file descriptors", Figure.Unit.COUNT, 32),
    THREADS("threads", "threads", Figure.Unit.COUNT, 32),
    DIRECT("direct", "direct memory", Figure.Unit.BYTES, 8 * MIB),
    BUFFERS("buffers", "leased buffers", Figure.Unit.BYTES, 4 * MIB);

    private final String label;
    private final String what;
    private final Figure.Unit unit;
    private final double leastGrowth;

    Resource(String label, String what, Figure.Unit unit, double leastGrowth) {
      this.label = label;
      this.what = what;
      this.unit = unit;
      this.leastGrowth = leastGrowth;
    }
  }

  /**
   * Something that grows and does not stop.
   *
   * @param from where the growth began
   * @param to where it is now, without the noise
   * @param since the begin of the window that it was first seen in
   * @param perHour on average since then
   */
  public record Suspicion(
      Resource resource, double from, double to, Instant since, double perHour) {

    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("HH:mm:ssX", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter DAY_AND_TIME =
        DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssX", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final Duration DAY = Duration.ofDays(1);

    private static Suspicion of(
        Resource resource, double from, double to, Instant since, Instant now) {
      // Clocks are set back at times.
      long millis = Math.max(1_000, Duration.between(since, now).toMillis());
      double perHour = (to - from) * Duration.ofHours(1).toMillis() / millis;
      return new Suspicion(resource, from, to, since, perHour);
    }

    /** What grows, in words. */
    public String what() {
      return resource.what;
    }

    /** For people. */
    public String sentence() {
      Figure.Unit unit = resource.unit;
      Duration took =
          Duration.ofMillis(Math.round((to - from) / perHour * Duration.ofHours(1).toMillis()));
      return "%s grew from %s to %s in %s, since %s, about %s an hour"
          .formatted(
              what(),
              unit.text(from),
              unit.text(to),
              InWords.duration(took),
              (took.compareTo(DAY) < 0 ? TIME : DAY_AND_TIME).format(since),
              unit.text(perHour));
    }
  }

  private final int window;
  private final double factor;
  private final History history;
  private final Counter begun;
  private volatile Map<Resource, Suspicion> suspected = Map.of();

  /** Watches 60 samples for growth by half. */
  public LeakDetector(Telemetry telemetry) {
    this(DEFAULT_WINDOW, DEFAULT_FACTOR, telemetry);
  }

  /**
   * Watches.
   *
   * @param window how many samples growth must go on for, from 12 to 360
   * @param factor what the growth must exceed, above 1
   */
  public LeakDetector(int window, double factor, Telemetry telemetry) {
    if (window < LEAST_WINDOW || window > MOST_WINDOW || !(factor > 1)) {
      throw new IllegalArgumentException(
          "A window of %d samples is not from %d to %d, or a factor of %s not above 1"
              .formatted(window, LEAST_WINDOW, MOST_WINDOW, factor));
    }
    this.window = window;
    this.factor = factor;
    history = new History(window, Arrays.stream(Resource.values()).map(r -> r.label).toList());
    begun =
        telemetry.counter(
            "memory.leak.suspicions", "How often something began to grow without an end.");
    for (Resource resource : Resource.values()) {
      telemetry
          .labelled("resource", resource.label)
          .gauge(
              "memory.leak.suspected",
              "Whether a resource grows without an end: 1 for yes, 0 for no.",
              () -> suspected.containsKey(resource) ? 1 : 0);
    }
  }

  /**
   * Takes a sample.
   *
   * @param values one for each {@link Resource}, in order; not a number for what was not measured
   */
  public void observe(Instant at, double... values) {
    history.add(at, values);
    Map<Resource, Suspicion> now = new EnumMap<>(Resource.class);
    for (Resource resource : Resource.values()) {
      judge(resource, suspected.get(resource)).ifPresent(found -> now.put(resource, found));
    }
    Map<Resource, Suspicion> before = suspected;
    suspected = Collections.unmodifiableMap(now);
    report(before, now);
  }

  private Optional<Suspicion> judge(Resource resource, @Nullable Suspicion before) {
    History.Series series = history.series(resource.label);
    if (series.size() < window) {
      return Optional.empty();
    }
    Instant now = series.at(window - 1);
    return Trend.of(series.values())
        .filter(
            trend ->
                before == null ? trend.growsSteadily(factor, resource.leastGrowth) : trend.goesOn())
        .map(
            trend ->
                before == null
                    ? Suspicion.of(resource, trend.from(), trend.to(), series.at(0), now)
                    : Suspicion.of(resource, before.from, trend.to(), before.since, now));
  }

  private void report(Map<Resource, Suspicion> before, Map<Resource, Suspicion> now) {
    now.forEach(
        (resource, suspicion) -> {
          if (!before.containsKey(resource)) {
            begun.add(1);
            LOG.warn("A leak is suspected: {}", suspicion.sentence());
          }
        });
    before.forEach(
        (resource, suspicion) -> {
          if (!now.containsKey(resource)) {
            LOG.info("No leak is suspected any more. It was: {}", suspicion.sentence());
          }
        });
  }

  /** What grows now; empty when nothing does. */
  public List<Suspicion> suspicions() {
    return List.copyOf(suspected.values());
  }
}
