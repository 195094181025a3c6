package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A file goes in by pieces and comes out whole. */
interface UploadScenario extends Scenario {

  int CHUNK = 1024 * 1024;
  SeededFile FILE = new SeededFile(11, 5 * CHUNK + 17);
  List<Integer> ANY_ORDER = List.of(5, 2, 0, 4, 1, 3);

  @Test
  default void chunksInAnyOrderByBothWaysMakeTheFile() throws Exception {
    String id = client().open("film.bin", FILE.size(), CHUNK);
    long received = 0;
    for (int i = 0; i < ANY_ORDER.size(); i++) {
      int index = ANY_ORDER.get(i);
      byte[] chunk = FILE.chunk(index, CHUNK);
      Answer answer = i % 2 == 0 ? form(id, index, chunk) : raw(id, index, chunk);
      JsonNode receipt = answer.requireStatus(200).json();
      received += chunk.length;
      long from = (long) index * CHUNK;
      assertThat(receipt.path("range").toString())
          .isEqualTo("[" + from + "," + (from + chunk.length) + "]");
      assertThat(receipt.path("receivedBytes").asLong()).isEqualTo(received);
      assertThat(receipt.path("missingBytes").asLong()).isEqualTo(FILE.size() - received);
      assertThat(receipt.path("duplicate").asBoolean(true)).isFalse();
      assertThat(receipt.path("queue").path("depth").isInt()).isTrue();
    }
    JsonNode finished = client().finish(id).requireStatus(200).json();
    assertThat(finished.path("state").asText()).isEqualTo("COMPLETED");
    assertThat(finished.path("checksum").path("crc32c").asText()).isEqualTo(FILE.crc32c());
    assertThat(finished.path("file").asText()).isEqualTo(kind().contextPath() + "/files/" + id);
    assertThat(Checksums.sha256().digest(client().download(id).requireStatus(200).body()))
        .isEqualTo(FILE.sha256());
  }

  private Answer raw(String id, int index, byte[] chunk) throws Exception {
    return client()
        .putChunk(id, index, chunk, "Content-Digest", "sha-256=:" + Checksums.sha256(chunk) + ":");
  }

  /** Fields first, as a rule; the file part first for one chunk, which then has to be spooled. */
  private Answer form(String id, int index, byte[] chunk) throws Exception {
    String checksum = "crc32c=" + Checksums.crc32c(chunk);
    Form form =
        index == ANY_ORDER.get(0)
            ? new Form().file("blob", chunk).field("index", index).field("checksum", checksum)
            : new Form()
                .field("offset", (long) index * CHUNK)
                .field("checksum", checksum)
                .file("blob", chunk);
    return client().postChunk(id, form);
  }

  @Test
  default void creatingTellsWhereTheUploadIs() throws Exception {
    Answer created =
        client()
            .create(
                Map.of("name", "a.bin", "size", 3 * CHUNK + 1, "chunkSize", CHUNK, "type", "x/y"))
            .requireStatus(201);
    JsonNode upload = created.json();
    String id = upload.path("id").asText();
    assertThat(created.header("Location")).endsWith(kind().contextPath() + "/uploads/" + id);
    assertThat(upload.path("state").asText()).isEqualTo("RECEIVING");
    assertThat(upload.path("chunkSize").asInt()).isEqualTo(CHUNK);
    assertThat(upload.path("totalChunks").asInt()).isEqualTo(4);
    assertThat(upload.path("missing").toString()).isEqualTo("[[0," + (3 * CHUNK + 1) + "]]");
    assertThat(client().status(id).requireStatus(200).json().path("id").asText()).isEqualTo(id);
  }

  @Test
  default void aRepeatedCreateWithItsKeyGivesTheSameUpload() throws Exception {
    byte[] request = UploadClient.JSON.writeValueAsBytes(Map.of("name", "once", "size", 10));
    Set<String> ids = new HashSet<>();
    String key = "key-" + System.nanoTime();
    for (int i = 0; i < 3; i++) {
      var create =
          client()
              .to("uploads")
              .headers("Content-Type", "application/json", "Idempotency-Key", key)
              .POST(BodyPublishers.ofByteArray(request));
      ids.add(client().send(create).requireStatus(201).json().path("id").asText());
    }
    assertThat(ids).hasSize(1);
  }

