package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.Programs;
import dev.spillway.storage.gcs.FakeGcs;
import dev.spillway.storage.gcs.Fault;
import dev.spillway.storage.gcs.RequestKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an operator sees when finished files do not get to their bucket, and when they do again. The
 * screenshots go where {@link Screenshots} says.
 */
@Timeout(600)
class BucketSituationIT {

  private static final Duration SOON = Duration.ofMinutes(2);
  private static final int MIB = 1 << 20;
  private static final String BUCKET = "reports-eu";
  private static final String DESTINATION = "gs://reports-eu/in";
  private static final String OVERVIEW = "dashboard";
  private static final String PART = "dashboard#publishing";

  @TempDir private Path home;
  @TempDir private Path objects;
  @TempDir private Path profile;

  private FakeGcs gcs;

  @BeforeEach
  void begin() throws Exception {
    Programs.require("chromium");
    Programs.require("chromedriver");
    gcs = FakeGcs.in(objects);
    gcs.bucket(BUCKET);
  }

  @AfterEach
  void end() throws Exception {
    gcs.close();
  }

  private Site site() {
    return Site.in(home)
        .brief()
        .with("SPILLWAY_DASHBOARD_SAMPLE", "500ms")
        .with("SPILLWAY_DASHBOARD_NODE", "upload-7")
        .with("SPILLWAY_DASHBOARD_ENVIRONMENT", "staging")
        .with("SPILLWAY_STORAGE_DESTINATION", DESTINATION)
        .with("SPILLWAY_PUBLISH_PATIENCE", "3s")
        .with("SPILLWAY_PUBLISH_BUFFER", "1MiB")
        .with("SPILLWAY_GCS_ENDPOINT", gcs.url())
        .with("SPILLWAY_GCS_CONNECT_TIMEOUT", "1s");
  }

  @Test
  void theBucketIsAwayForAWhileAndUploadsGoOn() throws Exception {
    try (ServerProcess server = Realms.executableWar().start(site())) {
      UploadClient client = new UploadClient(server.base());
      finish(client, "report-monday.pdf", MIB);
      await(server, "it is published", overview -> text(overview, "done").startsWith("1 file"));

      String large;
      try (Screenshots screenshots = Screenshots.in(profile)) {
        large = goAway(server, client, screenshots);
        comeBack(server, large, screenshots);
      }

      gcs.faults().clear();
      await(server, "all are there", overview -> text(overview, "backlog").equals("nothing"));
      awaitVerdict(server, "IDLE");
      assertThat(page(server, "dashboard/uploads/" + large))
          .contains(DESTINATION + "/" + large)
          .contains("completed");
      server.stop();
    }
  }

  /**
   * What is finished meanwhile waits.
   *
   * @return the id of a large one
   */
  private String goAway(ServerProcess server, UploadClient client, Screenshots screenshots)
      throws Exception {
    gcs.down();
    finish(client, "report-tuesday.pdf", 2 * MIB);
    requireTroubled(awaitVerdict(server, "DEGRADED", "No file has got to the bucket since"));
    picture(screenshots, server, OVERVIEW, "bucket-away", LIGHT, PHONE);

    String large = finish(client, "film.mov", 48 * MIB);
    for (int i = 1; i <= 10; i++) {
      finish(client, "report-" + i + ".pdf", 2 * MIB);
    }
    awaitVerdict(
        server, "DEGRADED", "12 files wait", "Uploads go on: 12 finished files (70.0 MiB)");
    assertThat(client.get("health/ready").status()).isEqualTo(200);
    // Now and then it is the one that is tried.
    Eventually.becomes(
        "the film waits",
        SOON,
        () -> page(server, "dashboard/uploads/" + large).contains("It waits until " + DESTINATION));
    picture(screenshots, server, PART, "bucket-backlog", LIGHT, DARK);
    return large;
  }

  private void comeBack(ServerProcess server, String large, Screenshots screenshots)
      throws Exception {
    gcs.faults().on(RequestKind.CHUNK).always().meet(Fault.slow(2L * MIB));
    gcs.up();
    await(
        server,
        "the film is on its way",
        overview -> files(overview).anyMatch(row -> isHalf(row, large)));
    picture(screenshots, server, "dashboard/uploads/" + large, "upload-publishing", LIGHT, DARK);
    picture(screenshots, server, PART, "bucket-back", LIGHT, DARK);
  }

