package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A client that uploads one file after the other, and remembers what the server has acknowledged.
 * One thread uses it at a time.
 */
final class CrashClient implements RecoveringClient {

  private static final int CHUNK = 64 * 1024;
  private static final int LONGEST = 12 * CHUNK;

  private final Random random;
  private final long seed;
  private final boolean mayFail;
  private final List<Sent> all = new ArrayList<>();
  private final AtomicInteger acknowledged = new AtomicInteger();

  /** One file, and what is known to be safe of it. */
  private static final class Sent {
    private final SeededFile file;
    private final String key;
    private final Set<Integer> acknowledged = new HashSet<>();
    private String id = "";
    private boolean finished;

    /** Whether it has been looked at after a crash; at the end it is looked at once more. */
    private boolean seenWhole;

    private Sent(SeededFile file, String key) {
      this.file = file;
      this.key = key;
    }

    private int chunks() {
      return (int) ((file.size() + CHUNK - 1) / CHUNK);
    }
  }

  /**
   * @param mayFail whether the server may answer 5xx before it dies, because its disk is gone
   */
  CrashClient(long seed, boolean mayFail) {
    this.seed = seed;
    this.mayFail = mayFail;
    this.random = new Random(seed);
  }

  /** Any thread may ask. */
  int acknowledgedChunks() {
    return acknowledged.get();
  }

  /** Goes on with the last file, then with new ones, until the connection fails. */
  @Override
  public void workUntilCutOff(UploadClient http) throws InterruptedException {
    try {
      while (true) {
        complete(http, current());
      }
    } catch (IOException e) {
      // The server is gone; what it had not answered may or may not have happened.
    }
  }

  private Sent current() {
    Sent last = all.isEmpty() ? null : all.get(all.size() - 1);
    if (last != null && !last.finished) {
      return last;
    }
    long size = 1L + random.nextInt(LONGEST);
    SeededFile file = new SeededFile(seed * 10_000 + all.size(), size);
    Sent next = new Sent(file, "key-" + seed + "-" + all.size());
    all.add(next);
    return next;
  }

  private void complete(UploadClient http, Sent sent) throws IOException, InterruptedException {
    if (sent.id.isEmpty()) {
      sent.id = open(http, sent);
    }
    List<Integer> missing = new ArrayList<>();
    for (int index = 0; index < sent.chunks(); index++) {
      if (!sent.acknowledged.contains(index)) {
        missing.add(index);
      }
    }
    Collections.shuffle(missing, random);
    for (int index : missing) {
      send(http, sent, index);
      sent.acknowledged.add(index);
      acknowledged.incrementAndGet();
    }
    Answer answer = required(200, http.finish(sent.id));
    assertThat(answer.json().path("checksum").path("crc32c").asText())
        .isEqualTo(sent.file.crc32c());
    sent.finished = true;
  }

  /** A lost answer does not make a second upload: the key is sent again. */
  private String open(UploadClient http, Sent sent) throws IOException, InterruptedException {
    Answer answer = http.create(sent.key, sent.file.size(), CHUNK);
    return required(201, answer).json().path("id").asText();
  }

  private void send(UploadClient http, Sent sent, int index)
      throws IOException, InterruptedException {
    byte[] chunk = sent.file.chunk(index, CHUNK);
    Answer answer =
        random.nextBoolean()
            ? http.putChunk(sent.id, index, chunk)
            : http.postChunk(sent.id, new Form().field("index", index).file("blob", chunk));
    required(200, answer);
  }

  private Answer required(int status, Answer answer) throws IOException {
    if (mayFail && answer.status() >= 500) {
      throw new IOException("the server has lost its disk: " + answer.text());
    }
    return answer.requireStatus(status);
  }

  @Override
  public void inspect(UploadClient http) throws IOException, InterruptedException {
    for (Sent sent : all) {
      if (!sent.id.isEmpty() && !sent.seenWhole) {
        requireAcknowledged(http, sent);
      }
    }
  }

  private static void requireAcknowledged(UploadClient http, Sent sent)
      throws IOException, InterruptedException {
    JsonNode upload = http.status(sent.id).requireStatus(200).json();
    for (int index : sent.acknowledged) {
      long from = (long) index * CHUNK;
      assertThat(covers(upload.path("received"), from, Math.min(sent.file.size(), from + CHUNK)))
          .as("chunk %d, which was acknowledged, in %s", index, upload)
          .isTrue();
    }
    String state = upload.path("state").asText();
    if (sent.finished) {
      assertThat(state).isEqualTo("COMPLETED");
    }
    if (state.equals("COMPLETED")) {
      requireWhole(http, sent);
      sent.seenWhole = sent.finished;
    } else {
      assertThat(http.download(sent.id).status()).isEqualTo(409);
    }
  }

  private static boolean covers(JsonNode ranges, long from, long to) {
    for (JsonNode range : ranges) {
      if (range.path(0).asLong() <= from && to <= range.path(1).asLong()) {
        return true;
      }
    }
    return false;
  }

  private static void requireWhole(UploadClient http, Sent sent)
      throws IOException, InterruptedException {
    byte[] body = http.download(sent.id).requireStatus(200).body();
    assertThat(Checksums.sha256().digest(body)).isEqualTo(sent.file.sha256());
  }

  @Override
  public int completeEverything(UploadClient http) throws IOException, InterruptedException {
    inspect(http);
    for (Sent sent : all) {
      if (!sent.finished) {
        complete(http, sent);
      }
      requireWhole(http, sent);
    }
    return all.size();
  }
}