  @Test
  default void aRepeatedChunkChangesNothing() throws Exception {
    String id = client().open("twice.bin", 2L * Small.CHUNK, Small.CHUNK);
    byte[] chunk = Small.FILE.chunk(0, Small.CHUNK);
    client().putChunk(id, 0, chunk).requireStatus(200);
    JsonNode again = client().putChunk(id, 0, chunk).requireStatus(200).json();
    assertThat(again.path("duplicate").asBoolean()).isTrue();
    assertThat(again.path("receivedBytes").asLong()).isEqualTo(Small.CHUNK);
  }

  @Test
  default void finishingAgainGivesTheSameAnswer() throws Exception {
    String id = Small.received(client());
    JsonNode first = withoutQueue(client().finish(id).requireStatus(200));
    JsonNode second =
        withoutQueue(
            client().finish(id, Map.of("checksum", Map.of("crc32c", Small.FILE.crc32c()))));
    assertThat(second).isEqualTo(first);
  }

  @Test
  default void finishingInParallelGivesOneAnswer() throws Exception {
    String id = Small.received(client());
    ExecutorService threads = Executors.newFixedThreadPool(20);
    Set<JsonNode> answers = new HashSet<>();
    try {
      List<Callable<Answer>> calls = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        calls.add(() -> client().finish(id));
      }
      for (Future<Answer> call : threads.invokeAll(calls, 180, TimeUnit.SECONDS)) {
        answers.add(withoutQueue(call.get().requireStatus(200)));
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(answers).hasSize(1);
  }

  /** How busy the disk is differs from call to call. */
  private static JsonNode withoutQueue(Answer answer) {
    ObjectNode upload = (ObjectNode) answer.requireStatus(200).json();
    upload.remove("queue");
    return upload;
  }

  @Test
  default void oneRangeOfAFileIsServed() throws Exception {
    String id = Small.finished(client());
    byte[] whole = Small.FILE.bytes(0, Small.FILE.size());
    Answer part = client().download(id, "Range", "bytes=100-299").requireStatus(206);
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(whole, 100, 300));
    assertThat(part.header("Content-Range")).isEqualTo("bytes 100-299/" + whole.length);
    Answer tail = client().download(id, "Range", "bytes=-5").requireStatus(206);
    assertThat(tail.body()).isEqualTo(Arrays.copyOfRange(whole, whole.length - 5, whole.length));
    Answer outside = client().download(id, "Range", "bytes=" + whole.length + "-");
    outside.requireProblem(416, "range-not-satisfiable");
    assertThat(outside.header("Content-Range")).isEqualTo("bytes */" + whole.length);
  }

  @Test
  default void manyRangesCostTheFileOnceAtMost() throws Exception {
    String id = Small.finished(client());
    Answer answer = client().download(id, "Range", "bytes=0-" + ",0-".repeat(1000));
    assertThat(answer.status()).isIn(200, 206, 416);
    assertThat(answer.body()).hasSizeLessThanOrEqualTo((int) Small.FILE.size());
  }

  @Test
  default void aFileIsServedSoThatNoBrowserRunsIt() throws Exception {
    Answer answer = client().download(Small.finished(client())).requireStatus(200);
    assertThat(answer.type()).isEqualTo("application/octet-stream");
    assertThat(answer.header("Content-Disposition")).startsWith("attachment;");
    assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(answer.header("Content-Security-Policy"))
        .contains("sandbox")
        .contains("default-src 'none'");
    assertThat(answer.header("Cache-Control")).contains("private").contains("no-store");
    assertThat(answer.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
  }

  @Test
  default void anEmptyFileIsAFileToo() throws Exception {
    String id = client().open("empty", 0, 0);
    client().finish(id).requireStatus(200);
    assertThat(client().download(id).requireStatus(200).body()).isEmpty();
  }
}
