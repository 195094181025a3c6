package dev.spillway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.telemetry.Telemetry.Quantiles;
import dev.spillway.telemetry.Telemetry.Timer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DropwizardTelemetryTest {

  private final AtomicLong now = new AtomicLong();
  private final DropwizardTelemetry telemetry = new DropwizardTelemetry(now::get);
  private final Timer timer = telemetry.timer("admission.writes.wait", "A wait.");

  @AfterEach
  void close() {
    telemetry.close();
  }

  @Test
  void aTimerThatRecordedNothingHasNoQuantiles() {
    assertThat(timer.quantiles()).isEqualTo(Quantiles.NONE);
  }

  @Test
  void theTelemetryThatReportsNothingHasNoQuantiles() {
    Timer none = Telemetry.NONE.timer("admission.writes.wait", "A wait.");
    none.record(Duration.ofSeconds(1));

    assertThat(none.quantiles()).isEqualTo(Quantiles.NONE);
  }

  @Test
  void quantilesAreInOrderAndNearTheTruth() {
    for (int millis = 1; millis <= 1_000; millis++) {
      timer.record(Duration.ofMillis(millis));
    }

    Quantiles quantiles = timer.quantiles();

    assertThat(quantiles.count()).isEqualTo(1_000);
    assertThat(quantiles.p50()).isBetween(Duration.ofMillis(500), Duration.ofMillis(504));
    assertThat(quantiles.p99()).isBetween(Duration.ofMillis(990), Duration.ofMillis(998));
    assertThat(quantiles.max()).isBetween(Duration.ofMillis(1_000), Duration.ofMillis(1_008));
  }

  @Test
  void quantilesFade() {
    timer.record(Duration.ofSeconds(1));

    now.addAndGet(Duration.ofMinutes(1).toNanos());

    assertThat(timer.quantiles()).isEqualTo(Quantiles.NONE);
  }

  @Test
  void oneNameIsOneTimer() {
    telemetry.timer("admission.writes.wait", "A wait.").record(Duration.ofSeconds(1));

    assertThat(timer.quantiles().count()).isEqualTo(1);
  }

  @Test
  void aDurationThatNoClockCanShowCountsAsAnHour() {
    timer.record(Duration.ofSeconds(Long.MAX_VALUE));

    assertThat(timer.quantiles().max()).isBetween(Duration.ofMinutes(60), Duration.ofMinutes(61));
  }

  @Test
  void aNegativeDurationCountsAsNone() {
    timer.record(Duration.ofSeconds(-1));

    assertThat(timer.quantiles())
        .isEqualTo(new Quantiles(1, Duration.ZERO, Duration.ZERO, Duration.ZERO));
  }

  @Test
  void theExportNamesEveryQuantile() throws IOException {
    assertThat(exported("admission_writes_wait"))
        .containsExactly(
            "# HELP admission_writes_wait Generated from Dropwizard metric import"
                + " (metric=admission.writes.wait, type=com.codahale.metrics.Timer)",
            "# TYPE admission_writes_wait summary",
            "admission_writes_wait{quantile=\"0.5\"} 0.0",
            "admission_writes_wait{quantile=\"0.75\"} 0.0",
            "admission_writes_wait{quantile=\"0.95\"} 0.0",
            "admission_writes_wait{quantile=\"0.98\"} 0.0",
            "admission_writes_wait{quantile=\"0.99\"} 0.0",
            "admission_writes_wait{quantile=\"0.999\"} 0.0",
            "admission_writes_wait_count 0");
  }

  @Test
  void theExportIsInSeconds() throws IOException {
    timer.record(Duration.ofMillis(100));

    assertThat(exported("quantile"))
        .hasSize(6)
        .extracting(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .allSatisfy(seconds -> assertThat(seconds).isBetween(0.1, 0.1008));
  }

  @Test
  void theExportsCountStaysWhenTheQuantilesFade() throws IOException {
    timer.record(Duration.ofMillis(100));

    now.addAndGet(Duration.ofDays(1).toNanos());

    assertThat(exported("admission_writes_wait"))
        .contains("admission_writes_wait{quantile=\"0.99\"} 0.0", "admission_writes_wait_count 1");
  }

  @Test
  void theExportHoldsCounters() throws IOException {
    telemetry.counter("upload.chunks.received", "Chunks.").add(3);

    assertThat(exported("upload_chunks")).contains("upload_chunks_received_total 3.0");
  }

  @Test
  void theExportHoldsGauges() throws IOException {
    telemetry.gauge("admission.buffers.free", "Free.", () -> 4);

    assertThat(exported("admission_buffers")).contains("admission_buffers_free 4.0");
  }

  @Test
  void nothingIsExportedAfterClosing() throws IOException {
    telemetry.close();

    assertThat(exported("")).isEmpty();
  }

  private List<String> exported(String word) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    telemetry.writePrometheus(out);
    return out.toString(StandardCharsets.UTF_8).lines().filter(l -> l.contains(word)).toList();
  }
}
