package dev.spillway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.HdrHistogram.Histogram;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class HistogramSnapshotTest {

  private final Histogram histogram = new Histogram(1_000_000, 2);
  private final HistogramSnapshot snapshot = new HistogramSnapshot(histogram, 1_000);

  @Test
  void anEmptyOneIsZeroThroughout() {
    assertThat(
            new double[] {
              snapshot.size(),
              snapshot.getMin(),
              snapshot.getMedian(),
              snapshot.get999thPercentile(),
              snapshot.getMax(),
              snapshot.getMean(),
              snapshot.getStdDev()
            })
        .containsOnly(0);
  }

  @Test
  void everythingIsInTheUnitOfTheReader() {
    histogram.recordValue(10);
    histogram.recordValue(20);
    histogram.recordValue(30);

    assertThat(
            new double[] {
              snapshot.getMin(), snapshot.getMedian(), snapshot.getMax(), snapshot.getMean()
            })
        .containsExactly(10_000, 20_000, 30_000, 20_000);
    assertThat(snapshot.getStdDev()).isCloseTo(8_165, Offset.offset(1.0));
  }

  @Test
  void eachValueIsWrittenOnce() {
    histogram.recordValueWithCount(10, 1_000_000);
    histogram.recordValue(20);
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    snapshot.dump(out);

    assertThat(out.toString(StandardCharsets.UTF_8).lines()).containsExactly("10000", "20000");
  }

  @Test
  void valuesAreInOrder() {
    histogram.recordValue(20);
    histogram.recordValue(10);

    assertThat(snapshot.getValues()).containsExactly(10_000, 20_000);
  }
}
