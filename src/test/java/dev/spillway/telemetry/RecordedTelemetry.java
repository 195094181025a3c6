package dev.spillway.telemetry;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keeps what is reported, for tests to read. A labelled meter is known as {@code name{key=value}}.
 * Any thread may call.
 */
public final class RecordedTelemetry implements Telemetry {

  private final Map<String, AtomicLong> counters;
  private final Map<String, List<Duration>> timers;
  private final Map<String, Supplier<OptionalDouble>> gauges;
  private final String labels;

  public RecordedTelemetry() {
    this(new ConcurrentHashMap<>(), new ConcurrentHashMap<>(), new ConcurrentHashMap<>(), "");
  }

  private RecordedTelemetry(
      Map<String, AtomicLong> counters,
      Map<String, List<Duration>> timers,
      Map<String, Supplier<OptionalDouble>> gauges,
      String labels) {
    this.counters = counters;
    this.timers = timers;
    this.gauges = gauges;
    this.labels = labels;
  }

  @Override
  public Counter counter(String name, String help) {
    return new RecordedCounter(counters.computeIfAbsent(name + labels, unused -> new AtomicLong()));
  }

  @Override
  public Timer timer(String name, String help) {
    return new RecordedTimer(
        timers.computeIfAbsent(name + labels, unused -> new CopyOnWriteArrayList<>()));
  }

  @Override
  public void gauge(String name, String help, LongSupplier value) {
    measure(name, help, () -> OptionalDouble.of((double) value.getAsLong()));
  }

  @Override
  public void measure(String name, String help, Supplier<OptionalDouble> value) {
    gauges.put(name + labels, value);
  }

  @Override
  public Telemetry labelled(String key, String value) {
    return new RecordedTelemetry(counters, timers, gauges, labels + "{" + key + "=" + value + "}");
  }

  @Override
  public Counter bound(String name, Supplier<Occupancy> now) {
    return BoundMeters.register(this, name, now);
  }

  /** The names of all meters there are. */
  public Set<String> names() {
    return Stream.of(counters, timers, gauges)
        .flatMap(meters -> meters.keySet().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  public long counted(String name) {
    return Objects.requireNonNull(counters.get(name), name).get();
  }

  public List<Duration> timed(String name) {
    return Objects.requireNonNull(timers.get(name), name);
  }

  public long gauged(String name) {
    return (long) measured(name).orElseThrow();
  }

  public OptionalDouble measured(String name) {
    return Objects.requireNonNull(gauges.get(name), name).get();
  }

  private record RecordedCounter(AtomicLong sum) implements Counter {

    @Override
    public void add(long n) {
      sum.addAndGet(n);
    }

    @Override
    public long total() {
      return sum.get();
    }
  }

  /** Forgets nothing: to a test, everything happened in the last minute. */
  private record RecordedTimer(List<Duration> recorded) implements Timer {

    @Override
    public void record(Duration elapsed) {
      recorded.add(elapsed);
    }

    @Override
    public Quantiles quantiles() {
      List<Duration> sorted = recorded.stream().sorted().toList();
      return sorted.isEmpty()
          ? Quantiles.NONE
          : new Quantiles(
              sorted.size(), nearest(sorted, 50), nearest(sorted, 99), nearest(sorted, 100));
    }

    private static Duration nearest(List<Duration> sorted, int percent) {
      return sorted.get(Math.max(0, (sorted.size() * percent + 99) / 100 - 1));
    }
  }
}
