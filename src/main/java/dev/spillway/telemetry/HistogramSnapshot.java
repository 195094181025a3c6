package dev.spillway.telemetry;

import com.codahale.metrics.Snapshot;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.HdrHistogram.Histogram;

/**
 * A histogram as Dropwizard's exporters read it. Owned by whoever asked for it; any thread may
 * read, because nobody writes to the histogram any more.
 */
final class HistogramSnapshot extends Snapshot {

  private static final double PERCENT = 100;

  private final Histogram histogram;
  private final long unit;

  /**
   * @param unit what a value of the histogram is multiplied with
   */
  HistogramSnapshot(Histogram histogram, long unit) {
    this.histogram = histogram;
    this.unit = unit;
  }

  @Override
  public double getValue(double quantile) {
    return (double) histogram.getValueAtPercentile(quantile * PERCENT) * unit;
  }

  /** Each value that was counted, once: writing it as often as it came would need the memory. */
  @Override
  public long[] getValues() {
    return counted().toArray();
  }

  @Override
  public int size() {
    return (int) Math.min(Integer.MAX_VALUE, histogram.getTotalCount());
  }

  /** From the counts, like the quantiles: no quantile is above it, even while others record. */
  @Override
  public long getMax() {
    return histogram.getValueAtPercentile(PERCENT) * unit;
  }

  @Override
  public double getMean() {
    return histogram.getMean() * unit;
  }

  @Override
  public long getMin() {
    return histogram.getMinValue() * unit;
  }

  @Override
  public double getStdDev() {
    return histogram.getStdDeviation() * unit;
  }

  @Override
  public void dump(OutputStream output) {
    PrintStream out = new PrintStream(output, false, StandardCharsets.UTF_8);
    counted().forEach(out::println);
    out.flush();
  }

  private LongStream counted() {
    return StreamSupport.stream(histogram.recordedValues().spliterator(), false)
        .mapToLong(value -> value.getValueIteratedTo() * unit);
  }
}
