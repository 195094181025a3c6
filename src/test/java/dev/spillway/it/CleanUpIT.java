package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Uploads that nobody sends to any more end by themselves, and nothing of them is left. */
@Timeout(300)
class CleanUpIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration IDLE = Duration.ofSeconds(8);

  private static Site impatient(Path home) {
    return Site.in(home)
        .with("SPILLWAY_UPLOAD_IDLE_EXPIRY", IDLE.toSeconds() + "s")
        .with("SPILLWAY_UPLOAD_IDLE_EXPIRY_LOW_DISK", "1s")
        .with("SPILLWAY_UPKEEP_STALE_EVERY", "1s");
  }

  @Test
  void anAbandonedUploadIsGoneAndItsClientIsToldWhenAndWhy(@TempDir Path home) throws Exception {
    try (ServerProcess server = new ExecutableWar().start(impatient(home))) {
      UploadClient client = new UploadClient(server.base());
      String id = Small.opened(client);
      client.putChunk(id, 0, Small.FILE.chunk(0, Small.CHUNK)).requireStatus(200);
      Eventually.becomes("it has expired", SOON, () -> client.status(id).status() == 410);

      JsonNode problem = client.status(id).requireProblem(410, "upload-expired").json();
      assertThat(problem.path("reason").asText()).isEqualTo("idle");
      assertThat(problem.path("expiredAt").asText()).endsWith("Z");
      client
          .putChunk(id, 1, Small.FILE.chunk(1, Small.CHUNK))
          .requireProblem(410, "upload-expired");
      client.finish(id).requireProblem(410, "upload-expired");
      Eventually.becomes("its file is gone", SOON, () -> parts(server).isEmpty());
      JsonNode health = client.health();
      assertThat(health.at("/storage/outstanding").asLong(-1)).isZero();
      assertThat(client.get("metrics").text())
          .contains("spillway_upload_ended_total{outcome=\"expired\"} 1.0");
      System.out.println("CleanUpIT: " + health.path("cleanUp"));
      server.stop();
    }
  }

  @Test
  void anUploadThatIsStillReceivingLives(@TempDir Path home) throws Exception {
    Site site = impatient(home).with("SPILLWAY_RATE_MINIMUM", "1B");
    try (ServerProcess server = new ExecutableWar().start(site)) {
      UploadClient client = new UploadClient(server.base());
      String slow = Small.opened(client);
      byte[] chunk = Small.FILE.chunk(0, Small.CHUNK);
      try (RawConnection connection = new RawConnection(server.base())) {
        connection.send(
            connection.head("PUT", "uploads/" + slow + "/chunks/0")
                + "Content-Length: "
                + chunk.length
                + "\r\n\r\n");
        String abandoned = Small.opened(client);
        int sent = trickleUntil(connection, chunk, () -> client.status(abandoned).status() == 410);
        client.status(slow).requireStatus(200);
        connection.send(Arrays.copyOfRange(chunk, sent, chunk.length));
        assertThat(connection.receiveOne(SOON)).startsWith("HTTP/1.1 200");
      }
      server.stop();
    }
  }

  /** A condition that asks a server. */
  private interface Condition {
    boolean holds() throws Exception;
  }

  /** Sends one byte every tenth of a second, and gives how many it has sent. */
  private static int trickleUntil(RawConnection connection, byte[] bytes, Condition condition)
      throws Exception {
    long least = System.nanoTime() + 2 * IDLE.toNanos();
    int sent = 0;
    while (!condition.holds() || System.nanoTime() < least) {
      connection.send(new byte[] {bytes[sent]});
      sent++;
      LockSupport.parkNanos(100_000_000);
    }
    return sent;
  }

  private static List<String> parts(ServerProcess server) throws IOException {
    return Trees.files(server.data().resolve("uploads"));
  }
}
