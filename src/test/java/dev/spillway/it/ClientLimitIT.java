package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One client cannot take everything from the others: its open uploads, their bytes and its chunks
 * at once are limited, and refusals cost next to nothing.
 */
class ClientLimitIT extends RunningServer {

  private static final int UPLOADS = 5;
  private static final int TRANSFERS = 3;
  private static final int ALL_TRANSFERS = 4;
  private static final int BYTES = 1024 * 1024;
  private static final int PARALLEL = 200;
  private static final int TRIES = 15;
  private static final double REFUSED_MILLIS = 100;
  private static final double WATCHED_MILLIS = 200;
  private static final String NEIGHBOUR = "127.0.0.2";

  private final ConcurrentLinkedQueue<String> opened = new ConcurrentLinkedQueue<>();

  ClientLimitIT() {
    super(new ExecutableWar());
  }

  @Override
  Site configured(Site site) {
    return limited(site);
  }

  private static Site limited(Site site) {
    return site.with("SPILLWAY_CLIENT_UPLOADS", Integer.toString(UPLOADS))
        .with("SPILLWAY_CLIENT_TRANSFERS", Integer.toString(TRANSFERS))
        .with("SPILLWAY_CLIENT_BYTES", "1MiB")
        .with("SPILLWAY_TRANSFERS_MAX", Integer.toString(ALL_TRANSFERS));
  }

  @AfterEach
  void nothingStaysOpen() throws Exception {
    Transfers.awaitLetIn(client(), 0);
    for (String id = opened.poll(); id != null; id = opened.poll()) {
      assertThat(client().cancel(id).status()).isIn(204, 404, 409, 410);
    }
    Health.requireNothingHeld(client());
  }

  private Answer create(long size) throws Exception {
    Answer answer =
        client().create(Map.of("name", "one.bin", "size", size, "chunkSize", Small.CHUNK));
    if (answer.status() == 201) {
      opened.add(answer.json().path("id").asText());
    }
    return answer;
  }

  private String open(long size) throws Exception {
    return create(size).requireStatus(201).json().path("id").asText();
  }

  private void fill() throws Exception {
    for (int i = 0; i < UPLOADS; i++) {
      open(100);
    }
  }

  private static void requireLimit(Answer answer, String name, long limit, long actual) {
    JsonNode problem = answer.requireProblem(429, "client-limit").json();
    assertThat(problem.path("limitName").asText()).isEqualTo(name);
    assertThat(problem.path("limit").asLong(-1)).isEqualTo(limit);
    assertThat(problem.path("actual").asLong(-1)).isEqualTo(actual);
    assertThat(problem.path("retryable").asBoolean()).isTrue();
    assertThat(Long.parseLong(answer.header("Retry-After"))).isPositive();
  }

  @Tag("alone")
  @Test
  void oneUploadTooManyIsRefusedAtOnce() throws Exception {
    fill();
    Latencies latencies = new Latencies();
    for (int i = 0; i < TRIES; i++) {
      requireLimit(latencies.of(() -> create(100)), "clientUploads", UPLOADS, UPLOADS);
    }
    System.out.printf("refusal of an upload: %s%n", latencies);
    assertThat(latencies.medianMillis()).isLessThan(REFUSED_MILLIS);
  }

  @Test
  void cancellingMakesRoomAtOnce() throws Exception {
    fill();
    client().cancel(String.valueOf(opened.peek())).requireStatus(204);
    open(100);
    requireLimit(create(100), "clientUploads", UPLOADS, UPLOADS);
  }

  @Test
  void finishingMakesRoomAtOnce() throws Exception {
    fill();
    String id = String.valueOf(opened.peek());
    client().putChunk(id, 0, new byte[100]).requireStatus(200);
    client().finish(id).requireStatus(200);
    open(100);
    requireLimit(create(100), "clientUploads", UPLOADS, UPLOADS);
  }

