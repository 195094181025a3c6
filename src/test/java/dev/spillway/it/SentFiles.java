package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.storage.gcs.FakeBucket;
import dev.spillway.storage.gcs.FakeGcs;
import dev.spillway.storage.gcs.FakeObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/**
 * Files that were sent to a server which publishes them, and what must have become of them in the
 * end. Any thread may send.
 */
final class SentFiles {

  private static final String BUCKET = "reports";
  private static final String PREFIX = "in/";
  private static final int CHUNK = 8 << 20;
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final int LONGEST_MINUTES = 5;

  private final FakeGcs fake;
  private final FakeBucket bucket;
  private final Map<String, SeededFile> files = new ConcurrentHashMap<>();

  /** Makes the bucket, too. */
  SentFiles(FakeGcs fake) {
    this.fake = fake;
    this.bucket = fake.bucket(BUCKET);
  }

  /** A server whose finished files go to the bucket. */
  Site site(Site site) {
    return site.with("SPILLWAY_STORAGE_DESTINATION", "gs://" + BUCKET + "/in")
        .with("SPILLWAY_GCS_ENDPOINT", fake.url());
  }

  FakeBucket bucket() {
    return bucket;
  }

  /** What the object is called that an upload becomes. */
  static String object(String id) {
    return PREFIX + id;
  }

  static String location(String id) {
    return "gs://" + BUCKET + "/" + object(id);
  }

  /** Opens an upload and sends all of the file. */
  static String received(UploadClient client, SeededFile file, int inParallel) throws Exception {
    String id = client.open("file " + file.seed() + ".bin", file.size(), CHUNK);
    List<Callable<Answer>> chunks = new ArrayList<>();
    for (int i = 0; (long) i * CHUNK < file.size(); i++) {
      int index = i;
      chunks.add(() -> client.putChunk(id, index, chunk(file, index)).requireStatus(200));
    }
    if (inParallel == 1) {
      for (Callable<Answer> chunk : chunks) {
        chunk.call();
      }
    } else {
      sendAtOnce(chunks, inParallel);
    }
    return id;
  }

  private static void sendAtOnce(List<Callable<Answer>> chunks, int inParallel) throws Exception {
    ExecutorService connections = Executors.newFixedThreadPool(inParallel);
    try {
      for (Future<Answer> chunk :
          connections.invokeAll(chunks, LONGEST_MINUTES, TimeUnit.MINUTES)) {
        chunk.get();
      }
    } finally {
      connections.shutdownNow();
    }
  }

  private static BodyPublisher chunk(SeededFile file, int index) {
    long from = (long) index * CHUNK;
    long to = Math.min(file.size(), from + CHUNK);
    return BodyPublishers.fromPublisher(
        BodyPublishers.ofByteArrays(file.pieces(from, to)), to - from);
  }

  /**
   * Has a file finished that the server has received.
   *
   * @return 202, or 200 when it has been published already
   */
  Answer finish(UploadClient client, String id, SeededFile file)
      throws IOException, InterruptedException {
    Answer answer = client.finish(id);
    assertThat(answer.status()).as("the finish: %s", answer.text()).isIn(200, 202);
    files.put(id, file);
    return answer;
  }

  /** Sends a file and has it finished. */
  String send(UploadClient client, SeededFile file) throws Exception {
    String id = received(client, file, 1);
    finish(client, id, file);
    return id;
  }

  int count() {
    return files.size();
  }

  /** Each becomes completed, says where it is, and leaves nothing on the server's disk. */
  void awaitPublished(ServerProcess server, Duration within) throws Exception {
    explained(
        server,
        () -> {
          awaitAll(server, within);
          return true;
        });
  }

  /** Waits for something that the server does to the bucket. */
  void await(ServerProcess server, String what, Callable<Boolean> condition) throws Exception {
    explained(
        server,
        () -> {
          Eventually.becomes(what, SOON, condition);
          return true;
        });
  }

  private void explained(ServerProcess server, Callable<Boolean> wait) throws Exception {
    try {
      wait.call();
    } catch (AssertionError e) {
      throw new AssertionError(
          "the bucket was asked %s; the server says:%n%s"
              .formatted(fake.counts().log(), server.log()),
          e);
    }
  }

  private void awaitAll(ServerProcess server, Duration within) throws Exception {
    UploadClient client = new UploadClient(server.base());
    long deadline = System.nanoTime() + within.toNanos();
    for (String id : files.keySet()) {
      Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      Eventually.becomes(
          id + " is completed",
          left,
          () -> {
            JsonNode upload = client.status(id).requireStatus(200).json();
            assertThat(upload.path("state").asText())
                .as("%s", upload)
                .isIn("PUBLISHING", "COMPLETED");
            return upload.path("location").asText().equals(location(id));
          });
    }
    Eventually.becomes(
        "no file is left on the server",
        SOON,
        () -> Trees.files(server.data().resolve("files")).isEmpty());
    assertThat(Trees.files(server.data().resolve("uploads"))).isEmpty();
  }

  /** Each is there, has been made once, and is what was sent. */
  void requireEachOnce() {
    assertThat(bucket.names())
        .containsExactlyInAnyOrderElementsOf(
            files.keySet().stream().map(SentFiles::object).toList());
    assertThat(bucket.objectsCreated()).as("objects made in all").isEqualTo(files.size());
    files.forEach(
        (id, file) -> {
          FakeObject object = bucket.object(object(id)).orElseThrow();
          assertThat(object.size()).as("size of %s", id).isEqualTo(file.size());
          assertThat(object.crc32c()).as("CRC32C of %s", id).isEqualTo(file.crc32c());
        });
  }

  /** The server gives every one of them back, byte by byte. */
  void requireDownloads(UploadClient client) throws IOException, InterruptedException {
    for (Map.Entry<String, SeededFile> sent : files.entrySet()) {
      CRC32C crc = new CRC32C();
      HttpResponse<InputStream> download =
          client.send(
              client.to("files/" + sent.getKey()).GET(), HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = download.body()) {
        assertThat(download.statusCode()).isEqualTo(200);
        byte[] piece = new byte[64 * 1024];
        for (int n = body.read(piece); n >= 0; n = body.read(piece)) {
          crc.update(piece, 0, n);
        }
      }
      assertThat(Checksums.base64(crc)).isEqualTo(sent.getValue().crc32c());
    }
  }
}
