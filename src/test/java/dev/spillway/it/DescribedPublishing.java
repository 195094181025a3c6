package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.storage.gcs.FakeGcs;
import dev.spillway.storage.gcs.Fault;
import dev.spillway.storage.gcs.RequestKind;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;

/** What clients are told where finished files go on to a bucket. */
final class DescribedPublishing {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration A_WHILE = Duration.ofSeconds(2);
  private static final String CREATE = "storage.objects.create";
  private static final String GET = "storage.objects.get";

  private final FakeGcs fake;
  private final SentFiles files;
  private final UploadClient client;

  /**
   * @param server one of {@link #publishing}
   */
  DescribedPublishing(FakeGcs fake, ServerProcess server) {
    this.fake = fake;
    this.files = new SentFiles(fake);
    this.client = new UploadClient(server.base());
  }

  /** A server whose files go to the fake. */
  static Site publishing(FakeGcs fake, Path home) {
    return new SentFiles(fake).site(Site.in(home).brief());
  }

  void addTo(DescribedCalls calls) {
    calls
        .add("finishUpload", 202, this::slowly)
        .add("getUpload", 200, () -> client.status(idOf(slowly())))
        .add("finishUpload", 202, () -> finishedFor("wait=0"))
        .add("finishUpload", 200, this::waitedFor)
        .add("downloadFile", 200, () -> client.download(published()))
        .add("downloadFile", 206, () -> client.download(published(), "Range", "bytes=10-19"))
        .add("health", 200, () -> client.get("health"))
        .add("finishUpload", 502, "publishing-failed", this::refused)
        .add("downloadFile", 502, "destination-unavailable", this::withheld)
        .add("downloadFile", 503, "destination-unavailable", this::outOfReach);
  }

  private Answer slowly() throws Exception {
    fake.faults().on(RequestKind.CHUNK).meet(Fault.late(A_WHILE));
    return client.finish(Small.received(client));
  }

  private Answer finishedFor(String preference) throws Exception {
    fake.faults().on(RequestKind.CHUNK).meet(Fault.late(A_WHILE));
    return finish(Small.received(client), preference);
  }

  private Answer finish(String id, String preference) throws Exception {
    return client.send(
        client
            .to("uploads/" + id + "/finish")
            .header("Prefer", preference)
            .POST(BodyPublishers.noBody()));
  }

  private Answer waitedFor() throws Exception {
    Answer answer = finishedFor("wait=40");
    assertThat(answer.header("Preference-Applied")).isEqualTo("wait=40");
    assertThat(answer.json().path("location").asText()).isEqualTo(SentFiles.location(idOf(answer)));
    return answer;
  }

  private static String idOf(Answer upload) {
    return upload.json().path("id").asText();
  }

  private String published() throws Exception {
    return idOf(finish(Small.received(client), "wait=40").requireStatus(200));
  }

  private Answer refused() throws Exception {
    files.bucket().withhold(CREATE);
    try {
      return finish(Small.received(client), "wait=40");
    } finally {
      files.bucket().grant(CREATE);
    }
  }

  private Answer withheld() throws Exception {
    String id = published();
    files.bucket().withhold(GET);
    try {
      return client.download(id);
    } finally {
      files.bucket().grant(GET);
    }
  }

  /** The last step: nothing is published any more. */
  private Answer outOfReach() throws Exception {
    String id = published();
    fake.down();
    Eventually.becomes("the bucket is gone", SOON, () -> client.download(id).status() == 503);
    return client.download(id);
  }
}
