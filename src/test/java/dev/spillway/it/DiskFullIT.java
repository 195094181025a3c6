package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A volume without room: what cannot fit is refused before it is sent, what was acknowledged stays,
 * reading and deleting go on, and with the room the service comes back, without a restart.
 */
@Timeout(500)
class DiskFullIT {

  private static final Duration SOON = Duration.ofSeconds(90);
  private static final long MIB = 1 << 20;
  private static final int CYCLES = 3;

  @TempDir private Path home;

  @BeforeEach
  void requireVolumes() throws Exception {
    LoopVolume.require(home);
  }

  @Test
  void whatCannotFitIsRefusedBeforeItIsSent() throws Exception {
    Site site = Site.in(home).brief().with("SPILLWAY_STORAGE_RESERVE", "8MiB");
    try (LoopVolume volume = LoopVolume.at(site.data(), "96M");
        ServerProcess server = new ExecutableWar().start(site)) {
      UploadClient client = new UploadClient(server.base());
      long room = volume.usable() - 8 * MIB;
      requireFull(client.create(upload(room + MIB)));
      String large = client.open("large.bin", room - 4 * MIB, 0);
      requireFull(client.create(upload(8 * MIB)));
      String small = Small.finished(client);
      client.download(small).requireStatus(200);
      client.cancel(large).requireStatus(204);
      String next = client.open("next.bin", 8 * MIB, 0);
      client.cancel(next).requireStatus(204);
      requireCleanEnd(server, client);
    }
  }

  @Test
  void whatSomebodyElseFillsAndGivesBackHarmsNothing() throws Exception {
    Site site = withoutReserve();
    try (LoopVolume volume = LoopVolume.at(site.data(), "96M");
        ServerProcess server = new ExecutableWar().start(site)) {
      UploadClient client = new UploadClient(server.base());
      DiskFiller somebody = new DiskFiller(volume.path().resolve("elsewhere"));
      String finished = Small.finished(client);
      for (int cycle = 0; cycle < CYCLES; cycle++) {
        oneCycle(client, somebody, finished);
      }
      requireCleanEnd(server, client);
    }
  }

  private static void oneCycle(UploadClient client, DiskFiller somebody, String finished)
      throws Exception {
    List<PatientClient> patients = new ArrayList<>();
    CountDownLatch full = new CountDownLatch(1);
    for (PatientClient.Way way : PatientClient.Way.values()) {
      SeededFile file = new SeededFile(patients.size(), 4 * MIB + 17);
      patients.add(new PatientClient(client, file, way, full));
    }
    ExecutorService threads = Executors.newFixedThreadPool(patients.size());
    try {
      List<Future<String>> uploads = new ArrayList<>();
      patients.forEach(patient -> uploads.add(threads.submit(patient)));
      Eventually.becomes("all have begun", SOON, () -> all(patients, 1, 0, uploads));
      List<String> unwanted = List.of(partOf(client, 2 * MIB), partOf(client, MIB));
      somebody.takeAllSpace();
      full.countDown();
      Eventually.becomes("all are told", SOON, () -> all(patients, 1, 2, uploads));
      requireReadingGoesOn(client, finished);
      requireFull(client.create(upload(1)));
      for (PatientClient patient : patients) {
        patient.requireAcknowledged();
      }
      requireDeletingGoesOn(client, unwanted, somebody);
      somebody.giveBack();
      for (Future<String> upload : uploads) {
        upload.get(180, TimeUnit.SECONDS);
      }
      Eventually.becomes("ready", SOON, () -> client.get("health/ready").status() == 200);
    } finally {
      threads.shutdownNow();
    }
  }

  /** Whether all have come that far; one that has come to its end is asked why. */
  private static boolean all(
      List<PatientClient> patients, int acknowledged, int refused, List<Future<String>> uploads)
      throws Exception {
    for (Future<String> upload : uploads) {
      if (upload.isDone()) {
        assertThat(upload.get()).as("an upload ended too early").isNull();
      }
    }
    return patients.stream()
        .allMatch(each -> each.acknowledged() >= acknowledged && each.refused() >= refused);
  }

  private static void requireReadingGoesOn(UploadClient client, String finished) throws Exception {
    client.get("health/live").requireStatus(200);
    // The disk is asked once a second at most.
    Eventually.becomes("not ready", SOON, () -> client.get("health/ready").status() == 503);
    client.get("metrics").requireStatus(200);
    JsonNode checks = client.get("health").requireStatus(503).json().path("checks");
    assertThat(checks)
        .filteredOn(check -> !check.path("ok").asBoolean())
        .anySatisfy(
            check -> {
              assertThat(check.path("name").asText()).isEqualTo("storage");
              assertThat(check.path("reason").asText()).contains("disk");
            });
    byte[] stored = client.download(finished).requireStatus(200).body();
    assertThat(Checksums.sha256().digest(stored)).isEqualTo(Small.FILE.sha256());
  }

  /** Twice: on a disk that has been filled again there is less to live on. */
  private static void requireDeletingGoesOn(
      UploadClient client, List<String> uploads, DiskFiller somebody)
      throws IOException, InterruptedException {
    for (String upload : uploads) {
      client.cancel(upload).requireStatus(204);
      client.putChunk(upload, 0, new byte[PatientClient.CHUNK]).requireStatus(410);
      somebody.takeAllSpace();
    }
  }

