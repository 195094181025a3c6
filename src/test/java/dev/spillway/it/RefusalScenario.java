package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What does not fit is refused, says why, and leaves no trace. */
interface RefusalScenario extends Scenario {

  byte[] FIRST = Small.FILE.chunk(0, Small.CHUNK);

  @Test
  default void aShortChunkIsRefused() throws Exception {
    String id = Small.opened(client());
    byte[] shorter = Arrays.copyOf(FIRST, Small.CHUNK - 1);
    client().putChunk(id, 0, shorter).requireProblem(400, "chunk-too-short");
    client()
        .postChunk(id, new Form().field("index", 0).file("blob", shorter))
        .requireProblem(400, "chunk-too-short");
    requireNothingReceived(id);
  }

  @Test
  default void aLongChunkIsRefused() throws Exception {
    String id = Small.opened(client());
    byte[] longer = Arrays.copyOf(FIRST, Small.CHUNK + 1);
    client().putChunk(id, 0, longer).requireProblem(413, "chunk-too-long");
    client()
        .postChunk(id, new Form().field("index", 0).file("blob", longer))
        .requireProblem(413, "chunk-too-long");
    client()
        .postChunk(id, new Form().file("blob", longer).field("index", 0))
        .requireProblem(413, "chunk-too-long");
    requireNothingReceived(id);
  }

  /** As the client does not announce the length, the server finds out by reading. */
  @Test
  default void aLongChunkOfUnknownLengthIsRefused() throws Exception {
    String id = Small.opened(client());
    byte[] longer = Arrays.copyOf(FIRST, 4 * Small.CHUNK);
    client()
        .putChunk(id, 0, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(longer)))
        .requireProblem(413, "chunk-too-long");
    requireNothingReceived(id);
  }

  @Test
  default void aChunkThatDoesNotFitItsChecksumMayBeSentAgain() throws Exception {
    String id = Small.opened(client());
    byte[] damaged = FIRST.clone();
    damaged[1000] ^= 1;
    String digest = "crc32c=:" + Checksums.crc32c(FIRST) + ":";
    client()
        .putChunk(id, 0, damaged, "Content-Digest", digest)
        .requireProblem(422, "checksum-mismatch");
    String field = "sha256=" + Checksums.sha256(FIRST);
    client()
        .postChunk(id, new Form().field("index", 0).field("checksum", field).file("b", damaged))
        .requireProblem(422, "checksum-mismatch");
    client()
        .postChunk(id, new Form().field("index", 0).file("b", damaged).field("checksum", field))
        .requireProblem(422, "checksum-mismatch");
    requireNothingReceived(id);
    client().putChunk(id, 0, FIRST, "Content-Digest", digest).requireStatus(200);
  }

  @Test
  default void aChunkBeyondTheFileIsRefused() throws Exception {
    String id = Small.opened(client());
    client().putChunk(id, Small.CHUNKS, FIRST).requireProblem(400, "chunk-out-of-range");
    client().putChunk(id, Long.MAX_VALUE, FIRST).requireProblem(400, "chunk-out-of-range");
    client()
        .postChunk(id, new Form().field("offset", Small.FILE.size()).file("blob", FIRST))
        .requireProblem(400, "chunk-out-of-range");
    requireNothingReceived(id);
  }

  @Test
  default void otherBytesForAChunkAreRefused() throws Exception {
    String id = Small.opened(client());
    client().putChunk(id, 0, FIRST).requireStatus(200);
    byte[] other = FIRST.clone();
    other[Small.CHUNK - 1] ^= 1;
    client().putChunk(id, 0, other).requireProblem(409, "chunk-conflict");
    client().putChunk(id, 0, FIRST).requireStatus(200);
  }

  @Test
  default void finishingTooEarlyTellsWhatIsMissing() throws Exception {
    String id = Small.opened(client());
    client().putChunk(id, 1, Small.FILE.chunk(1, Small.CHUNK)).requireStatus(200);
    JsonNode problem = client().finish(id).requireProblem(409, "upload-incomplete").json();
    assertThat(problem.path("missing").toString())
        .isEqualTo("[[0,%d],[%d,%d]]".formatted(Small.CHUNK, 2 * Small.CHUNK, Small.FILE.size()));
    client().download(id).requireRefusal();
  }

  @Test
  default void aWholeFileThatDoesNotFitItsChecksumStaysOpen() throws Exception {
    String id = Small.received(client());
    Map<String, ?> wrong = Map.of("checksum", Map.of("crc32c", Checksums.crc32c(FIRST)));
    client().finish(id, wrong).requireProblem(422, "checksum-mismatch");
    client().finish(id).requireStatus(200);
  }

  @Test
  default void aCancelledUploadTakesNothingMore() throws Exception {
    String id = Small.opened(client());
    client().putChunk(id, 0, FIRST).requireStatus(200);
    client().cancel(id).requireStatus(204);
    client().putChunk(id, 1, FIRST).requireProblem(410, "upload-cancelled");
    client()
        .postChunk(id, new Form().field("index", 1).file("blob", FIRST))
        .requireProblem(410, "upload-cancelled");
    client().finish(id).requireProblem(410, "upload-cancelled");
    client().status(id).requireProblem(410, "upload-cancelled");
    client().download(id).requireProblem(410, "upload-cancelled");
    assertThat(Trees.files(server().data()))
        .as("the bytes are gone at once")
        .noneMatch(file -> file.contains(id));
  }

  @Test
  default void anUploadTooLargeIsRefusedBeforeAByteIsSent() throws Exception {
    client()
        .create(Map.of("name", "huge", "size", Long.MAX_VALUE))
        .requireProblem(413, "upload-too-large");
    client().create(Map.of("name", "x", "size", -1)).requireProblem(400, "invalid-field");
    client().create(Map.of("name", "x")).requireProblem(400, "missing-field");
    client()
        .post("uploads", "{\"name\":".getBytes(StandardCharsets.UTF_8))
        .requireProblem(400, "malformed-json");
  }

  @Test
  default void whatDoesNotExistIsNotFound() throws Exception {
    String unknown = "a".repeat(26);
    client().get("nowhere/at/all").requireProblem(404, "not-found");
    client().status(unknown).requireProblem(404, "upload-not-found");
    client().putChunk(unknown, 0, FIRST).requireProblem(404, "upload-not-found");
    client()
        .postChunk(unknown, new Form().field("index", 0).file("blob", FIRST))
        .requireProblem(404, "upload-not-found");
    client().finish(unknown).requireProblem(404, "upload-not-found");
    client().cancel(unknown).requireProblem(404, "upload-not-found");
    client().download(unknown).requireProblem(404, "upload-not-found");
    client().get("WEB-INF/web.xml").requireDiscreet().requireStatus(404);
  }

  @Test
  default void traceIsNotAnswered() throws Exception {
    Answer answer =
        client()
            .send(
                client()
                    .to("health")
                    .header("X-Canary", "do-not-echo")
                    .method("TRACE", BodyPublishers.noBody()));
    answer.requireStatus(405);
    assertThat(answer.text()).doesNotContain("do-not-echo");
    answer.requireDiscreet();
  }

  private void requireNothingReceived(String id) throws Exception {
    JsonNode upload = client().status(id).requireStatus(200).json();
    assertThat(upload.path("receivedBytes").asLong(-1)).isZero();
    assertThat(upload.path("received")).isEmpty();
  }
}
