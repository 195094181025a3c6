package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A client that uploads one file and, when the disk is full, waits and sends the same chunk again.
 * Any other failure fails the test. One thread runs it; any thread may ask how it goes.
 */
final class PatientClient implements Callable<String> {

  static final int CHUNK = 64 * 1024;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** How a chunk travels. */
  enum Way {
    RAW,
    FORM,
    /** What needs the spool. */
    FORM_WITH_THE_FILE_FIRST;

    Answer send(UploadClient http, String id, int index, byte[] chunk)
        throws IOException, InterruptedException {
      return switch (this) {
        case RAW -> http.putChunk(id, index, chunk);
        case FORM -> http.postChunk(id, new Form().field("index", index).file("blob", chunk));
        case FORM_WITH_THE_FILE_FIRST ->
            http.postChunk(id, new Form().file("blob", chunk).field("index", index));
      };
    }
  }

  private final UploadClient http;
  private final SeededFile file;
  private final Way way;
  private final CountDownLatch full;
  private final String id;
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  /**
   * Opens the upload at once.
   *
   * @param full that the disk is; the second half of the file is not sent before
   */
  PatientClient(UploadClient http, SeededFile file, Way way, CountDownLatch full)
      throws IOException, InterruptedException {
    this.http = http;
    this.file = file;
    this.way = way;
    this.full = full;
    Map<String, Object> request =
        Map.of(
            "name",
            "patient.bin",
            "size",
            file.size(),
            "chunkSize",
            CHUNK,
            "checksum",
            Map.of("sha256", Checksums.base64(file.sha256())));
    this.id = http.create(request).requireStatus(201).json().path("id").asText();
  }

  /** How many chunks are safe, by what the client was told. */
  int acknowledged() {
    return acknowledged.get();
  }

  /** How often it was told that the disk is full. */
  int refused() {
    return refused.get();
  }

  /**
   * Sends everything, finishes, and compares what is stored with what was sent.
   *
   * @return the upload's id
   */
  @Override
  public String call() throws Exception {
    for (int index = 0; (long) index * CHUNK < file.size(); index++) {
      if ((long) index * CHUNK >= file.size() / 2) {
        assertThat(full.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("it is full").isTrue();
      }
      byte[] chunk = file.chunk(index, CHUNK);
      int now = index;
      Eventually.becomes("a chunk is taken", PATIENCE, () -> taken(way.send(http, id, now, chunk)));
      acknowledged.incrementAndGet();
    }
    Eventually.becomes("the file is finished", PATIENCE, () -> taken(http.finish(id)));
    byte[] stored = http.download(id).requireStatus(200).body();
    assertThat(Checksums.sha256().digest(stored)).isEqualTo(file.sha256());
    return id;
  }

  private boolean taken(Answer answer) {
    if (answer.status() == 200) {
      return true;
    }
    answer.requireProblem(507, "disk-full");
    assertThat(answer.header("Retry-After")).as("Retry-After").matches("[1-9][0-9]*");
    refused.incrementAndGet();
    return false;
  }

  /** The server knows of every chunk that it has acknowledged. */
  void requireAcknowledged() throws IOException, InterruptedException {
    int known = acknowledged();
    JsonNode received = http.status(id).requireStatus(200).json().path("received");
    assertThat(received.path(0).path(0).asLong(-1)).isZero();
    assertThat(received.path(0).path(1).asLong()).isGreaterThanOrEqualTo((long) known * CHUNK);
  }
}