  @Test
  void theBucketRefusesTheServerAndSomebodyHasToAct() throws Exception {
    gcs.requireToken();
    gcs.bucket(BUCKET).withhold("storage.objects.create");
    Path key = Files.writeString(home.resolve("key.json"), gcs.keyFile());
    Site site = site().with("SPILLWAY_GCS_KEY_FILE", key.toString());
    try (ServerProcess server = Realms.executableWar().start(site)) {
      UploadClient client = new UploadClient(server.base());
      for (int i = 1; i <= 8; i++) {
        finish(client, "report-" + i + ".pdf", MIB);
      }
      requireTroubled(
          awaitVerdict(
              server,
              "FAILING",
              "The bucket refuses files",
              "storage.objects.create",
              "Somebody has to act"));
      assertThat(client.get("health/ready").status()).isEqualTo(200);
      try (Screenshots screenshots = Screenshots.in(profile)) {
        picture(screenshots, server, OVERVIEW, "bucket-refuses", LIGHT, DARK);
      }
      assertThat(page(server, "dashboard/runtime"))
          .contains(key.toString())
          .doesNotContain("PRIVATE KEY");
      server.stop();
    }
  }

  /**
   * As a client does that does not wait for its file to be published; by the time of the answer it
   * may be, or may have been refused.
   */
  private static String finish(UploadClient client, String name, int size) throws Exception {
    String id = client.open(name, size, MIB);
    for (int index = 0; index * MIB < size; index++) {
      client.putChunk(id, index, new byte[MIB]).requireStatus(200);
    }
    Answer answer = client.finish(id);
    assertThat(answer.status()).as("the finish: %s", answer.text()).isIn(200, 202, 502);
    return id;
  }

  private static boolean isHalf(JsonNode row, String id) {
    double share = row.at("/shares/row").asDouble();
    return row.path("key").asText().equals(id) && share > 0.1 && share < 0.7;
  }

  private static Stream<JsonNode> files(JsonNode overview) {
    return Stream.of(overview.at("/rows/publishing")).flatMap(rows -> rows.valueStream());
  }

  private static String text(JsonNode overview, String name) {
    return plain(overview.at("/texts").path("publish." + name).asText());
  }

  private static JsonNode awaitVerdict(ServerProcess server, String state, String... words)
      throws Exception {
    JsonNode seen =
        await(
            server,
            state + ": " + List.of(words),
            overview ->
                overview.at("/verdict/state").asText().equals(state)
                    && Stream.of(words)
                        .allMatch(word -> spoken(overview).contains(word.substring(1))));
    System.out.printf(
        "BucketSituationIT publishing: %s, %s%n", text(seen, "state"), text(seen, "about"));
    return seen;
  }

  private static JsonNode await(ServerProcess server, String what, Predicate<JsonNode> condition)
      throws Exception {
    OperatorClient operator = Realms.client(server.base(), "operator");
    JsonNode[] seen = new JsonNode[1];
    String[] told = {""};
    Eventually.becomes(
        what,
        SOON,
        () -> {
          seen[0] = operator.get("dashboard/data/overview.json").requireStatus(200).json();
          if (!spoken(seen[0]).equals(told[0])) {
            told[0] = spoken(seen[0]);
            System.out.printf("BucketSituationIT, until %s: %s%n", what, told[0]);
          }
          return condition.test(seen[0]);
        });
    return seen[0];
  }

  private static String page(ServerProcess server, String path) throws Exception {
    return plain(Realms.client(server.base(), "operator").get(path).requireStatus(200).text());
  }

  private static void requireTroubled(JsonNode overview) {
    assertThat(overview.at("/rows/checks"))
        .filteredOn(row -> row.path("key").asText().equals("destination"))
        .singleElement()
        .satisfies(row -> assertThat(row.at("/levels/row").asText()).isIn("warning", "critical"));
  }

  private static String spoken(JsonNode overview) {
    return plain(overview.at("/verdict/spoken").asText());
  }

  private static String plain(String text) {
    return text.replace('\u00a0', ' ');
  }

  /** How a picture is taken. */
  private record Look(String ending, String theme, Screenshots.Window window) {}

  private static final Look LIGHT = new Look("", "light", Screenshots.Window.DESK);
  private static final Look DARK = new Look("-dark", "dark", Screenshots.Window.DESK);
  private static final Look PHONE = new Look("-phone", "light", Screenshots.Window.PHONE);

  /** Of what is seen without scrolling. */
  private static void picture(
      Screenshots screenshots, ServerProcess server, String page, String name, Look... looks)
      throws Exception {
    for (Look look : looks) {
      screenshots.take(
          server.base().resolve(page), look.theme(), look.window(), name + look.ending());
    }
  }
}
