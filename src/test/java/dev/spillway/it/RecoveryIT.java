package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a server finds when it starts is brought into one consistent state, and in little time. */
@Timeout(300)
class RecoveryIT {

  private static final int OPEN = 10_000;
  private static final int WITH_RANGES = 300;
  private static final int ROUNDS = Effort.of(2, 3);
  private static final double ADDED_SECONDS = 2;
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final byte[] SOME = Small.FILE.chunk(0, Small.CHUNK);
  private static final byte[] NONE = {};

  private final ServerKind kind = new ExecutableWar();

  /** A directory with an empty catalogue. */
  private Site used(Site site) throws Exception {
    Files.createDirectories(site.home());
    try (ServerProcess server = kind.start(site)) {
      server.stop();
    }
    return site;
  }

  @Tag("alone")
  @Test
  void tenThousandOpenUploadsAddLittleToTheStart(@TempDir Path home) throws Exception {
    Site empty = used(Site.in(home.resolve("empty")));
    Site full = used(Site.in(home.resolve("full")));
    try (LeftData left = new LeftData(full.data(), 1)) {
      for (int i = 0; i < OPEN; i++) {
        left.upload("RECEIVING", 3L * Small.CHUNK, i < WITH_RANGES ? SOME : NONE);
      }
    }
    Start quickest = null;
    Start quickestFull = null;
    for (int i = 0; i < ROUNDS; i++) {
      quickest = quicker(quickest, start(empty));
      quickestFull = quicker(quickestFull, start(full));
    }
    System.out.printf(
        Locale.ROOT,
        "RecoveryIT: ready after %s with nothing, after %s with %d open uploads%n",
        quickest,
        quickestFull,
        OPEN);
    assertThat(quickestFull.seconds() - quickest.seconds()).isLessThan(ADDED_SECONDS);
  }

  /** How long a start took, by the clock and in processor time. */
  private record Start(double seconds, double cpuSeconds) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.2f s (%.2f s CPU)", seconds, cpuSeconds);
    }
  }

  private static Start quicker(Start one, Start other) {
    return one == null || other.seconds() < one.seconds() ? other : one;
  }

  private Start start(Site site) throws Exception {
    long started = System.nanoTime();
    try (ServerProcess server = kind.start(site)) {
      double seconds = (System.nanoTime() - started) / 1e9;
      double cpu = new JvmFigures(server).cpuSeconds();
      requireRecovered(healthOnItsOwnConnection(server), 0, 0, 0, 0);
      server.stop();
      return new Start(seconds, cpu);
    }
  }

  /** A connection that stays open holds the stop up, here six times. */
  private static JsonNode healthOnItsOwnConnection(ServerProcess server) throws Exception {
    try (RawConnection connection = new RawConnection(server.base())) {
      connection.send(connection.head("GET", "health") + "Connection: close\r\n\r\n");
      String answer = connection.receive(SOON);
      return UploadClient.JSON.readTree(answer.substring(answer.indexOf("\r\n\r\n")));
    }
  }

  private static void requireRecovered(
      UploadClient client, int completed, int orphans, int unknown, int lost) throws Exception {
    requireRecovered(client.health(), completed, orphans, unknown, lost);
  }

  private static void requireRecovered(
      JsonNode health, int completed, int orphans, int unknown, int lost) {
    JsonNode recovered = health.path("recovered");
    assertThat(recovered.path("completed").asInt(-1)).as("%s", recovered).isEqualTo(completed);
    assertThat(recovered.path("orphans").asInt(-1)).as("%s", recovered).isEqualTo(orphans);
    assertThat(recovered.path("unknown").asInt(-1)).as("%s", recovered).isEqualTo(unknown);
    assertThat(recovered.path("lost").asInt(-1)).as("%s", recovered).isEqualTo(lost);
  }

  @Test
  void filesThatAreNotOnRecordGoWhenTheyAreEmptyAndStayWhenTheyAreNot(@TempDir Path home)
      throws Exception {
    Site site = used(Site.in(home).brief());
    Path empty;
    Path bytes;
    try (LeftData left = new LeftData(site.data(), 2)) {
      empty = left.part(left.newId());
      bytes = left.part(left.newId());
      left.write(empty, NONE);
      left.write(bytes, SOME);
    }
    try (ServerProcess server = kind.start(site)) {
      requireRecovered(new UploadClient(server.base()), 0, 1, 1, 0);
      assertThat(empty).doesNotExist();
      assertThat(bytes).hasBinaryContent(SOME);
      assertThat(server.log()).containsOnlyOnce("WARN").contains("1 unfinished files");
      server.stop();
    }
  }

  @Test
  void anUploadWhoseFileIsGoneOrTooShortFailsOnce(@TempDir Path home) throws Exception {
    Site site = used(Site.in(home).brief());
    String gone;
    String shorter;
    String whole;
    try (LeftData left = new LeftData(site.data(), 3)) {
      gone = left.row("RECEIVING", 3L * Small.CHUNK, SOME);
      shorter = left.row("RECEIVING", 3L * Small.CHUNK, SOME);
      left.write(left.part(shorter), Arrays.copyOf(SOME, 100));
      whole = left.upload("RECEIVING", 3L * Small.CHUNK, SOME);
    }
    try (ServerProcess server = kind.start(site)) {
      UploadClient client = new UploadClient(server.base());
      requireRecovered(client, 0, 0, 0, 2);
      requireFailed(client, gone);
      requireFailed(client, shorter);
      assertThat(state(client, whole)).isEqualTo("RECEIVING");
      assertThat(server.log()).containsOnlyOnce("ERROR").contains("2 open uploads");
      server.stop();
    }
    try (ServerProcess again = kind.start(site)) {
      UploadClient client = new UploadClient(again.base());
      requireRecovered(client, 0, 0, 0, 0);
      requireFailed(client, gone);
      assertThat(again.log()).doesNotContain("ERROR");
      again.stop();
    }
  }

  private static void requireFailed(UploadClient client, String id) throws Exception {
    JsonNode upload = client.status(id).requireStatus(200).json();
    assertThat(upload.path("state").asText()).isEqualTo("FAILED");
    assertThat(upload.path("failure").asText()).isNotBlank();
    client.putChunk(id, 0, SOME).requireRefusal();
  }

  private static String state(UploadClient client, String id) throws Exception {
    return client.status(id).requireStatus(200).json().path("state").asText();
  }

  @Test
  void anUploadHalfWayThroughFinishingGoesForward(@TempDir Path home) throws Exception {
    Site site = used(Site.in(home).brief());
    String notNamed;
    String named;
    try (LeftData left = new LeftData(site.data(), 4)) {
      notNamed = left.upload("FINISHING", SOME.length, SOME);
      named = left.row("FINISHING", SOME.length, SOME);
      left.write(left.file(named), SOME);
    }
    try (ServerProcess server = kind.start(site)) {
      UploadClient client = new UploadClient(server.base());
      requireRecovered(client, 2, 0, 0, 0);
      for (String id : new String[] {notNamed, named}) {
        assertThat(state(client, id)).isEqualTo("COMPLETED");
        assertThat(client.download(id).requireStatus(200).body()).isEqualTo(SOME);
      }
      assertThat(Trees.files(site.data().resolve("uploads"))).isEmpty();
      server.stop();
    }
  }
}
