package dev.spillway.memory;

import static dev.spillway.memory.FakeSources.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.telemetry.DropwizardTelemetry;
import dev.spillway.telemetry.PrometheusLint;
import dev.spillway.telemetry.RecordedTelemetry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadingMetersTest {

  private static final LiveThresholds THRESHOLDS =
      new LiveThresholds(0.8, 0.9, OptionalLong.empty(), OptionalLong.empty());

  private final RecordedTelemetry telemetry = new RecordedTelemetry();
  private final FakeSources given = new FakeSources().measuredAll();
  private Optional<Sample> latest = Optional.empty();
  private final ReadingMeters meters = new ReadingMeters(telemetry, THRESHOLDS, () -> latest);

  private void sample() {
    latest = Optional.of(given.sample());
    meters.seen(given.sample());
  }

  @Test
  void nothingIsMeasuredBeforeTheFirstSample() {
    assertThat(telemetry.names())
        .isNotEmpty()
        .allSatisfy(name -> assertThat(telemetry.measured(name)).isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "memory.heap.used.bytes, 104857600",
    "memory.heap.max.bytes, 268435456",
    "memory.live.bytes, 41943040",
    "memory.live.limit.bytes, 209715200",
    "memory.pool.live.bytes{pool=Old}, 39845888",
    "memory.pool.used.bytes{pool=Eden}, 41943040",
    "memory.direct.bytes, 16777216",
    "memory.direct.limit.bytes, 209715200",
    "memory.mapped.bytes, 0",
    "memory.metaspace.bytes, 52428800",
    "memory.collections, 12",
    "memory.collection.seconds, 1.5",
    "memory.collection.share.ratio, 0.01",
    "memory.collection.freed.bytes, 31457280",
    "process.resident.bytes, 314572800",
    "process.swapped.bytes, 0",
    "process.threads, 30",
    "process.cpu.ratio, 0.12",
    "machine.available.bytes, 1572864000",
    "machine.swap.used.bytes, 10485760",
    "machine.swap.in.rate.bytes, 0",
    "container.limit.bytes, 536870912",
    "container.working.set.bytes, 325058560",
    "memory.stall.some.ratio, 0.004",
    "disk.usable.bytes{disk=data}, 73400320",
    "disk.size.bytes{disk=data}, 104857600",
    "uploads.unfinished.bytes, 5242880",
    "bound.used{bound=file-descriptors}, 120",
    "bound.limit{bound=file-descriptors}, 1024",
    "bound.used{bound=live-heap-bytes}, 41943040",
    "bound.limit{bound=live-heap-bytes}, 188743680",
    "bound.used{bound=direct-bytes}, 16777216",
    "bound.limit{bound=direct-bytes}, 209715200"
  })
  void everyMeterShowsTheLatestSample(String name, double value) {
    sample();

    assertThat(telemetry.measured(name)).hasValue(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "memory.pool.live.bytes{pool=Eden}",
        "machine.memory.bytes",
        "machine.swap.size.bytes",
        "machine.swap.out.rate.bytes",
        "machine.cpu.ratio",
        "container.used.bytes",
        "memory.stall.all.ratio"
      })
  void whatWasNotMeasuredIsNotZero(String name) {
    sample();

    assertThat(telemetry.measured(name)).isEmpty();
  }

  @Test
  void aPoolThatHasGoneIsNotMeasuredAnyMore() {
    sample();
    given.pools = List.of();
    sample();

    assertThat(telemetry.measured("memory.pool.used.bytes{pool=Old}")).isEmpty();
  }

  @Test
  void aHeapWithoutAMaximumHasNone() {
    given.heapMax = -1;
    sample();

    assertThat(telemetry.measured("memory.heap.max.bytes")).isEmpty();
  }

  @Test
  void liveDataIsNotMeasuredBeforeTheFirstCollection() {
    given.live = 0;
    sample();

    assertThat(telemetry.measured("memory.live.bytes")).isEmpty();
  }

  @Test
  void aBoundThatTheSystemDoesNotTellIsNotThere() {
    given.openFilesLimit = OptionalLong.empty();
    sample();

    assertThat(telemetry.names()).doesNotContain("bound.used{bound=file-descriptors}");
  }

  @Test
  void aBoundKeepsItsLastFiguresWhenOneIsMissing() {
    sample();
    given.openFiles = OptionalLong.empty();
    sample();

    assertThat(telemetry.gauged("bound.used{bound=file-descriptors}")).isEqualTo(120);
  }

  @Test
  void aBoundFollowsTheSamples() {
    sample();
    given.direct = 20 * MIB;
    sample();

    assertThat(telemetry.gauged("bound.used{bound=direct-bytes}")).isEqualTo(20 * MIB);
  }

  /** The pools' names have blanks on most collectors. */
  @Test
  void aRunningServersTelemetryTakesEveryMeter() throws IOException {
    given.pools =
        List.of(new Reading.Pool("G1 Old Gen", 1, OptionalLong.of(1), OptionalLong.of(2)));
    Sample sample = given.sample();
    try (DropwizardTelemetry running = new DropwizardTelemetry();
        ByteArrayOutputStream page = new ByteArrayOutputStream()) {
      new ReadingMeters(running, THRESHOLDS, () -> Optional.of(sample)).seen(sample);
      running.writePrometheus(page);

      assertThat(page.toString(StandardCharsets.UTF_8))
          .contains("spillway_memory_pool_live_bytes{pool=\"G1 Old Gen\"} 1.0")
          .satisfies(text -> assertThat(PrometheusLint.problems(text)).isEmpty());
    }
  }
}
