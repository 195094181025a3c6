package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import dev.spillway.storage.gcs.FakeGcs;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server whose bucket is a fake that wants a token, and what that server says of publishing to
 * everybody who asks. All that it says is kept, as no secret may be in it. Belongs to one test
 * class, which closes it.
 */
final class PublishTrial implements AutoCloseable {

  static final Duration SOON = Duration.ofMinutes(2);

  private static final String OVERVIEW = "dashboard/data/overview.json";

  /** Whatever begins like this is a token, a session's address, or a part of the private key. */
  private static final List<String> SECRETS =
      List.of(
          "ya29.",
          "upload_id",
          "uploadType=",
          "session-",
          "PRIVATE KEY",
          "private_key",
          "assertion=",
          "0123456789abcdef");

  private final FakeGcs fake;
  private final SentFiles files;
  private final ServerProcess server;
  private final UploadClient client;
  private final OperatorClient operator;
  private final Queue<String> said = new ConcurrentLinkedQueue<>();

  private PublishTrial(FakeGcs fake, SentFiles files, ServerProcess server) {
    this.fake = fake;
    this.files = files;
    this.server = server;
    this.client = new UploadClient(server.base());
    this.operator = Realms.client(server.base(), "operator");
  }

  /** With files that need several requests of it each, and little patience for them. */
  static PublishTrial start(Path home) throws Exception {
    FakeGcs fake = FakeGcs.in(home.resolve("bucket"));
    try {
      fake.requireToken();
      Path key = Files.writeString(home.resolve("key.json"), fake.keyFile());
      SentFiles files = new SentFiles(fake);
      Site site =
          files
              .site(Site.in(home).brief())
              .with("SPILLWAY_GCS_KEY_FILE", key.toString())
              .with("SPILLWAY_GCS_READ_TIMEOUT", "1s")
              .with("SPILLWAY_PUBLISH_BUFFER", "256KiB")
              .with("SPILLWAY_PUBLISH_PATIENCE", "1s")
              .with("SPILLWAY_DASHBOARD_SAMPLE", "250ms");
      return new PublishTrial(fake, files, Realms.executableWar().start(site));
    } catch (Exception | AssertionError e) {
      fake.close();
      throw e;
    }
  }

  FakeGcs fake() {
    return fake;
  }

  SentFiles files() {
    return files;
  }

  ServerProcess server() {
    return server;
  }

  UploadClient client() {
    return client;
  }

  /** The upload as it is now. */
  JsonNode upload(String id) throws IOException, InterruptedException {
    return kept(client.status(id).requireStatus(200)).json();
  }

  String state(String id) throws IOException, InterruptedException {
    return upload(id).path("state").asText();
  }

  void awaitState(String id, String state) throws Exception {
    Eventually.becomes(id + " is " + state, SOON, () -> state(id).equals(state));
  }

  /** Asks for it once more. */
  Answer finishAgain(String id) throws IOException, InterruptedException {
    return kept(client.finish(id));
  }

  /** Asks for it once more where nothing is in its way: it may be there before the answer is. */
  void publishAgain(String id) throws IOException, InterruptedException {
    Answer answer = finishAgain(id);
    assertThat(answer.status()).as("the finish: %s", answer.text()).isIn(200, 202);
  }

  /** Has it finished by a client that would wait for the end. */
  Answer finishWaiting(String id) throws IOException, InterruptedException {
    return kept(
        client.send(
            client
                .to("uploads/" + id + "/finish")
                .header("Prefer", "wait=30")
                .POST(BodyPublishers.noBody())));
  }

  /** A figure as monitoring has it. */
  double metric(String name) throws IOException, InterruptedException {
    String all = kept(client.get("metrics").requireStatus(200)).text();
    Matcher line = Pattern.compile("(?m)^" + Pattern.quote(name) + " (\\S+)").matcher(all);
    assertThat(line.find()).as("%s is in:%n%s", name, all).isTrue();
    return Double.parseDouble(line.group(1));
  }

  double filesWith(String outcome) throws IOException, InterruptedException {
    return metric("spillway_publish_files_total{outcome=\"" + outcome + "\"}");
  }

  JsonNode overview() throws IOException, InterruptedException {
    return kept(operator.get(OVERVIEW, "Accept", "application/json").requireStatus(200)).json();
  }

  /** The check's row on the overview. */
  JsonNode check() throws IOException, InterruptedException {
    for (JsonNode row : overview().at("/rows/checks")) {
      if (row.path("key").asText().equals("destination")) {
        return row;
      }
    }
    throw new AssertionError("no check of the destination: " + overview());
  }

  /** Waits for the check to be at a level, and for the first line of the page to say why. */
  void awaitVerdict(String level, String sentence) throws Exception {
    try {
      Eventually.becomes(
          "the destination is " + level + ": " + sentence,
          SOON,
          () ->
              check().at("/levels/row").asText().equals(level)
                  && overview().path("verdict").toString().contains(sentence));
    } catch (AssertionError e) {
      throw new AssertionError(check() + "\n" + overview().path("verdict"), e);
    }
  }

  /** What the part about publishing says first. */
  String word() throws IOException, InterruptedException {
    return overview().at("/texts/publish.state").asText();
  }

  /** Looks at every page that has to do with an upload. */
  void read(String id) throws IOException, InterruptedException {
    for (String page :
        List.of(
            "dashboard", "dashboard/uploads", "dashboard/uploads/" + id, "dashboard/failures")) {
      kept(operator.get(page).requireStatus(200));
    }
    kept(client.get("health"));
  }

  private Answer kept(Answer answer) {
    said.add(answer.text());
    said.add(answer.response().headers().map().toString());
    return answer;
  }

  /** Nothing that anybody was told, or that is in the log, lets others write to the bucket. */
  void requireDiscreet() throws IOException {
    String log = server.log();
    for (String secret : SECRETS) {
      assertThat(log).as("the log").doesNotContain(secret);
      assertThat(said).as("answers").noneMatch(answer -> answer.contains(secret));
    }
    assertThat(log).doesNotContain("\tat ");
  }

  /** Puts something into the bucket where the upload's file should be. */
  void occupy(String id, byte[] bytes) throws Exception {
    ByteArrayInputStream key =
        new ByteArrayInputStream(fake.keyFile().getBytes(StandardCharsets.UTF_8));
    try (Storage storage =
        StorageOptions.newBuilder()
            .setHost(fake.url())
            .setProjectId("spillway-test")
            .setCredentials(ServiceAccountCredentials.fromStream(key))
            .build()
            .getService()) {
      storage.create(
          BlobInfo.newBuilder(files.bucket().name(), SentFiles.object(id)).build(), bytes);
    }
  }

  @Override
  public void close() throws Exception {
    try (FakeGcs bucket = fake;
        ServerProcess running = server) {
      assertThat(bucket.url()).isNotEmpty();
      running.stop();
    }
  }
}
