package dev.spillway.telemetry;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Snapshot;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.dropwizard.DropwizardExports;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The telemetry of a running server, kept in a Dropwizard registry of its own. The composition root
 * owns and closes it; any thread may report and read.
 */
public final class DropwizardTelemetry implements Telemetry, AutoCloseable {

  private final MetricRegistry registry;
  private final DropwizardExports exports;
  private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
  private final LongSupplier nanoTime;
  private final String suffix;

  public DropwizardTelemetry() {
    this(System::nanoTime);
  }

  /**
   * @param nanoTime the clock by which durations leave the last minute
   */
  DropwizardTelemetry(LongSupplier nanoTime) {
    this(new MetricRegistry(), nanoTime, "");
  }

  private DropwizardTelemetry(MetricRegistry registry, LongSupplier nanoTime, String suffix) {
    this.registry = registry;
    this.exports = new DropwizardExports(registry);
    this.nanoTime = nanoTime;
    this.suffix = suffix;
  }

  @Override
  public Counter counter(String name, String help) {
    com.codahale.metrics.Counter counter = registry.counter(name + suffix);
    return counter::inc;
  }

  @Override
  public Timer timer(String name, String help) {
    return new WindowedTimer(
        registry.timer(
            name + suffix, () -> new com.codahale.metrics.Timer(new LastMinute(nanoTime))));
  }

  @Override
  public void gauge(String name, String help, LongSupplier value) {
    register(name, value::getAsLong);
  }

  @Override
  public void measure(String name, String help, Supplier<OptionalDouble> value) {
    register(name, () -> orNull(value.get()));
  }

  private static @Nullable Double orNull(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }

  private void register(String name, Gauge<?> gauge) {
    registry.remove(name + suffix);
    registry.register(name + suffix, gauge);
  }

  @Override
  public Telemetry labelled(String key, String value) {
    return new DropwizardTelemetry(registry, nanoTime, suffix + "." + value);
  }

  @Override
  public Counter bound(String name, Supplier<Occupancy> now) {
    return BoundMeters.register(this, name, now);
  }

  /** Writes every meter in the Prometheus text format, version 0.0.4. */
  public void writePrometheus(OutputStream out) throws IOException {
    writer.write(out, exports.collect());
  }

  /** Lets go of every meter and of what the gauges look at. */
  @Override
  public void close() {
    registry.removeMatching((name, metric) -> true);
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
