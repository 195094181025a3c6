package dev.spillway.telemetry;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.SlidingTimeWindowArrayReservoir;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.dropwizard.DropwizardExports;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The telemetry of a running server, kept in a Dropwizard registry of its own. The composition root
 * owns and closes it; any thread may report and read.
 */
public final class DropwizardTelemetry implements Telemetry, AutoCloseable {

  /**
   * How long a duration counts for percentiles. A reservoir that only decays would show yesterday's
   * peak when traffic stops.
   */
  private static final long WINDOW_SECONDS = 60;

  private final MetricRegistry registry = new MetricRegistry();
  private final DropwizardExports exports = new DropwizardExports(registry);
  private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();

  @Override
  public Counter counter(String name) {
    com.codahale.metrics.Counter counter = registry.counter(name);
    return counter::inc;
  }

  @Override
  public Timer timer(String name) {
    com.codahale.metrics.Timer timer =
        registry.timer(
            name,
            () ->
                new com.codahale.metrics.Timer(
                    new SlidingTimeWindowArrayReservoir(WINDOW_SECONDS, TimeUnit.SECONDS)));
    return timer::update;
  }

  @Override
  public void gauge(String name, LongSupplier value) {
    registry.remove(name);
    registry.register(name, (Gauge<Long>) value::getAsLong);
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
}
