package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A client that trusts its server with nothing but finished files: it always asks what is missing,
 * sends that, and asks for the end, until the file is there. One thread uses it at a time.
 */
final class ResumingClient implements RecoveringClient {

  private static final int CHUNK = 64 * 1024;
  private static final int LONGEST = 12 * CHUNK;

  /** The server may find once that the disk has lost what it had acknowledged. */
  private static final int ATTEMPTS = 3;

  private final long seed;
  private final Random random;
  private final List<Sent> all = new ArrayList<>();

  private static final class Sent {
    private final SeededFile file;
    private final String key;
    private String id = "";
    private boolean finished;

    private Sent(SeededFile file, String key) {
      this.file = file;
      this.key = key;
    }
  }

  ResumingClient(long seed) {
    this.seed = seed;
    this.random = new Random(seed);
  }

  /** Goes on with the last file, then with new ones, until the disk or the connection is gone. */
  @Override
  public void workUntilCutOff(UploadClient http) throws InterruptedException {
    try {
      while (true) {
        complete(http, current());
      }
    } catch (IOException e) {
      // What had not been answered may or may not have happened.
    }
  }

  private Sent current() {
    Sent last = all.isEmpty() ? null : all.get(all.size() - 1);
    if (last != null && !last.finished) {
      return last;
    }
    SeededFile file = new SeededFile(seed * 20_000 + all.size(), 1L + random.nextInt(LONGEST));
    Sent next = new Sent(file, "resumed-" + seed + "-" + all.size());
    all.add(next);
    return next;
  }

  private void complete(UploadClient http, Sent sent) throws IOException, InterruptedException {
    if (sent.id.isEmpty()) {
      sent.id = open(http, sent);
    }
    Answer answer = null;
    for (int attempt = 0; attempt < ATTEMPTS && !sent.finished; attempt++) {
      sendWhatIsMissing(http, sent);
      answer = http.finish(sent.id);
      sent.finished = answer.status() == 200;
    }
    if (!sent.finished) {
      throw new IOException("the file does not get finished: " + answer);
    }
    requireWhole(http, sent);
  }

  private static String open(UploadClient http, Sent sent)
      throws IOException, InterruptedException {
    Answer answer = http.create(sent.key, sent.file.size(), CHUNK);
    return unlessTheDiskIsGone(answer).requireStatus(201).json().path("id").asText();
  }

  private static void sendWhatIsMissing(UploadClient http, Sent sent)
      throws IOException, InterruptedException {
    Answer status = unlessTheDiskIsGone(http.status(sent.id)).requireStatus(200);
    for (JsonNode range : status.json().path("missing")) {
      long last = (range.path(1).asLong() - 1) / CHUNK;
      for (long index = range.path(0).asLong() / CHUNK; index <= last; index++) {
        byte[] chunk = sent.file.chunk((int) index, CHUNK);
        unlessTheDiskIsGone(http.putChunk(sent.id, index, chunk)).requireStatus(200);
      }
    }
  }

  private static Answer unlessTheDiskIsGone(Answer answer) throws IOException {
    if (answer.status() >= 500) {
      throw new IOException("the server has lost its disk: " + answer.text());
    }
    return answer;
  }

  /** It looks at the finished files; nothing else has been promised. */
  @Override
  public void inspect(UploadClient http) throws IOException, InterruptedException {
    for (Sent sent : all) {
      if (sent.finished) {
        requireWhole(http, sent);
      } else if (!sent.id.isEmpty()) {
        requireNothingWrong(http, sent);
      }
    }
  }

  /** The answer to a finish may have been lost. */
  private static void requireNothingWrong(UploadClient http, Sent sent)
      throws IOException, InterruptedException {
    String state = http.status(sent.id).requireStatus(200).json().path("state").asText();
    if (state.equals("COMPLETED")) {
      requireWhole(http, sent);
    }
  }

  private static void requireWhole(UploadClient http, Sent sent)
      throws IOException, InterruptedException {
    byte[] body = unlessTheDiskIsGone(http.download(sent.id)).requireStatus(200).body();
    assertThat(Checksums.sha256().digest(body))
        .as("SHA-256 of the finished file %s", sent.id)
        .isEqualTo(sent.file.sha256());
  }

  @Override
  public int completeEverything(UploadClient http) throws IOException, InterruptedException {
    inspect(http);
    for (Sent sent : all) {
      if (!sent.finished) {
        complete(http, sent);
      }
    }
    return all.size();
  }
}
