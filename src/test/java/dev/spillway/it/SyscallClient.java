package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A client that sends every request again until it is taken, and remembers the files that it was
 * told are finished. One thread uses it.
 */
final class SyscallClient {

  /** What a server may answer that cannot write just now. */
  private static final Set<Integer> NOT_NOW = Set.of(500, 503, 507);

  private final List<String> finished = new ArrayList<>();
  private int uploads;

  private interface Request {
    Answer send() throws IOException, InterruptedException;
  }

  /** Does everything that a client can do. */
  void work(ServerProcess server, int tries) throws IOException, InterruptedException {
    upload(server, open(server, tries), tries);
    cancelOne(server, tries);
  }

  /** Opens an upload and gives its id. */
  String open(ServerProcess server, int tries) throws IOException, InterruptedException {
    uploads++;
    byte[] request =
        "{\"name\":\"small\",\"size\":%d,\"chunkSize\":%d}"
            .formatted(Small.FILE.size(), Small.CHUNK)
            .getBytes(StandardCharsets.UTF_8);
    UploadClient http = new UploadClient(server.base());
    HttpRequest.Builder opening =
        http.to("uploads")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", "key-" + uploads)
            .POST(BodyPublishers.ofByteArray(request));
    return taken(201, tries, () -> http.send(opening)).json().path("id").asText();
  }

  /** Sends a small file, finishes it and downloads it. */
  void upload(ServerProcess server, String id, int tries) throws IOException, InterruptedException {
    UploadClient http = new UploadClient(server.base());
    for (int index : List.of(2, 0, 1)) {
      chunk(http, id, index, tries);
      String status = http.status(id).requireStatus(200).text();
      assertThat(status).as("what is received after chunk %d", index).contains(range(index));
    }
    taken(200, tries, () -> finish(http, id));
    finished.add(id);
    requireWhole(http, id);
  }

  /** Until it is whole, a file is not to be had. */
  private static Answer finish(UploadClient http, String id)
      throws IOException, InterruptedException {
    Answer answer = http.finish(id);
    if (answer.status() != 200 && http.download(id).status() == 200) {
      requireWhole(http, id);
    }
    return answer;
  }

  /** After chunks 2, 0 and 1: received ranges are joined. */
  private static String range(int index) {
    long size = Small.FILE.size();
    return switch (index) {
      case 2 -> "\"received\":[[%d,%d]]".formatted(2 * Small.CHUNK, size);
      case 0 -> "\"received\":[[0,%d],[%d,%d]]".formatted(Small.CHUNK, 2 * Small.CHUNK, size);
      default -> "\"received\":[[0,%d]]".formatted(size);
    };
  }

  private void cancelOne(ServerProcess server, int tries) throws IOException, InterruptedException {
    UploadClient http = new UploadClient(server.base());
    String id = open(server, tries);
    chunk(http, id, 1, tries);
    taken(204, tries, () -> http.cancel(id));
    boolean here =
        Trees.files(server.data().resolve("uploads")).stream().anyMatch(file -> file.contains(id));
    assertThat(here).as("the file of the cancelled upload %s is there", id).isFalse();
  }

  private static void chunk(UploadClient http, String id, int index, int tries)
      throws IOException, InterruptedException {
    byte[] chunk = Small.FILE.chunk(index, Small.CHUNK);
    taken(200, tries, () -> http.putChunk(id, index, chunk));
  }

  private static Answer taken(int status, int tries, Request request)
      throws IOException, InterruptedException {
    Answer answer = request.send();
    for (int n = 1; n < tries && answer.status() != status; n++) {
      assertThat(answer.status()).as("status of %s", answer.text()).isIn(NOT_NOW);
      assertThat(answer.type()).startsWith("application/problem+json");
      answer.requireDiscreet();
      answer = request.send();
    }
    return answer.requireStatus(status);
  }

  /** Every file that was finished is whole, and no unfinished file is left. */
  void requireAll(ServerProcess server) throws IOException, InterruptedException {
    UploadClient http = new UploadClient(server.base());
    for (String id : finished) {
      requireWhole(http, id);
    }
    assertThat(Trees.files(server.data().resolve("uploads"))).isEmpty();
    assertThat(Trees.files(server.data().resolve("files"))).hasSameSizeAs(finished);
  }

  private static void requireWhole(UploadClient http, String id)
      throws IOException, InterruptedException {
    byte[] body = http.download(id).requireStatus(200).body();
    assertThat(Checksums.sha256().digest(body)).isEqualTo(Small.FILE.sha256());
  }

  int finishedFiles() {
    return finished.size();
  }
}
