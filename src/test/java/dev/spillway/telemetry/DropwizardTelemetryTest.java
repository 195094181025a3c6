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
            "# HELP spillway_admission_writes_wait_seconds A wait.",
            "# TYPE spillway_admission_writes_wait_seconds summary",
            "spillway_admission_writes_wait_seconds{quantile=\"0.5\"} NaN",
            "spillway_admission_writes_wait_seconds{quantile=\"0.75\"} NaN",
            "spillway_admission_writes_wait_seconds{quantile=\"0.95\"} NaN",
            "spillway_admission_writes_wait_seconds{quantile=\"0.98\"} NaN",
            "spillway_admission_writes_wait_seconds{quantile=\"0.99\"} NaN",
            "spillway_admission_writes_wait_seconds{quantile=\"0.999\"} NaN",
            "spillway_admission_writes_wait_seconds_count 0",
            "spillway_admission_writes_wait_seconds_sum 0.0");
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
  void theExportsCountAndSumStayWhenTheQuantilesFade() throws IOException {
    timer.record(Duration.ofMillis(500));

    now.addAndGet(Duration.ofDays(1).toNanos());

    assertThat(exported("admission_writes_wait"))
        .contains(
            "spillway_admission_writes_wait_seconds{quantile=\"0.99\"} NaN",
            "spillway_admission_writes_wait_seconds_count 1",
            "spillway_admission_writes_wait_seconds_sum 0.5");
  }

  @Test
  void oneNameWithOneSetOfLabelsIsOneCounter() throws IOException {
    telemetry.labelled("outcome", "completed").counter("upload.ended", "Ended.").add(1);
    telemetry.labelled("outcome", "completed").counter("upload.ended", "Ended.").add(2);

    assertThat(exported("ended_total{"))
        .containsExactly("spillway_upload_ended_total{outcome=\"completed\"} 3.0");
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