  @Test
  void ofManyParallelRequestsExactlyAsManyAreLetInAsMayBe() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(PARALLEL);
    List<Answer> refused = new ArrayList<>();
    try {
      List<Callable<Answer>> calls = new ArrayList<>();
      for (int i = 0; i < PARALLEL; i++) {
        calls.add(() -> create(100));
      }
      for (Future<Answer> call : threads.invokeAll(calls, 180, TimeUnit.SECONDS)) {
        if (call.get().status() != 201) {
          refused.add(call.get().requireProblem(429, "client-limit"));
        }
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(opened).hasSize(UPLOADS);
    assertThat(refused).hasSize(PARALLEL - UPLOADS);
    requireLimit(create(100), "clientUploads", UPLOADS, UPLOADS);
  }

  @Test
  void theBytesToComeAreLimited() throws Exception {
    requireLimit(create(BYTES + 1L), "clientBytes", BYTES, 0);
    int large = BYTES * 3 / 4;
    String id = open(large);
    requireLimit(create(large), "clientBytes", BYTES, large);
    open(BYTES - large);
    requireLimit(create(1), "clientBytes", BYTES, BYTES);
    client().putChunk(id, 0, new byte[Small.CHUNK]).requireStatus(200);
    open(Small.CHUNK);
    requireLimit(create(1), "clientBytes", BYTES, BYTES);
  }

  @Test
  void aRepeatedCreateIsAnsweredAtTheLimitToo() throws Exception {
    String first = createWithKey("the-first").requireStatus(201).json().path("id").asText();
    opened.add(first);
    while (opened.size() < UPLOADS) {
      open(100);
    }
    requireLimit(createWithKey("another"), "clientUploads", UPLOADS, UPLOADS);
    assertThat(createWithKey("the-first").requireStatus(201).json().path("id").asText())
        .isEqualTo(first);
  }

  private Answer createWithKey(String key) throws Exception {
    byte[] request = "{\"name\":\"keyed\",\"size\":10}".getBytes(StandardCharsets.UTF_8);
    return client()
        .send(
            client()
                .to("uploads")
                .headers("Content-Type", "application/json", "Idempotency-Key", key)
                .POST(BodyPublishers.ofByteArray(request)));
  }

  @Test
  void theLimitHoldsAfterARestart(@TempDir Path home) throws Exception {
    Site site = limited(Site.in(home).brief());
    try (ServerProcess first = kind().start(site)) {
      UploadClient http = new UploadClient(first.base());
      for (int i = 0; i < UPLOADS; i++) {
        http.open("kept.bin", 100, 0);
      }
      first.kill();
    }
    try (ServerProcess second = kind().start(site)) {
      UploadClient http = new UploadClient(second.base());
      requireLimit(http.create(Map.of("name", "x", "size", 1)), "clientUploads", UPLOADS, UPLOADS);
      second.stop();
    }
  }

  @Tag("alone")
  @Test
  void oneChunkTooManyOfAClientIsRefusedAtOnceWhileTheOthersHang() throws Exception {
    String id = open(8L * Small.CHUNK);
    List<StalledRequest> hanging = hang(id, TRANSFERS, "127.0.0.1");
    Latencies latencies = new Latencies();
    try {
      for (int i = 0; i < TRIES; i++) {
        Answer refused = latencies.of(() -> client().putChunk(id, 7, new byte[Small.CHUNK]));
        requireLimit(refused, "clientTransfers", TRANSFERS, TRANSFERS);
      }
    } finally {
      closeAll(hanging);
    }
    System.out.printf("refusal of a client's chunk: %s%n", latencies);
    assertThat(latencies.medianMillis()).isLessThan(REFUSED_MILLIS);
    Transfers.awaitLetIn(client(), 0);
    client().putChunk(id, 7, new byte[Small.CHUNK]).requireStatus(200);
  }

  /** Numbered from 0 on. */
  private List<StalledRequest> hang(String id, int chunks, String from) throws Exception {
    List<StalledRequest> hanging = new ArrayList<>();
    int before = Transfers.receiving(client());
    for (int index = 0; index < chunks; index++) {
      StalledRequest.Call call =
          new StalledRequest.Call("PUT", "uploads/" + id + "/chunks/" + (before + index));
      hanging.add(
          StalledRequest.start(client(), call.from(from), new byte[Small.CHUNK], Small.CHUNK / 2));
    }
    Transfers.awaitReceiving(client(), before + chunks);
    return hanging;
  }

  private static void closeAll(List<StalledRequest> all) throws Exception {
    for (StalledRequest each : all) {
      each.close();
    }
  }

  @Tag("alone")
  @Test
  void aFullServerRefusesChunksAtOnceAndStillTellsHowItIs() throws Exception {
    String id = open(8L * Small.CHUNK);
    List<StalledRequest> hanging = hang(id, TRANSFERS, "127.0.0.1");
    hanging.addAll(hang(id, ALL_TRANSFERS - TRANSFERS, NEIGHBOUR));
    try {
      Latencies refusals = new Latencies();
      for (int i = 0; i < TRIES; i++) {
        Answer refused = refusals.of(() -> client().putChunk(id, 7, new byte[Small.CHUNK]));
        assertThat(Long.parseLong(refused.requireProblem(503, "busy").header("Retry-After")))
            .isPositive();
      }
      System.out.printf("refusal of a chunk by a full server: %s%n", refusals);
      assertThat(refusals.medianMillis()).isLessThan(REFUSED_MILLIS);
      for (String path :
          List.of("health", "health/live", "health/ready", "metrics", "uploads/" + id)) {
        requireFast(path);
      }
    } finally {
      closeAll(hanging);
    }
  }

  private void requireFast(String path) throws Exception {
    Latencies latencies = new Latencies();
    for (int i = 0; i < TRIES; i++) {
      latencies.of(() -> client().get(path)).requireStatus(200);
    }
    System.out.printf("GET %s of a full server: %s%n", path, latencies);
    assertThat(latencies.medianMillis()).as("milliseconds of %s", path).isLessThan(WATCHED_MILLIS);
  }

  @Test
  void oneClientAtItsLimitsDoesNotKeepAnotherOut() throws Exception {
    String id = open(8L * Small.CHUNK);
    while (opened.size() < UPLOADS) {
      open(100);
    }
    List<StalledRequest> hanging = hang(id, TRANSFERS, "127.0.0.1");
    byte[] json = "{\"name\":\"mine\",\"size\":1}".getBytes(StandardCharsets.UTF_8);
    StalledRequest.Call create = new StalledRequest.Call("POST", "uploads").of("application/json");
    StalledRequest.Call put = new StalledRequest.Call("PUT", "uploads/" + id + "/chunks/7");
    try {
      requireStatus(201, create.from(NEIGHBOUR), json);
      requireStatus(200, put.from(NEIGHBOUR), new byte[Small.CHUNK]);
    } finally {
      closeAll(hanging);
    }
  }

  private void requireStatus(int expected, StalledRequest.Call call, byte[] body) throws Exception {
    try (StalledRequest whole = StalledRequest.start(client(), call, body, body.length)) {
      StalledRequest.Ending ending = whole.ending(Duration.ofSeconds(10));
      assertThat(ending.status()).as("%s", ending).isEqualTo(expected);
    }
  }
}
