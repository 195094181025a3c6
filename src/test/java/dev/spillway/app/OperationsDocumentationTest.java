package dev.spillway.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.config.ConfigSources;
import dev.spillway.config.SpillwayConfig;
import dev.spillway.telemetry.Promtool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/operations speaks of the meters that there are. */
class OperationsDocumentationTest {

  private static final Path FOLDER = Path.of("docs/operations");
  private static final Pattern ROW = Pattern.compile("^\\| `(spillway_[a-z0-9_]+)` \\|.*");
  private static final Pattern USE = Pattern.compile("\\bspillway_[a-z0-9_]+");

  @TempDir private Path folder;

  private Set<String> published() throws IOException {
    SpillwayConfig config =
        SpillwayConfig.read(
            ConfigSources.of(
                Map.of(
                    "spillway.data-dir",
                    folder.resolve("data").toString(),
                    "spillway.storage.destination",
                    "gs://reports/in",
                    "spillway.gcs.endpoint",
                    "http://127.0.0.1:1"),
                Map.of(),
                Map.of()));
    try (UploadServer server = UploadServer.start(config, "dev.spillway.test")) {
      return server.telemetry().published();
    }
  }

  @Test
  void everyMeterIsInTheTableAndNoOther() throws IOException {
    Set<String> written =
        Files.readAllLines(FOLDER.resolve("metrics.md")).stream()
            .map(ROW::matcher)
            .filter(Matcher::matches)
            .map(row -> row.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(written).isEqualTo(published());
  }

  @Test
  void alertsAndDashboardUseMetersThatThereAre() throws IOException {
    Set<String> used = used("alerts.yml");
    used.addAll(used("grafana.json"));
    assertThat(published()).containsAll(used);
  }

  private static Set<String> used(String file) throws IOException {
    return USE.matcher(Files.readString(FOLDER.resolve(file)))
        .results()
        .map(use -> use.group())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void theDashboardIsOneThatGrafanaReads() throws IOException {
    JsonNode dashboard = new ObjectMapper().readTree(FOLDER.resolve("grafana.json").toFile());
    assertThat(dashboard.path("panels").size()).isGreaterThan(20);
    for (JsonNode panel : dashboard.path("panels")) {
      assertThat(panel.path("title").asText()).isNotBlank();
      boolean isRow = panel.path("type").asText().equals("row");
      assertThat(isRow || !panel.path("description").asText().isBlank())
          .as("%s is described", panel.path("title"))
          .isTrue();
    }
  }

  @Test
  void promtoolAcceptsTheAlerts() throws Exception {
    assertThat(Promtool.checkRules(FOLDER.resolve("alerts.yml"), folder)).isEmpty();
  }

  @Test
  void theAlertsFireWhenTheyShouldAndNotBefore() throws Exception {
    assertThat(Promtool.testRules(FOLDER.resolve("alerts-test.yml"), folder)).isEmpty();
  }
}
