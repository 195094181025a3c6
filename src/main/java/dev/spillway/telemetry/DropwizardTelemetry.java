package dev.spillway.telemetry;

import com.codahale.metrics.Snapshot;
import dev.spillway.telemetry.MeterFamily.Kind;
import dev.spillway.telemetry.Meters.Meter;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The telemetry of a running server, kept in a Dropwizard registry of its own, and what publishes
 * it. The composition root owns and closes it; any thread may report and read.
 */
public final class DropwizardTelemetry implements Telemetry, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(DropwizardTelemetry.class);

  private final Meters meters;
  private final PrometheusMeters prometheus;
  private final JmxMeters jmx;
  private final LongSupplier nanoTime;
  private final SortedMap<String, String> labels;
  private final ConcurrentNavigableMap<String, Registered> bounds;

  /** A bounded resource, and what its owner counts refusals with. */
  private record Registered(RecentOccupancy now, Counter refused) {}

  public DropwizardTelemetry() {
    this(System::nanoTime);
  }

  /**
   * @param nanoTime the clock by which durations leave the last minute
   */
  DropwizardTelemetry(LongSupplier nanoTime) {
    meters = new Meters();
    prometheus = new PrometheusMeters(meters);
    jmx = new JmxMeters(meters, ManagementFactory.getPlatformMBeanServer());
    this.nanoTime = nanoTime;
    labels = Collections.emptySortedMap();
    bounds = new ConcurrentSkipListMap<>();
  }

  private DropwizardTelemetry(DropwizardTelemetry parent, SortedMap<String, String> labels) {
    meters = parent.meters;
    prometheus = parent.prometheus;
    jmx = parent.jmx;
    nanoTime = parent.nanoTime;
    this.labels = labels;
    bounds = parent.bounds;
  }

  @Override
  public Counter counter(String name, String help) {
    com.codahale.metrics.Counter counter =
        meters.metric(
            Meter.of(Kind.COUNTER, name, help, labels),
            com.codahale.metrics.Counter.class,
            com.codahale.metrics.Counter::new);
    return new SummedCounter(counter);
  }

  @Override
  public Timer timer(String name, String help) {
    return new WindowedTimer(
        meters.metric(
            Meter.of(Kind.TIMER, name, help, labels),
            SummedTimer.class,
            () -> new SummedTimer(new LastMinute(nanoTime))));
  }

  /**
   * A counter to read, which its owner has registered before.
   *
   * @throws IllegalArgumentException when nobody has
   */
  public Counter counter(String name) {
    return counter(name, meters.help(Kind.COUNTER, name));
  }

  /**
   * A timer to read, which its owner has registered before.
   *
   * @throws IllegalArgumentException when nobody has
   */
  public Timer timer(String name) {
    return timer(name, meters.help(Kind.TIMER, name));
  }

  @Override
  public void gauge(String name, String help, LongSupplier value) {
    read(name, help, value::getAsLong);
  }

  @Override
  public void measure(String name, String help, Supplier<OptionalDouble> value) {
    read(name, help, () -> orNull(value.get()));
  }

  private static @Nullable Double orNull(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }

  private void read(String name, String help, Supplier<? extends @Nullable Number> source) {
    Meter meter = Meter.of(Kind.GAUGE, name, help, labels);
    meters
        .metric(meter, LiveGauge.class, () -> new LiveGauge(meter.toString(), meters.failedReads()))
        .readFrom(source);
  }

  @Override
  public Telemetry labelled(String key, String value) {
    SortedMap<String, String> more = new TreeMap<>(labels);
    if (more.put(key, value) != null) {
      throw new IllegalArgumentException("One label twice: " + key);
    }
    return new DropwizardTelemetry(this, more);
  }

  @Override
  public Counter bound(String name, Supplier<Occupancy> now) {
    RecentOccupancy recent = new RecentOccupancy(name, now, nanoTime);
    Counter refused = BoundMeters.register(this, name, recent);
    bounds.put(name, new Registered(recent, refused));
    return refused;
  }

  /**
   * Every bounded resource that there is, in the order of their names; without those that cannot be
   * read now. Their owners are asked once a second at most, together with the exporters.
   */
  public List<Bound> bounds() {
    List<Bound> all = new ArrayList<>();
    bounds.forEach(
        (name, bound) -> {
          try {
            all.add(new Bound(name, bound.now().get(), bound.refused().total()));
          } catch (RuntimeException e) {
            log.debug("The bound {} is left out", name, e);
          }
        });
    return List.copyOf(all);
  }

  /** What collectors find the meters under, also those that have no value now. */
  public SortedSet<String> published() {
    return meters.published();
  }

  /** Writes every meter in the Prometheus text format, version 0.0.4. */
  public void writePrometheus(OutputStream out) throws IOException {
    writePrometheus(out, null);
  }

  /**
   * Writes every meter in the format that a collector prefers.
   *
   * @param accept the collector's header of this name: OpenMetrics when it names that, otherwise
   *     the Prometheus text format, version 0.0.4
   * @return the content type
   */
  public String writePrometheus(OutputStream out, @Nullable String accept) throws IOException {
    return prometheus.write(out, accept);
  }

  /**
   * Publishes every meter that there is and will be in the platform's MBean server, until this is
   * closed. A meter whose name is taken there is left out with a warning.
   *
   * @param domain what no other server in this virtual machine has; what a domain cannot hold
   *     becomes an underscore
   * @throws IllegalStateException when they are published already
   */
  public void publishOverJmx(String domain) {
    jmx.publish(domain);
  }

  /** Takes back what was published, and lets go of what the gauges look at. */
  @Override
  public void close() {
    try {
      jmx.close();
    } finally {
      bounds.clear();
      meters.close();
    }
  }

  /** Never goes back: a counter below zero would fail the whole export. */
  private record SummedCounter(com.codahale.metrics.Counter counter) implements Counter {

    @Override
    public void add(long n) {
      counter.inc(Math.max(0, n));
    }

    @Override
    public long total() {
      return counter.getCount();
    }
  }

  /** Reads what it recorded from the same window as the exporter. */
  private record WindowedTimer(com.codahale.metrics.Timer timer) implements Timer {

    @Override
    public void record(Duration elapsed) {
      // The unit's own conversion ends at the longest duration instead of failing.
      timer.update(Math.max(0, TimeUnit.NANOSECONDS.convert(elapsed)), TimeUnit.NANOSECONDS);
    }

    @Override
    public Quantiles quantiles() {
      Snapshot snapshot = timer.getSnapshot();
      return new Quantiles(
          snapshot.size(),
          nanos(snapshot.getMedian()),
          nanos(snapshot.get99thPercentile()),
          Duration.ofNanos(snapshot.getMax()));
    }

    private static Duration nanos(double nanos) {
      return Duration.ofNanos((long) nanos);
    }
  }
}
