package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.storage.gcs.FakeGcs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Finished files that wait for their bucket, after a start with other surroundings than before. */
@Timeout(500)
class PublishAfterStartIT {

  private static final Duration SOON = Duration.ofMinutes(2);
  private static final int FILES = 5;

  @TempDir private Path home;
  @TempDir private Path objects;

  private FakeGcs fake;
  private SentFiles files;

  @BeforeEach
  void begin() throws Exception {
    fake = FakeGcs.in(objects);
    files = new SentFiles(fake);
  }

  @AfterEach
  void end() throws Exception {
    fake.close();
  }

  private Site site() {
    return Site.in(home).brief().with("SPILLWAY_DASHBOARD_SAMPLE", "250ms");
  }

  private static ServerProcess start(Site site) throws Exception {
    return Realms.executableWar().start(site);
  }

  /** So many are finished while the bucket is away, and the server stops. */
  private List<String> leaveABacklog() throws Exception {
    fake.down();
    List<String> ids = new ArrayList<>();
    try (ServerProcess server = start(files.site(site()))) {
      UploadClient client = new UploadClient(server.base());
      for (int i = 0; i < FILES; i++) {
        ids.add(files.send(client, new SeededFile(9700 + i, 100_000)));
      }
      server.stop();
    }
    fake.up();
    return ids;
  }

  private static String state(UploadClient client, String id) throws Exception {
    return client.status(id).requireStatus(200).json().path("state").asText();
  }

  @Test
  void withoutItsVolumeNothingIsLostAndWithItEverythingGetsThere() throws Exception {
    List<String> ids = leaveABacklog();
    Path volume = site().data().resolve("files");
    Path unmounted = home.resolve("unmounted");
    Files.move(volume, unmounted);
    try (ServerProcess server = start(files.site(site()))) {
      UploadClient client = new UploadClient(server.base());
      OperatorClient operator = Realms.client(server.base(), "operator");
      for (String id : ids) {
        Eventually.becomes(
            "it says what is missing",
            SOON,
            () ->
                operator
                    .get("dashboard/uploads/" + id)
                    .requireStatus(200)
                    .text()
                    .contains("file is missing, here and at gs://"));
        assertThat(state(client, id)).isEqualTo("PUBLISHING");
      }
      assertThat(server.log()).doesNotContain("could not be published", "cannot be reached");

      Files.delete(volume);
      Files.move(unmounted, volume);
      files.awaitPublished(server, SOON);
      server.stop();
    }
    files.requireEachOnce();
  }

  @Test
  void withoutTheSettingAnOperatorKeepsThemHere() throws Exception {
    List<String> ids = leaveABacklog();
    String id = ids.get(0);
    try (ServerProcess server = start(site())) {
      UploadClient client = new UploadClient(server.base());
      OperatorClient operator = Realms.client(server.base(), "operator");
      String page = operator.get("dashboard/uploads/" + id).requireStatus(200).text();
      assertThat(page).contains("actions/retry?id=" + id);
      ActionTrial.of(server.base(), "retry", Map.of("id", id), () -> state(client, id))
          .run("PUBLISHING", "COMPLETED");
      assertThat(client.download(id).requireStatus(200).response().body()).hasSize(100_000);
      assertThat(state(client, ids.get(1))).isEqualTo("PUBLISHING");
      server.stop();
    }
  }
}
