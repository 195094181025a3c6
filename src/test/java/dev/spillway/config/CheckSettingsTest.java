package dev.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.config.CheckSettings.Band;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CheckSettingsTest {

  private static Band<Percentage> shares(int warning, int critical) {
    return new Band<>(new Percentage(warning), new Percentage(critical));
  }

  private static Band<Duration> times(long warningMillis, long criticalMillis) {
    return new Band<>(Duration.ofMillis(warningMillis), Duration.ofMillis(criticalMillis));
  }

  @Test
  void defaults() {
    assertThat(WrittenSettings.none().read().checks())
        .isEqualTo(
            new CheckSettings(
                shares(1, 5),
                new Percentage(5),
                Duration.ofMinutes(1),
                new Percentage(10),
                3,
                new CheckSettings.Saturation(
                    shares(70, 90),
                    times(100, 1000),
                    new Percentage(80),
                    times(2000, 4000),
                    new Percentage(80),
                    shares(5, 15),
                    shares(80, 95)),
                new CheckSettings.Store(
                    shares(20, 5),
                    DataSize.parse("64GiB"),
                    times(1000, 5000),
                    100,
                    DataSize.parse("1GiB"),
                    new Percentage(80)),
                new Band<>(Duration.ofMinutes(15), Duration.ofHours(1))));
  }

  @Test
  void keys() {
    Map<String, String> written =
        Map.ofEntries(
            Map.entry("errors-warning", "2%"),
            Map.entry("errors-critical", "6%"),
            Map.entry("refused-critical", "7%"),
            Map.entry("stalled-after", "30s"),
            Map.entry("stalled-critical", "11%"),
            Map.entry("mismatches-critical", "4"),
            Map.entry("buffers-warning", "71%"),
            Map.entry("buffers-critical", "91%"),
            Map.entry("buffer-wait-warning", "101ms"),
            Map.entry("buffer-wait-critical", "1001ms"),
            Map.entry("transfers-warning", "81%"),
            Map.entry("queue-wait-warning", "2001ms"),
            Map.entry("queue-wait-critical", "4001ms"),
            Map.entry("queue-critical", "82%"),
            Map.entry("collections-warning", "6%"),
            Map.entry("collections-critical", "16%"),
            Map.entry("resources-warning", "83%"),
            Map.entry("resources-critical", "96%"),
            Map.entry("disk-warning", "21%"),
            Map.entry("disk-critical", "8%"),
            Map.entry("disk-plenty", "65GiB"),
            Map.entry("latency-warning", "1002ms"),
            Map.entry("latency-critical", "5002ms"),
            Map.entry("abandoned-uploads", "101"),
            Map.entry("abandoned-bytes", "2GiB"),
            Map.entry("abandoned-critical", "84%"),
            Map.entry("publish-age-warning", "16m"),
            Map.entry("publish-age-critical", "61m"));
    WrittenSettings settings = WrittenSettings.none();
    written.forEach((key, value) -> settings.property("spillway.check." + key, value));
    assertThat(settings.read().checks())
        .isEqualTo(
            new CheckSettings(
                shares(2, 6),
                new Percentage(7),
                Duration.ofSeconds(30),
                new Percentage(11),
                4,
                new CheckSettings.Saturation(
                    shares(71, 91),
                    times(101, 1001),
                    new Percentage(81),
                    times(2001, 4001),
                    new Percentage(82),
                    shares(6, 16),
                    shares(83, 96)),
                new CheckSettings.Store(
                    shares(21, 8),
                    DataSize.parse("65GiB"),
                    times(1002, 5002),
                    101,
                    DataSize.parse("2GiB"),
                    new Percentage(84)),
                new Band<>(Duration.ofMinutes(16), Duration.ofMinutes(61))));
  }

  @Test
  void criticalComesAfterTheWarning() {
    assertThat(
            WrittenSettings.none()
                .property("spillway.check.buffers-critical", "60%")
                .property("spillway.check.disk-critical", "30%")
                .problems())
        .hasSize(2)
        .anyMatch(problem -> problem.contains("must be at least spillway.check.buffers-warning"))
        .anyMatch(problem -> problem.contains("must be at most spillway.check.disk-warning"));
  }
}
