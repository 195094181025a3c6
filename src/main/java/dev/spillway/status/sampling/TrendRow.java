package dev.spillway.status.sampling;

import dev.spillway.memory.Reading;
import dev.spillway.status.Figures;
import dev.spillway.status.Trend;
import dev.spillway.status.checks.Observation;
import dev.spillway.telemetry.Telemetry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Makes the values of the charts from a sample. One thread uses it, for each sample once. */
final class TrendRow {

  private static final double NANOS_PER_SECOND = 1e9;

  private final Map<Trend, Growth> growths = new EnumMap<>(Trend.class);

  /**
   * @param sinceStart how all requests have ended
   */
  Map<Trend, Double> of(Observation now, Figures.Outcomes sinceStart, long nanos) {
    Map<Trend, Double> row = new EnumMap<>(Trend.class);
    Figures figures = now.figures();
    put(row, Trend.RECEIVED_RATE, figures.flow().received());
    put(row, Trend.STORED_RATE, figures.flow().stored());
    if (figures.chunks().samples() > 0) {
      row.put(Trend.CHUNK_P50, seconds(figures.chunks().p50()));
      row.put(Trend.CHUNK_P99, seconds(figures.chunks().p99()));
    }
    Telemetry.Quantiles commits = now.timings().commits();
    if (commits.count() > 0) {
      row.put(Trend.COMMIT_P50, seconds(commits.p50()));
      row.put(Trend.COMMIT_P99, seconds(commits.p99()));
    }
    outcomes(row, figures.outcomes(), sinceStart, nanos);
    work(row, figures);
    memory(row, figures.heap());
    now.reading().map(Reading::process).ifPresent(process -> process(row, process));
    now.disk().ifPresent(space -> row.put(Trend.DISK_USABLE, (double) space.usable()));
    return row;
  }

  private void outcomes(
      Map<Trend, Double> row, Figures.Outcomes minute, Figures.Outcomes all, long nanos) {
    grow(row, Trend.SERVED, all.served(), nanos);
    grow(row, Trend.REFUSED, all.refused(), nanos);
    grow(row, Trend.SERVER_ERRORS, all.serverErrors(), nanos);
    grow(row, Trend.CLIENT_ERRORS, all.clientErrors(), nanos);
    grow(row, Trend.ABORTED, all.aborted(), nanos);
    if (minute.total() > 0) {
      row.put(Trend.CHUNK_ERRORS, (double) minute.serverErrors() / minute.total());
    }
  }

  private void grow(Map<Trend, Double> row, Trend trend, long count, long nanos) {
    put(row, trend, growths.computeIfAbsent(trend, unused -> new Growth()).perSecond(count, nanos));
  }

  private static void work(Map<Trend, Double> row, Figures figures) {
    put(row, Trend.UPLOADS_OPEN, figures.open().uploads());
    row.put(Trend.CHUNKS_MOVING, (double) figures.open().moving());
    row.put(Trend.CHUNKS_WAITING, (double) figures.open().waiting());
    row.put(Trend.CHUNKS_STALLED, (double) figures.open().stalled());
    put(row, Trend.STALE_UPLOADS, figures.stale().uploads());
    if (figures.buffers().capacityBytes() > 0) {
      row.put(Trend.BUFFER_BYTES, (double) figures.buffers().leasedBytes());
      row.put(Trend.BUFFER_LIMIT, (double) figures.buffers().capacityBytes());
      row.put(Trend.BUFFER_WAITING, (double) figures.buffers().waiting());
    }
    if (figures.queue().permits() > 0) {
      row.put(Trend.QUEUE_WAITING, (double) figures.queue().waiting());
    }
  }

  private static void memory(Map<Trend, Double> row, Figures.Heap heap) {
    put(row, Trend.HEAP_LIVE, heap.live());
    if (heap.max() > 0) {
      row.put(Trend.HEAP_MAX, (double) heap.max());
    }
    put(row, Trend.COLLECTING, heap.collecting());
  }

  private static void process(Map<Trend, Double> row, Reading.OwnProcess process) {
    row.put(Trend.THREADS, (double) process.threads());
    put(row, Trend.DESCRIPTORS, process.openFiles());
  }

  private static void put(Map<Trend, Double> row, Trend trend, OptionalDouble value) {
    value.ifPresent(known -> row.put(trend, known));
  }

  private static void put(Map<Trend, Double> row, Trend trend, OptionalLong value) {
    value.ifPresent(known -> row.put(trend, (double) known));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / NANOS_PER_SECOND;
  }
}
