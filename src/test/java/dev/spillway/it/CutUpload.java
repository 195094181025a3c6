package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * A file whose upload is cut at one place, and goes on at once from a new connection. Belongs to
 * one thread.
 */
final class CutUpload {

  /** The request that is cut. */
  enum Kind {
    RAW,
    FIELDS_FIRST,
    FILE_FIRST,
    CREATE,
    FINISH
  }

  /** Beyond the largest buffer on the way, so that a chunk can be cut on both sides of its edge. */
  private static final int CHUNK = 320 * 1024;

  private static final SeededFile FILE = new SeededFile(77, CHUNK + 17L);
  private static final byte[] WHOLE = FILE.bytes(0, FILE.size());
  private static final byte[] FIRST = Arrays.copyOf(WHOLE, CHUNK);
  private static final byte[] LAST = Arrays.copyOfRange(WHOLE, CHUNK, WHOLE.length);

  /** Within this a client must be able to learn what is there, and to go on. */
  private static final long MAX_MILLIS = 2_000;

  private final UploadClient http;
  private final Kind kind;
  private final String key;
  private String id = "";
  private long slowestMillis;

  /**
   * @param key the Idempotency-Key of its creation, unlike all others
   */
  CutUpload(UploadClient http, Kind kind, String key) {
    this.http = http;
    this.kind = kind;
    this.key = key;
  }

  /** Does what comes before the request that is cut, and gives that request. */
  CutRequest prepared() throws Exception {
    if (kind != Kind.CREATE) {
      id = idIn(create());
      http.putChunk(id, 1, LAST).requireStatus(200);
    }
    if (kind == Kind.FINISH) {
      http.putChunk(id, 0, FIRST).requireStatus(200);
    }
    return switch (kind) {
      case RAW -> CutRequest.put(http.base(), id, 0, FIRST);
      case FIELDS_FIRST -> CutRequest.fieldsFirst(http.base(), id, 0, FIRST);
      case FILE_FIRST -> CutRequest.fileFirst(http.base(), id, 0, FIRST);
      case CREATE ->
          CutRequest.json(http.base(), "uploads", "Idempotency-Key: " + key + "\r\n", creation());
      case FINISH ->
          CutRequest.json(
              http.base(),
              "uploads/" + id + "/finish",
              "",
              "{\"checksum\":{\"crc32c\":\"" + FILE.crc32c() + "\"}}");
    };
  }

  private String creation() {
    return "{\"name\":\"%s\",\"size\":%d,\"chunkSize\":%d}".formatted(key, FILE.size(), CHUNK);
  }

  private Answer create() throws IOException, InterruptedException {
    return http.send(
        http.to("uploads")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(BodyPublishers.ofByteArray(creation().getBytes(StandardCharsets.UTF_8))));
  }

  private static String idIn(Answer created) {
    return created.requireStatus(201).json().path("id").asText();
  }

  /**
   * Goes on as a client does that has lost its line: asks what is there, sends what is not, and
   * finishes.
   *
   * @param contentSent how much of the first chunk the server may have
   */
  void goesOn(int contentSent) throws Exception {
    if (kind == Kind.CREATE) {
      id = idIn(timed("create again", this::create));
    }
    JsonNode told = timed("status", () -> http.status(id)).requireStatus(200).json();
    if (told.path("state").asText().equals("RECEIVING")) {
      requireNoMoreThanSent(told, contentSent);
      sendTheRest(told);
    }
    Answer finished = timed("finish", () -> http.finish(id));
    assertThat(finished.requireStatus(200).json().at("/checksum/crc32c").asText())
        .as("CRC32C of the file")
        .isEqualTo(FILE.crc32c());
    assertThat(idIn(create())).as("the upload of the same key").isEqualTo(id);
    assertThat(http.download(id).requireStatus(200).body()).as("the file").isEqualTo(WHOLE);
  }

  private void requireNoMoreThanSent(JsonNode told, int contentSent) {
    StormRanges sent = new StormRanges();
    if (kind == Kind.FINISH || contentSent > 0) {
      sent.add(0, kind == Kind.FINISH ? CHUNK : contentSent);
    }
    sent.add(CHUNK, FILE.size());
    assertThat(sent.coversAllOf(StormRanges.of(told.path("received"))))
        .as("%s is all that was sent, and this is received: %s", sent, told)
        .isTrue();
  }

  private void sendTheRest(JsonNode told) throws Exception {
    for (JsonNode missing : told.path("missing")) {
      int from = missing.path(0).asInt();
      int to = missing.path(1).asInt();
      // A piece may be up to a chunk long.
      int border = Math.min(to, from + CHUNK);
      sendPiece(from, border);
      if (border < to) {
        sendPiece(border, to);
      }
    }
  }

  /** The cut request may come to the server's workers later than the new one, and only then. */
  private void sendPiece(int from, int to) throws Exception {
    byte[] piece = Arrays.copyOfRange(WHOLE, from, to);
    Answer answer = null;
    for (int attempt = 0; attempt < 3; attempt++) {
      answer =
          timed(
              "rest",
              () ->
                  http.postChunk(
                      id,
                      new Form()
                          .field("offset", from)
                          .field("length", piece.length)
                          .file("blob", piece)));
      if (!StormClient.isSuperseded(answer.status(), answer.text())) {
        answer.requireStatus(200);
        return;
      }
    }
    throw new AssertionError("superseded by a request whose connection was cut: " + answer);
  }

  private Answer timed(String what, Callable<Answer> request) throws Exception {
    long started = System.nanoTime();
    Answer answer = request.call();
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
    slowestMillis = Math.max(slowestMillis, millis);
    assertThat(millis).as("milliseconds until the answer to: %s", what).isLessThan(MAX_MILLIS);
    return answer;
  }

  /** How long the longest answer took while it went on. */
  long slowestMillis() {
    return slowestMillis;
  }
}