  /** A few: the catalogue's log is still growing. Many: it begins anew meanwhile. */
  @ParameterizedTest
  @ValueSource(ints = {10, 120})
  void onADiskWithoutAByteOneUploadAfterTheOtherIsDeleted(int many) throws Exception {
    Site site = withoutReserve();
    try (LoopVolume volume = LoopVolume.at(site.data(), "96M");
        ServerProcess server = new ExecutableWar().start(site)) {
      UploadClient client = new UploadClient(server.base());
      List<String> uploads = new ArrayList<>();
      for (int i = 0; i < many; i++) {
        uploads.add(partOf(client, PatientClient.CHUNK));
      }
      DiskFiller somebody = new DiskFiller(volume.path().resolve("elsewhere"));
      for (String upload : uploads) {
        somebody.takeAllSpace();
        client.cancel(upload).requireStatus(204);
        assertThat(volume.usable()).isGreaterThanOrEqualTo(PatientClient.CHUNK);
      }
      somebody.giveBack();
      Small.finished(client);
      requireCleanEnd(server, client);
    }
  }

  @Test
  void aFileWhoseBytesAreAllHereIsFinishedOnAFullDiskOrSoonAfter() throws Exception {
    Site site = withoutReserve();
    try (LoopVolume volume = LoopVolume.at(site.data(), "96M");
        ServerProcess server = new ExecutableWar().start(site)) {
      UploadClient client = new UploadClient(server.base());
      String id = Small.received(client);
      DiskFiller somebody = new DiskFiller(volume.path().resolve("elsewhere"));
      somebody.takeAllSpace();
      Answer first = client.finish(id);
      if (first.status() != 200) {
        requireFull(first);
      }
      somebody.giveBack();
      client.finish(id).requireStatus(200);
      byte[] stored = client.download(id).requireStatus(200).body();
      assertThat(Checksums.sha256().digest(stored)).isEqualTo(Small.FILE.sha256());
      requireCleanEnd(server, client);
    }
  }

  /** The first idea of many an operator is to restart the server. */
  @Test
  void aServerThatIsStartedOnAFullDiskLetsUploadsBeDeleted() throws Exception {
    Site site = withoutReserve();
    try (LoopVolume volume = LoopVolume.at(site.data(), "96M")) {
      String id;
      try (ServerProcess server = new ExecutableWar().start(site)) {
        id = partOf(new UploadClient(server.base()), 2 * MIB);
        server.stop();
      }
      DiskFiller somebody = new DiskFiller(volume.path().resolve("elsewhere"));
      somebody.takeAllSpaceBut(16 * 1024);
      try (ServerProcess server = new ExecutableWar().start(site)) {
        UploadClient client = new UploadClient(server.base());
        client.cancel(id).requireStatus(204);
        somebody.giveBack();
        Small.finished(client);
        requireCleanEnd(server, client);
      }
    }
  }

  @Test
  void withoutInodesNewUploadsAreRefusedAndOpenOnesGoOn() throws Exception {
    Site site = withoutReserve();
    try (LoopVolume volume = LoopVolume.at(site.data(), "96M", "-N", "256");
        ServerProcess server = new ExecutableWar().start(site)) {
      UploadClient client = new UploadClient(server.base());
      String open = Small.opened(client);
      DiskFiller somebody = new DiskFiller(volume.path().resolve("elsewhere"));
      somebody.takeAllInodes();
      for (int i = 0; i < 3; i++) {
        requireUnavailable(client.create(upload(1)));
      }
      client.putChunk(open, 0, Small.FILE.chunk(0, Small.CHUNK)).requireStatus(200);
      Form spooled = new Form().file("blob", Small.FILE.chunk(1, Small.CHUNK)).field("index", 1);
      requireUnavailable(client.postChunk(open, spooled));
      client.status(open).requireStatus(200);
      somebody.giveBack();
      client.postChunk(open, spooled).requireStatus(200);
      client.putChunk(open, 2, Small.FILE.chunk(2, Small.CHUNK)).requireStatus(200);
      client.finish(open).requireStatus(200);
      Small.finished(client);
      requireCleanEnd(server, client);
    }
  }

  private static void requireUnavailable(Answer answer) {
    assertThat(answer.status()).as("status of %s", answer.text()).isIn(503, 507);
    answer.requireProblem(answer.status(), answer.json().path("code").asText());
    assertThat(answer.header("Retry-After")).as("Retry-After").matches("[1-9][0-9]*");
  }

  private static void requireFull(Answer answer) {
    answer.requireProblem(507, "disk-full");
    requireUnavailable(answer);
  }

  private Site withoutReserve() {
    return Site.in(home).brief().with("SPILLWAY_STORAGE_RESERVE", "0B");
  }

  private static Map<String, ?> upload(long size) {
    return Map.of("name", "another.bin", "size", size);
  }

  /** Opens an upload and sends all chunks of it but the last. */
  private static String partOf(UploadClient client, long size)
      throws IOException, InterruptedException {
    SeededFile file = new SeededFile(11, size + 1);
    String id = client.open("part.bin", file.size(), PatientClient.CHUNK);
    for (int index = 0; index < size / PatientClient.CHUNK; index++) {
      client.putChunk(id, index, file.chunk(index, PatientClient.CHUNK)).requireStatus(200);
    }
    return id;
  }

  /** Nothing is held, promised, or left behind. */
  private static void requireCleanEnd(ServerProcess server, UploadClient client)
      throws IOException, InterruptedException {
    Health.requireNothingHeld(client);
    assertThat(client.health().path("storage").path("outstanding").asLong(-1)).isZero();
    assertThat(Trees.files(server.data().resolve("uploads"))).isEmpty();
    assertThat(Trees.files(server.data().resolve("spool"))).isEmpty();
    server.stop();
  }
}
