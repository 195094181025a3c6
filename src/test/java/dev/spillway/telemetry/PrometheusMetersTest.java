package dev.spillway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.telemetry.Telemetry.Occupancy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrometheusMetersTest {

  private final DropwizardTelemetry telemetry = new DropwizardTelemetry(() -> 0);

  @AfterEach
  void close() {
    telemetry.close();
  }

  @Test
  void aPageHoldsEveryMeter() throws IOException {
    telemetry.counter("upload.received.bytes", "Bytes that were new.").add(3);
    telemetry.gauge("upload.transfers", "Chunks being received.", () -> 7);
    telemetry.measure("memory.used.ratio", "How full.", () -> OptionalDouble.of(0.5));
    telemetry.timer("upload.force", "How long a force took.").record(Duration.ofNanos(125_000));

    assertThat(page())
        .isEqualTo(
            """
            # HELP spillway_memory_used_ratio How full.
            # TYPE spillway_memory_used_ratio gauge
            spillway_memory_used_ratio 0.5
            # HELP spillway_telemetry_reads_failed_total Values that could not be read and were\
             left out of an export.
            # TYPE spillway_telemetry_reads_failed_total counter
            spillway_telemetry_reads_failed_total 0.0
            # HELP spillway_upload_force_seconds How long a force took.
            # TYPE spillway_upload_force_seconds summary
            spillway_upload_force_seconds{quantile="0.5"} 1.25E-4
            spillway_upload_force_seconds{quantile="0.75"} 1.25E-4
            spillway_upload_force_seconds{quantile="0.95"} 1.25E-4
            spillway_upload_force_seconds{quantile="0.98"} 1.25E-4
            spillway_upload_force_seconds{quantile="0.99"} 1.25E-4
            spillway_upload_force_seconds{quantile="0.999"} 1.25E-4
            spillway_upload_force_seconds_count 1
            spillway_upload_force_seconds_sum 1.25E-4
            # HELP spillway_upload_received_bytes_total Bytes that were new.
            # TYPE spillway_upload_received_bytes_total counter
            spillway_upload_received_bytes_total 3.0
            # HELP spillway_upload_transfers Chunks being received.
            # TYPE spillway_upload_transfers gauge
            spillway_upload_transfers 7.0
            """);
  }

  @Test
  void metersOfOneNameAreOneFamily() throws IOException {
    ended("completed").add(2);
    ended("cancelled").add(1);

    assertThat(lines("upload_ended"))
        .containsExactly(
            "# HELP spillway_upload_ended_total Uploads that ended.",
            "# TYPE spillway_upload_ended_total counter",
            "spillway_upload_ended_total{outcome=\"cancelled\"} 1.0",
            "spillway_upload_ended_total{outcome=\"completed\"} 2.0");
  }

  @Test
  void labelValuesThatDifferInPunctuationStayApart() throws IOException {
    ended("a-b").add(1);
    ended("a.b").add(2);
    ended("a_b").add(3);

    assertThat(lines("ended_total{"))
        .containsExactly(
            "spillway_upload_ended_total{outcome=\"a-b\"} 1.0",
            "spillway_upload_ended_total{outcome=\"a.b\"} 2.0",
            "spillway_upload_ended_total{outcome=\"a_b\"} 3.0");
  }

  @Test
  void labelsAreInOneOrder() throws IOException {
    telemetry.labelled("b", "1").labelled("a", "2").counter("upload.ended", "Help.").add(1);
    telemetry.labelled("a", "2").labelled("b", "1").counter("upload.ended", "Help.").add(1);

    assertThat(lines("ended_total{"))
        .containsExactly("spillway_upload_ended_total{a=\"2\",b=\"1\"} 2.0");
  }

  @Test
  void labelValuesAreEscaped() throws IOException {
    ended("a \"quoted\" \\ and\nbroken ü").add(1);

    assertThat(lines("ended_total{"))
        .containsExactly(
            "spillway_upload_ended_total{outcome=\"a \\\"quoted\\\" \\\\ and\\nbroken ü\"} 1.0");
  }

  @Test
  void helpTextsAreEscaped() throws IOException {
    telemetry.counter("upload.ended", "A \\ and\na break.");

    assertThat(lines("# HELP spillway_upload"))
        .containsExactly("# HELP spillway_upload_ended_total A \\\\ and\\na break.");
  }

  @Test
  void whatIsNotMeasuredIsLeftOut() throws IOException {
    telemetry.measure("memory.swap.bytes", "Swap.", OptionalDouble::empty);

    assertThat(lines("swap")).isEmpty();
  }

  @Test
  void aFamilyShowsTheMetersThatAreMeasured() throws IOException {
    telemetry.labelled("pool", "a").measure("pool.used.ratio", "Use.", OptionalDouble::empty);
    telemetry.labelled("pool", "b").measure("pool.used.ratio", "Use.", () -> OptionalDouble.of(1));

    assertThat(lines("pool"))
        .containsExactly(
            "# HELP spillway_pool_used_ratio Use.",
            "# TYPE spillway_pool_used_ratio gauge",
            "spillway_pool_used_ratio{pool=\"b\"} 1.0");
  }

  @Test
  void aGaugeThatFailsIsLeftOutAndCounted() throws IOException {
    telemetry.gauge("upload.transfers", "Chunks.", PrometheusMetersTest::failing);
    try (RecordedLog ignored = new RecordedLog(LiveGauge.class)) {
      page();

      assertThat(lines("spillway"))
          .containsExactly(
              "# HELP spillway_telemetry_reads_failed_total Values that could not be read and were"
                  + " left out of an export.",
              "# TYPE spillway_telemetry_reads_failed_total counter",
              "spillway_telemetry_reads_failed_total 2.0");
    }
  }

  @Test
  void aGaugeThatFailsIsLoggedOnce() throws IOException {
    telemetry
        .labelled("pool", "a")
        .gauge("upload.transfers", "Chunks.", PrometheusMetersTest::failing);
    try (RecordedLog log = new RecordedLog(LiveGauge.class)) {
      page();
      page();

      assertThat(log.warnings())
          .containsExactly(
              "The meter upload.transfers{pool=a} cannot be read and is left out; this is logged"
                  + " once");
    }
  }

  @Test
  void aGaugeThatIsRegisteredAgainReadsFromTheNewSource() throws IOException {
    telemetry.gauge("upload.transfers", "Chunks.", () -> 1);
    telemetry.gauge("upload.transfers", "Chunks.", () -> 2);

    assertThat(lines("transfers ")).contains("spillway_upload_transfers 2.0");
  }

  @Test
  void aCounterNeverFalls() throws IOException {
    ended("completed").add(2);
    ended("completed").add(-3);

    assertThat(lines("ended_total{"))
        .containsExactly("spillway_upload_ended_total{outcome=\"completed\"} 2.0");
  }

  @Test
  void aBoundHasFiveMeters() throws IOException {
    telemetry.bound("write-permits", () -> new Occupancy(2, 3, 4, Duration.ofMillis(1500))).add(5);

    assertThat(lines("{bound="))
        .containsExactly(
            "spillway_bound_limit{bound=\"write-permits\"} 3.0",
            "spillway_bound_oldest_wait_seconds{bound=\"write-permits\"} 1.5",
            "spillway_bound_refused_total{bound=\"write-permits\"} 5.0",
            "spillway_bound_used{bound=\"write-permits\"} 2.0",
            "spillway_bound_waiting{bound=\"write-permits\"} 4.0");
  }

  @Test
  void aTimersSumIsOfAllTimesWhileItsQuantilesAreOfTheLastMinute() throws IOException {
    Telemetry.Timer timer = telemetry.timer("upload.force", "Forces.");
    timer.record(Duration.ofSeconds(1));
    timer.record(Duration.ofSeconds(2));

    assertThat(lines("force_seconds_"))
        .containsExactly(
            "spillway_upload_force_seconds_count 2", "spillway_upload_force_seconds_sum 3.0");
  }

  @Test
  void theSumOutlivesTheLongestDuration() throws IOException {
    Telemetry.Timer timer = telemetry.timer("upload.force", "Forces.");
    timer.record(Duration.ofSeconds(Long.MAX_VALUE));
    timer.record(Duration.ofSeconds(Long.MAX_VALUE));

    assertThat(lines("seconds_sum"))
        .singleElement()
        .satisfies(line -> assertThat(line.split(" ")[1]).isEqualTo("1.8446744073709553E10"));
  }

  @Test
  void aCollectorThatAsksForOpenMetricsGetsIt() throws IOException {
    ended("completed").add(1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    String type =
        telemetry.writePrometheus(
            out, "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.2,*/*;q=0.1");

    assertThat(type).isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("# TYPE spillway_upload_ended counter\n")
        .endsWith("spillway_upload_ended_total{outcome=\"completed\"} 1.0\n# EOF\n");
  }

  @Test
  void aCollectorThatAsksForNothingGetsPlainText() throws IOException {
    assertThat(telemetry.writePrometheus(new ByteArrayOutputStream(), "*/*"))
        .isEqualTo("text/plain; version=0.0.4; charset=utf-8");
  }

  @Test
  void thePageIsFreeOfProblems() throws IOException {
    registerOneOfEach();

    assertThat(PrometheusLint.problems(page())).isEmpty();
  }

  @Test
  void promtoolAcceptsThePage(@TempDir Path folder) throws Exception {
    registerOneOfEach();

    assertThat(Promtool.check(page(), folder)).isEmpty();
  }

  private void registerOneOfEach() {
    ended("a \"quoted\" \\ and\nbroken ü").add(1);
    ended("completed").add(1);
    telemetry.timer("upload.force", "A \\ and\na break.").record(Duration.ofMillis(3));
    telemetry.timer("catalog.commit", "A wait.");
    telemetry.bound("write-permits", () -> Occupancy.of(1, 3));
    telemetry.measure("memory.used.ratio", "How full.", () -> OptionalDouble.of(0.5));
  }

  private Telemetry.Counter ended(String outcome) {
    return telemetry.labelled("outcome", outcome).counter("upload.ended", "Uploads that ended.");
  }

  private static long failing() {
    throw new IllegalStateException("closed");
  }

  private List<String> lines(String word) throws IOException {
    return page().lines().filter(line -> line.contains(word)).toList();
  }

  private String page() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    telemetry.writePrometheus(out);
    return out.toString(StandardCharsets.UTF_8);
  }
}
