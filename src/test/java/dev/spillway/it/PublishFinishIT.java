package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.storage.gcs.FakeGcs;
import dev.spillway.storage.gcs.Fault;
import dev.spillway.storage.gcs.RequestKind;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What clients are told of a file that goes on to a bucket. */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(500)
class PublishFinishIT {

  private static final Duration SOON = Duration.ofMinutes(2);

  /** Longer than anything here waits. */
  private static final Duration NEVER = Duration.ofMinutes(10);

  private static final SeededFile FILE = new SeededFile(9100, 100_000);

  private FakeGcs fake;
  private SentFiles files;
  private ServerProcess server;
  private UploadClient client;

  @BeforeAll
  void start(@TempDir Path home) throws Exception {
    fake = FakeGcs.in(home.resolve("bucket"));
    files = new SentFiles(fake);
    server = new ExecutableWar().start(files.site(Site.in(home).brief()));
    client = new UploadClient(server.base());
    // What the first one loads takes its time.
    files.send(client, FILE);
    files.awaitPublished(server, SOON);
  }

  @AfterAll
  void stop() throws Exception {
    try (FakeGcs bucket = fake;
        ServerProcess running = server) {
      assertThat(bucket.openSessions()).isZero();
      running.stop();
    }
  }

  @AfterEach
  void allIsPublished() throws Exception {
    fake.faults().clear();
    files.awaitPublished(server, SOON);
    files.requireEachOnce();
  }

  /** The bucket takes the bytes of one file, but does not say so until it is let go. */
  private void hold() {
    fake.faults().on(RequestKind.CHUNK).meet(Fault.late(NEVER));
  }

  /** The answer is lost then. Before the bucket has the bytes there is nothing to let go. */
  private void letGo() throws Exception {
    files.await(server, "the bucket has the bytes", () -> fake.faults().left() == 0);
    fake.down();
    fake.up();
  }

  @Test
  void whoFinishesIsToldWhereToAsk() throws Exception {
    hold();
    String id = SentFiles.received(client, FILE, 1);
    Answer finished = files.finish(client, id, FILE).requireStatus(202);
    assertThat(finished.header("Location")).isEqualTo("/uploads/" + id);
    assertThat(finished.header("Preference-Applied")).isEmpty();
    JsonNode upload = finished.json();
    assertThat(upload.path("state").asText()).isEqualTo("PUBLISHING");
    assertThat(upload.path("checksum").path("crc32c").asText()).isEqualTo(FILE.crc32c());
    assertThat(upload.has("location")).isFalse();
    client.finish(id).requireStatus(202);
    letGo();
  }

  @Test
  void whoPrefersToWaitIsToldWhereTheFileIs() throws Exception {
    fake.faults().on(RequestKind.CHUNK).meet(Fault.late(Duration.ofSeconds(1)));
    String id = SentFiles.received(client, FILE, 1);
    Answer finished =
        client.send(
            client
                .to("uploads/" + id + "/finish")
                .header("Prefer", "wait=40")
                .POST(BodyPublishers.noBody()));
    files.finish(client, id, FILE);
    finished.requireStatus(200);
    assertThat(finished.header("Preference-Applied")).isEqualTo("wait=40");
    JsonNode upload = finished.json();
    assertThat(upload.path("state").asText()).isEqualTo("COMPLETED");
    assertThat(upload.path("location").asText()).isEqualTo(SentFiles.location(id));
    assertThat(upload.path("file").asText()).isEqualTo("/files/" + id);
  }

  @Test
  void whatIsOnItsWayOrThereIsNotCancelled() throws Exception {
    hold();
    String id = SentFiles.received(client, FILE, 1);
    files.finish(client, id, FILE).requireStatus(202);
    client.cancel(id).requireProblem(409, "wrong-state");
    letGo();
    files.awaitPublished(server, SOON);
    client.cancel(id).requireProblem(409, "wrong-state");
    byte[] stored = client.download(id).requireStatus(200).body();
    assertThat(Checksums.sha256().digest(stored)).isEqualTo(FILE.sha256());
  }

  /** One of them is killed, so that the other one has its files to publish as well. */
  @Test
  void twoServersOnOneCatalogueAndDirectoryPublishEachFileOnce(@TempDir Path home)
      throws Exception {
    try (EmbeddedPostgres postgres = Postgres.started();
        FakeGcs shared = FakeGcs.keepingSumsOnly()) {
      SentFiles all = new SentFiles(shared);
      Site site =
          all.site(Site.in(home).brief())
              .with("SPILLWAY_CATALOG_URL", postgres.getJdbcUrl("postgres", "postgres"));
      try (ServerProcess one = new ExecutableWar().start(site);
          ServerProcess other = new ExecutableWar().start(site)) {
        List<UploadClient> clients =
            List.of(new UploadClient(one.base()), new UploadClient(other.base()));
        shared.faults().on(RequestKind.CHUNK).times(60).meet(Fault.late(Duration.ofMillis(50)));
        for (int i = 0; i < 60; i++) {
          all.send(clients.get(i % 2), new SeededFile(9200 + i, 1000L * i));
        }
        one.kill();
        all.awaitPublished(other, SOON);
        all.requireEachOnce();
        System.out.printf(
            Locale.ROOT,
            "PublishFinishIT: two servers, %d files, %d sessions%n",
            all.count(),
            shared.counts().of(RequestKind.SESSION));
        other.stop();
      }
    }
  }

  @Test
  void withoutADestinationNoClassOfGooglesIsLoaded(@TempDir Path home) throws Exception {
    Path with = Files.createDirectory(home.resolve("with"));
    Path without = Files.createDirectory(home.resolve("without"));
    try (FakeGcs bucket = FakeGcs.keepingSumsOnly()) {
      SentFiles sent = new SentFiles(bucket);
      try (ServerProcess publishing = new ExecutableWar().start(logged(sent.site(Site.in(with))))) {
        sent.send(new UploadClient(publishing.base()), FILE);
        sent.awaitPublished(publishing, SOON);
        publishing.stop();
      }
    }
    try (ServerProcess keeping = new ExecutableWar().start(logged(Site.in(without)))) {
      Small.finished(new UploadClient(keeping.base()));
      keeping.stop();
    }
    assertThat(googleClasses(with)).as("where files go on").isNotEmpty();
    assertThat(googleClasses(without)).as("where files stay").isEmpty();
  }

  private static Site logged(Site site) {
    return new Site(
        site.home(),
        List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-Xlog:class+load:file=" + log(site.home())),
        site.environment(),
        site.only());
  }

  private static Path log(Path home) {
    return home.resolve("classes.log");
  }

  private static List<String> googleClasses(Path home) throws Exception {
    List<String> lines = Files.readAllLines(log(home));
    assertThat(lines).as("classes loaded").hasSizeGreaterThan(1000);
    return lines.stream()
        .filter(
            line ->
                line.contains(" com.google.cloud.")
                    || line.contains(" com.google.api.")
                    || line.contains(" com.google.auth."))
        .toList();
  }
}
