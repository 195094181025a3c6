package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.Programs;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Disks that take no more writes, or take their time. */
@Timeout(180)
class DiskFaultIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int UPLOADERS = 3;
  private static final int AT_ONCE = 16;
  private static final int CHUNK = 64 * 1024;
  private static final SeededFile FILE = new SeededFile(3, AT_ONCE * CHUNK);

  @TempDir private Path home;

  /** With a catalogue elsewhere, nothing keeps a file of the volume open between two chunks. */
  @Test
  void aVolumeThatIsReadOnlyForAWhileTakesNoWritesMeanwhileAndAllLater() throws Exception {
    LoopVolume.require(home);
    try (EmbeddedPostgres postgres = Postgres.started()) {
      Site site =
          withoutReserve()
              .with("SPILLWAY_CATALOG_URL", postgres.getJdbcUrl("postgres", "postgres"));
      try (LoopVolume volume = LoopVolume.at(site.data(), "96M");
          ServerProcess server = new ExecutableWar().start(site)) {
        UploadClient client = new UploadClient(server.base());
        Seen seen = Seen.on(client);
        String unwanted = firstChunkOf(client);
        whileUploading(client, () -> volume.remount("ro"));
        requireReadOnlyService(client, seen);
        client.cancel(unwanted);
        assertThat(volume.remount("rw")).isTrue();
        requireFullService(client, seen);
        client.cancel(unwanted).requireStatus(204);
        assertThat(Trees.files(server.data().resolve("uploads")))
            .noneMatch(file -> file.contains(unwanted));
        Health.requireNothingHeld(client);
        server.stop();
      }
    }
  }

  @Test
  void aVolumeThatBecomesReadOnlyByAnErrorTakesNoWritesAndKeepsWhatWasAcknowledged()
      throws Exception {
    LoopVolume.require(home);
    Site site = withoutReserve();
    try (LoopVolume volume = LoopVolume.at(site.data(), "96M")) {
      Seen seen;
      try (ServerProcess server = new ExecutableWar().start(site)) {
        UploadClient client = new UploadClient(server.base());
        seen = Seen.on(client);
        whileUploading(client, volume::findError);
        requireReadOnlyService(client, seen);
        requireFailure(client.cancel(seen.open()));
        server.stop();
      }
      volume.mountAgain();
      try (ServerProcess server = new ExecutableWar().start(site)) {
        UploadClient client = new UploadClient(server.base());
        requireFullService(client, seen);
        server.stop();
      }
    }
  }

  @Tag("alone")
  @Test
  void aSlowDiskSlowsChunksAndNothingElse() throws Exception {
    requireStrace();
    try (ServerProcess server = new ExecutableWar().start(withoutReserve())) {
      UploadClient client = new UploadClient(server.base());
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        ids.add(firstChunkOf(client));
      }
      try (SlowForces forces = slowed(server)) {
        List<Callable<Answer>> chunks = new ArrayList<>();
        ids.forEach(id -> chunks.add(() -> client.putChunk(id, 1, chunk(1))));
        atOnce(client, chunks);
        assertThat(forces.ofData()).isGreaterThanOrEqualTo(AT_ONCE);
      }
      Health.requireNothingHeld(client);
      server.stop();
    }
  }

  @Tag("alone")
  @Test
  void chunksOfOneUploadThatComeAtOnceShareTheirForces() throws Exception {
    requireStrace();
    try (ServerProcess server = new ExecutableWar().start(withoutReserve())) {
      UploadClient client = new UploadClient(server.base());
      String id = client.open("shared.bin", FILE.size(), CHUNK);
      try (SlowForces forces = slowed(server)) {
        List<Callable<Answer>> chunks = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
          int index = i;
          chunks.add(() -> client.putChunk(id, index, chunk(index)));
        }
        atOnce(client, chunks);
        assertThat(forces.ofData()).isBetween(1L, AT_ONCE / 2L);
      }
      client.finish(id).requireStatus(200);
      assertThat(client.download(id).body()).isEqualTo(FILE.bytes(0, FILE.size()));
      Health.requireNothingHeld(client);
      server.stop();
    }
  }

  private void requireStrace() throws Exception {
    Programs.require("strace");
    Machine.require(Strace.isPossible(home), "this machine does not let strace attach");
  }

  private SlowForces slowed(ServerProcess server) throws Exception {
    return SlowForces.attach(server, home, Duration.ofMillis(300));
  }

  /** All succeed, and the server's health answers in less than a second meanwhile. */
  private static void atOnce(UploadClient client, List<Callable<Answer>> requests)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(requests.size());
    try {
      List<Future<Answer>> answers = new ArrayList<>();
      requests.forEach(request -> answers.add(threads.submit(request)));
      while (!answers.stream().allMatch(Future::isDone)) {
        long start = System.nanoTime();
        client.get("health").requireStatus(200);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
      }
      for (Future<Answer> answer : answers) {
        answer.get(60, TimeUnit.SECONDS).requireStatus(200);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** What had been acknowledged before something happened. */
  private record Seen(String finished, String open) {

    static Seen on(UploadClient client) throws IOException, InterruptedException {
      return new Seen(Small.finished(client), firstChunkOf(client));
    }
  }

  /** Something happens while others are uploading, as soon as it can. */
  private static void whileUploading(UploadClient client, Callable<Boolean> event)
      throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(UPLOADERS);
    try {
      List<Future<?>> uploaders = new ArrayList<>();
      for (int i = 0; i < UPLOADERS; i++) {
        uploaders.add(threads.submit(() -> uploadUntil(done, client)));
      }
      Eventually.becomes("it happens", SOON, event);
      done.set(true);
      for (Future<?> uploader : uploaders) {
        uploader.get(60, TimeUnit.SECONDS);
      }
    } finally {
      done.set(true);
      threads.shutdownNow();
    }
  }

  /** Every answer is a success or a failure that says so. */
  private static Void uploadUntil(AtomicBoolean done, UploadClient client)
      throws IOException, InterruptedException {
    while (!done.get()) {
      Answer opened = client.create(Map.of("name", "x", "size", CHUNK, "chunkSize", CHUNK));
      String id = opened.json().path("id").asText();
      if (succeeded(opened) && succeeded(client.putChunk(id, 0, chunk(0)))) {
        succeeded(client.finish(id));
      }
    }
    return null;
  }

  private static boolean succeeded(Answer answer) {
    if (answer.status() < 300) {
      return true;
    }
    requireFailure(answer);
    return false;
  }

  private static void requireFailure(Answer answer) {
    assertThat(answer.status()).as("status of %s", answer.text()).isBetween(500, 599);
    answer.requireProblem(answer.status(), answer.json().path("code").asText());
  }

  private static void requireReadOnlyService(UploadClient client, Seen seen) throws Exception {
    requireFailure(client.create(Map.of("name", "new.bin", "size", 1)));
    requireFailure(client.putChunk(seen.open(), 1, chunk(1)));
    requireFailure(client.postChunk(seen.open(), new Form().field("index", 2).file("b", chunk(2))));
    requireFailure(client.postChunk(seen.open(), new Form().file("b", chunk(2)).field("index", 2)));
    requireReads(client, seen);
    client.get("health/live").requireStatus(200);
    Eventually.becomes(
        "load balancers are told", SOON, () -> client.get("health/ready").status() == 503);
    assertThat(client.get("health").json().path("checks").toString()).contains("\"ok\":false");
  }

  private static void requireReads(UploadClient client, Seen seen)
      throws IOException, InterruptedException {
    assertThat(received(client, seen.open())).isEqualTo("[[0,%d]]".formatted(CHUNK));
    byte[] stored = client.download(seen.finished()).requireStatus(200).body();
    assertThat(Checksums.sha256().digest(stored)).isEqualTo(Small.FILE.sha256());
  }

  private static void requireFullService(UploadClient client, Seen seen) throws Exception {
    requireReads(client, seen);
    Eventually.becomes("it is ready", SOON, () -> client.get("health/ready").status() == 200);
    for (int index = 1; index < AT_ONCE; index++) {
      client.putChunk(seen.open(), index, chunk(index)).requireStatus(200);
    }
    client.finish(seen.open()).requireStatus(200);
    assertThat(client.download(seen.open()).body()).isEqualTo(FILE.bytes(0, FILE.size()));
    Small.finished(client);
  }

  private static String firstChunkOf(UploadClient client) throws IOException, InterruptedException {
    String id = client.open("open.bin", FILE.size(), CHUNK);
    client.putChunk(id, 0, chunk(0)).requireStatus(200);
    return id;
  }

  private static String received(UploadClient client, String id)
      throws IOException, InterruptedException {
    return client.status(id).requireStatus(200).json().path("received").toString();
  }

  private static byte[] chunk(int index) {
    return FILE.chunk(index, CHUNK);
  }

  private Site withoutReserve() {
    return Site.in(home).brief().with("SPILLWAY_STORAGE_RESERVE", "0B");
  }
}
