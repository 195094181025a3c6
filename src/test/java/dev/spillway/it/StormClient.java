package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What all clients of a storm do alike: they come again when they are told to, and take down every
 * answer. Each thread has its own.
 */
final class StormClient {

  private static final Pattern STATUS = Pattern.compile("^HTTP/1\\.1 ([0-9]{3}) ");
  private static final Duration RAW_PATIENCE = Duration.ofSeconds(30);
  private static final int PIECE = 64 * 1024;
  private static final int ATTEMPTS = 20;

  private final UploadClient http;
  private final StormRecord record;
  private final SplittableRandom random;
  private final long seed;
  private int opened;

  StormClient(URI base, StormRecord record, long seed) {
    this.http = new UploadClient(base);
    this.record = record;
    this.seed = seed;
    this.random = new SplittableRandom(seed);
  }

  UploadClient http() {
    return http;
  }

  StormRecord record() {
    return record;
  }

  SplittableRandom random() {
    return random;
  }

  <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  StormWay anyWay() {
    return oneOf(List.of(StormWay.values()));
  }

  /** Asks again while the server is busy, as its clients should. */
  Answer ask(String call, Callable<Answer> request) throws Exception {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Answer answer = request.call();
      record.answered(call, answer);
      if (answer.status() != 503) {
        return answer;
      }
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
    }
    throw new AssertionError(call + ": the server was busy " + ATTEMPTS + " times");
  }

  /** A new file of some chunks. */
  StormUpload open() throws Exception {
    int chunkSize = PIECE << random.nextInt(3);
    return open(random.nextInt(6 * chunkSize), chunkSize);
  }

  StormUpload open(long size, int chunkSize) throws Exception {
    SeededFile file = new SeededFile(seed * 100_000 + opened, size);
    String key = "storm-" + seed + "-" + opened++;
    Answer answer = ask("create", () -> create(key, size, chunkSize)).requireStatus(201);
    assertThat(answer.json().path("chunkSize").asInt()).isEqualTo(chunkSize);
    return new StormUpload(file, chunkSize, key, answer.json().path("id").asText());
  }

  Answer create(String key, long size, int chunkSize) throws IOException, InterruptedException {
    byte[] request =
        "{\"name\":\"%s\",\"size\":%d,\"chunkSize\":%d}"
            .formatted(key, size, chunkSize)
            .getBytes(StandardCharsets.UTF_8);
    return http.send(
        http.to("uploads")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(BodyPublishers.ofByteArray(request)));
  }

  /** Sends the right bytes until they are acknowledged. */
  void send(StormUpload upload, int index, StormWay way) throws Exception {
    byte[] bytes = upload.chunk(index);
    send(
        upload,
        "chunk " + way,
        new long[] {upload.from(index), upload.to(index)},
        () -> way.send(http, upload, index, bytes));
  }

  void send(StormUpload upload, String call, long[] range, Callable<Answer> request)
      throws Exception {
    upload.sending(range[0], range[1]);
    Answer answer = chunk(upload, call, request);
    assertThat(answer.requireStatus(200).json().path("range").toString())
        .as("the range of %s", answer.text())
        .isEqualTo("[" + range[0] + "," + range[1] + "]");
    upload.acknowledged(range[0], range[1]);
  }

  /**
   * Sends a chunk, right or wrong, until it is not superseded. An older request that has been cut
   * may reach the server's workers later than this one, and then is the newer one for it. Whoever
   * is superseded while sending may find the connection reset.
   */
  Answer chunk(StormUpload upload, String call, Callable<Answer> request) throws Exception {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        Answer answer = ask(call, request);
        if (!isSuperseded(answer.status(), answer.text())) {
          return answer;
        }
      } catch (IOException e) {
        if (!upload.hasBrokenRequests()) {
          throw e;
        }
        record.count(call + " reset");
      }
    }
    throw new AssertionError(call + ": was superseded " + ATTEMPTS + " times by cut requests");
  }

  static boolean isSuperseded(int status, String text) {
    return status == 409 && text.contains("\"superseded\"");
  }

  void sendTheRest(StormUpload upload) throws Exception {
    for (int index : upload.chunksThatAre(false)) {
      send(upload, index, anyWay());
    }
  }

  void finish(StormUpload upload) throws Exception {
    String sha256 = Checksums.base64(upload.file().sha256());
    Answer finished =
        switch (random.nextInt(3)) {
          case 0 -> ask("finish", () -> http.finish(upload.id()));
          case 1 -> ask("finish", () -> http.finish(upload.id(), checksum("sha256", sha256)));
          default ->
              ask(
                  "finish",
                  () -> http.finish(upload.id(), checksum("crc32c", upload.file().crc32c())));
        };
    completed(upload, finished);
  }

  private static Map<String, ?> checksum(String algorithm, String value) {
    return Map.of("checksum", Map.of(algorithm, value));
  }

  void completed(StormUpload upload, Answer finished) {
    assertThat(finished.requireStatus(200).json().at("/checksum/crc32c").asText())
        .as("CRC32C of %s", upload)
        .isEqualTo(upload.file().crc32c());
    upload.became(StormUpload.Fate.COMPLETED);
  }

  void requireWhole(StormUpload upload) throws Exception {
    byte[] body = ask("download", () -> http.download(upload.id())).requireStatus(200).body();
    assertThat(Checksums.sha256().digest(body))
        .as("the file of %s", upload)
        .isEqualTo(upload.file().sha256());
  }

  RawConnection connect() throws IOException {
    return new RawConnection(http.base());
  }

  /** An answer on a bare connection; without a status (0) where the connection just ended. */
  record RawAnswer(int status, String text) {}

  /** Sends, and reads what is answered until the connection ends. */
  RawAnswer exchange(String call, RawConnection connection, byte[] bytes) {
    String text;
    try {
      connection.send(bytes);
      text = connection.receive(RAW_PATIENCE);
    } catch (IOException e) {
      record.count(call + " reset");
      return new RawAnswer(0, "");
    }
    Matcher status = STATUS.matcher(text);
    RawAnswer answer = new RawAnswer(status.find() ? Integer.parseInt(status.group(1)) : 0, text);
    record.answered(call, answer.status(), text);
    return answer;
  }
}
