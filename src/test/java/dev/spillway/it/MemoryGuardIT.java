package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Another application in the same Tomcat fills the heap: with garbage, which is nobody's business,
 * and with what it never lets go of, which the server has to survive.
 */
@Timeout(180)
class MemoryGuardIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int HEAP_MIB = 160;
  private static final int LEAK_STEP_MIB = 2;

  /** Some 20 MiB a second: what fills the heap within a blink, no guard survives. */
  private static final Duration LEAK_PAUSE = Duration.ofMillis(100);

  private static final int GARBAGE_STEP_MIB = 100;
  private static final Duration GARBAGE = Duration.ofSeconds(Effort.of(5, 10));

  private static ServerProcess started(Path home, String collector) throws Exception {
    Site site = Site.in(home);
    return new TomcatWithNeighbour()
        .start(
            new Site(
                home,
                List.of("-Xmx" + HEAP_MIB + "m", "-XX:+Use" + collector),
                site.environment(),
                false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"G1GC", "SerialGC"})
  void garbageRefusesNobody(String collector, @TempDir Path home) throws Exception {
    try (ServerProcess server = started(home, collector)) {
      UploadClient client = new UploadClient(server.base());
      long end = System.nanoTime() + GARBAGE.toNanos();
      int uploads = 0;
      double mostUsed = 0;
      while (System.nanoTime() < end) {
        TomcatWithNeighbour.ask(client, "PUT", GARBAGE_STEP_MIB);
        Small.finished(client);
        uploads++;
        JsonNode heap = client.health().path("heap");
        mostUsed = Math.max(mostUsed, heap.path("used").asDouble() / heap.path("max").asDouble());
      }
      JsonNode breaker = client.health().at("/memory/breaker");
      System.out.printf(
          Locale.ROOT,
          "MemoryGuardIT %s garbage: %d uploads, at most %.0f %% of the heap used, breaker %s%n",
          collector,
          uploads,
          100 * mostUsed,
          breaker);
      assertThat(breaker.path("state").asText()).isEqualTo("CLOSED");
      assertThat(breaker.path("trips").asInt(-1)).isZero();
      server.stop();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"G1GC", "SerialGC"})
  void aLeakRefusesNewWorkLetsTheOldEndAndIsForgottenWhenItIsGone(
      String collector, @TempDir Path home) throws Exception {
    try (ServerProcess server = started(home, collector)) {
      UploadClient client = new UploadClient(server.base());
      String id = Small.opened(client);
      byte[] chunk = Small.FILE.chunk(0, Small.CHUNK);
      try (StalledRequest underway = StalledRequest.raw(client, id, 0, chunk)) {
        Transfers.awaitReceiving(client, 1);
        int leaked = leakUntilRefused(client);
        print(collector, "with " + leaked + " MiB leaked", client);
        requireRefused(client, id);
        underway.sendRest();
        StalledRequest.Ending ending = underway.ending(SOON);
        assertThat(ending.status()).as("%s", ending).isEqualTo(200);
      }
      long freed = System.nanoTime();
      TomcatWithNeighbour.ask(client, "DELETE", 0);
      Eventually.becomes("it is ready", SOON, () -> client.get("health/ready").status() == 200);
      System.out.printf(
          Locale.ROOT,
          "MemoryGuardIT %s: ready %.1f s after the leak was gone%n",
          collector,
          (System.nanoTime() - freed) / 1e9);
      Eventually.becomes("the trial is over", SOON, () -> state(client.health()).equals("CLOSED"));
      Small.finished(client);
      assertThat(server.log()).doesNotContain("OutOfMemoryError");
      server.stop();
    }
  }

  private static int leakUntilRefused(UploadClient client) throws Exception {
    int leaked = 0;
    while (client.create(Map.of("name", "a", "size", 1)).status() == 201) {
      assertThat(leaked).as("MiB leaked without being noticed").isLessThan(HEAP_MIB);
      TomcatWithNeighbour.ask(client, "POST", LEAK_STEP_MIB);
      leaked += LEAK_STEP_MIB;
      LockSupport.parkNanos(LEAK_PAUSE.toNanos());
    }
    return leaked;
  }

  /** New work is refused with what there is to know; everything else goes on. */
  private static void requireRefused(UploadClient client, String id) throws Exception {
    Answer chunk = client.putChunk(id, 1, Small.FILE.chunk(1, Small.CHUNK));
    chunk.requireProblem(503, "memory-critical");
    assertThat(chunk.header("Retry-After")).matches("[1-9][0-9]?");
    assertThat(chunk.json().path("liveBytes").asLong())
        .isBetween(1L, chunk.json().path("maxBytes").asLong());
    client.status(id).requireStatus(200);
    JsonNode health = client.get("health").requireStatus(503).json();
    assertThat(state(health)).isEqualTo("OPEN");
    assertThat(health.at("/memory/level").asText()).isEqualTo("CRITICAL");
    client.get("health/ready").requireStatus(503);
    client.get("health/live").requireStatus(200);
    assertThat(client.get("metrics").text()).contains("spillway_memory_breaker_state 2.0");
  }

  private static void print(String collector, String when, UploadClient client) throws Exception {
    System.out.printf(
        "MemoryGuardIT %s %s: %s%n", collector, when, client.get("health").json().path("memory"));
  }

  private static String state(JsonNode health) {
    return health.at("/memory/breaker/state").asText();
  }
}
