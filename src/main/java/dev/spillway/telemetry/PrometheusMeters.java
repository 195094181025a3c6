package dev.spillway.telemetry;

import dev.spillway.telemetry.Meters.Registered;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.dropwizard.DropwizardExports;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The meters as a Prometheus server reads them. The Prometheus client's bridge reads the values out
 * of the registry; it makes each metric a family of its own with a text of its own, so the values
 * get their families, labels and help texts here. Owned by the telemetry; any thread may call.
 */
final class PrometheusMeters {

  private final Meters meters;
  private final DropwizardExports bridge;
  private final ExpositionFormatWriter text = PrometheusTextFormatWriter.create();
  private final ExpositionFormatWriter openMetrics = OpenMetricsTextFormatWriter.create();

  PrometheusMeters(Meters meters) {
    this.meters = meters;
    this.bridge = new DropwizardExports(meters.registry());
  }

  /**
   * Writes every meter that has a value.
   *
   * @param accept what the reader said it can read: OpenMetrics when that is among it, otherwise
   *     the Prometheus text format, version 0.0.4
   * @return the content type
   */
  String write(OutputStream out, @Nullable String accept) throws IOException {
    ExpositionFormatWriter writer = openMetrics.accepts(accept) ? openMetrics : text;
    writer.write(out, collect());
    return writer.getContentType();
  }

  private MetricSnapshots collect() {
    Map<MeterFamily, List<Value>> families = new LinkedHashMap<>();
    for (MetricSnapshot bridged : bridge.collect()) {
      Registered registered = meters.find(bridged.getMetadata().getName());
      if (registered != null) {
        families
            .computeIfAbsent(registered.meter().family(), unused -> new ArrayList<>())
            .add(new Value(registered, bridged.getDataPoints().get(0)));
      }
    }
    List<MetricSnapshot> snapshots = new ArrayList<>();
    families.forEach((family, values) -> snapshots.add(snapshot(family, values)));
    return new MetricSnapshots(snapshots);
  }

  private static MetricSnapshot snapshot(MeterFamily family, List<Value> values) {
    MetricMetadata metadata = new MetricMetadata(family.exported(), family.help());
    return switch (family.kind()) {
      case COUNTER -> new CounterSnapshot(metadata, values.stream().map(Value::counter).toList());
      case GAUGE -> new GaugeSnapshot(metadata, values.stream().map(Value::gauge).toList());
      case TIMER -> new SummarySnapshot(metadata, values.stream().map(Value::summary).toList());
    };
  }

  /** A meter, and what the bridge read. */
  private record Value(Registered registered, DataPointSnapshot read) {

    CounterDataPointSnapshot counter() {
      return new CounterDataPointSnapshot(
          ((CounterDataPointSnapshot) read).getValue(), labels(), null, 0);
    }

    GaugeDataPointSnapshot gauge() {
      return new GaugeDataPointSnapshot(((GaugeDataPointSnapshot) read).getValue(), labels(), null);
    }

    SummaryDataPointSnapshot summary() {
      SummaryDataPointSnapshot summary = (SummaryDataPointSnapshot) read;
      SummedTimer timer = (SummedTimer) registered.metric();
      Quantiles quantiles =
          timer.getSnapshot().size() > 0 ? summary.getQuantiles() : unknown(summary.getQuantiles());
      return new SummaryDataPointSnapshot(
          summary.getCount(), timer.sumSeconds(), quantiles, labels(), Exemplars.EMPTY, 0);
    }

    /** By convention: of no events, no duration is the longest. */
    private static Quantiles unknown(Quantiles quantiles) {
      Quantiles.Builder unknown = Quantiles.builder();
      for (Quantile quantile : quantiles) {
        unknown.quantile(quantile.getQuantile(), Double.NaN);
      }
      return unknown.build();
    }

    private Labels labels() {
      Labels.Builder labels = Labels.builder();
      registered.meter().labels().forEach(labels::label);
      return labels.build();
    }
  }
}
