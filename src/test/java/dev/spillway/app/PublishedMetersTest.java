package dev.spillway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.config.ConfigSources;
import dev.spillway.config.SpillwayConfig;
import dev.spillway.telemetry.PrometheusLint;
import dev.spillway.telemetry.Promtool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a whole server publishes about itself, before anybody has used it. */
class PublishedMetersTest {

  @TempDir private Path folder;
  private String page = "";

  private UploadServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        UploadServer.start(
            SpillwayConfig.read(
                ConfigSources.of(
                    Map.of("spillway.data-dir", folder.resolve("data").toString()),
                    Map.of(),
                    Map.of())),
            "dev.spillway.test");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    server.telemetry().writePrometheus(out);
    page = out.toString(StandardCharsets.UTF_8);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void everyPartHasMeters() {
    assertThat(page)
        .contains(
            "spillway_admission_",
            "spillway_bound_",
            "spillway_catalog_",
            "spillway_upload_",
            "spillway_upkeep_");
  }

  @Test
  void thePageIsFreeOfProblems() {
    assertThat(PrometheusLint.problems(page)).isEmpty();
  }

  @Test
  void everyValueCouldBeRead() {
    assertThat(page).contains("spillway_telemetry_reads_failed_total 0.0\n");
  }

  @Test
  void promtoolAcceptsThePage() throws Exception {
    assertThat(Promtool.check(page, folder)).isEmpty();
  }
}
