package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A server that is stopped while chunks come in: it takes no new work, lets those end that can in
 * time, keeps what has arrived of the others, and is gone within its bounds.
 */
@Tag("alone")
@Timeout(180)
class DrainIT {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration SILENCE = Duration.ofMillis(1500);
  private static final double ENDED_SECONDS = 10;
  private static final byte[] CHUNK = Small.FILE.chunk(0, Small.CHUNK);
  private static final byte[] TINY =
      "{\"name\":\"late\",\"size\":1}".getBytes(StandardCharsets.UTF_8);

  static Stream<ServerKind> kinds() {
    return Stream.of(
        new ExecutableWar(), new JettyWith("jetty.server.stopTimeout=%d"), new StockTomcat());
  }

  /** The same bound for everything that waits for chunks, wherever it is set. */
  private static ServerKind bounded(ServerKind kind, Duration drain) {
    return kind instanceof JettyWith jetty
        ? new JettyWith(jetty.property().formatted(drain.toMillis()))
        : kind;
  }

  private static Site bounded(Path home, Duration drain) {
    return Site.in(home)
        .brief()
        .with("SPILLWAY_TRANSFERS_DRAIN", drain.toSeconds() + "s")
        .with("SPILLWAY_SERVER_STOP_TIMEOUT", drain.toSeconds() + "s");
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aChunkThatComesInTimeIsReceivedAndNewWorkIsRefused(ServerKind kind, @TempDir Path home)
      throws Exception {
    Duration drain = Duration.ofSeconds(4);
    try (ServerProcess server = bounded(kind, drain).start(bounded(home, drain))) {
      UploadClient client = new UploadClient(server.base());
      String id = Small.opened(client);
      try (StalledRequest late = StalledRequest.raw(client, id, 0, CHUNK)) {
        Transfers.awaitReceiving(client, 1);
        long started = terminate(server);
        requireNoNewWork(client, id);
        Eventually.becomes(
            "the client's line is back",
            SOON,
            () -> System.nanoTime() - started > SILENCE.toNanos());
        late.sendRest();
        StalledRequest.Ending ending = late.ending(SOON);
        assertThat(ending.status()).as("%s", ending).isEqualTo(200);
        requireStopped(server, started);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void whatArrivedOfASlowChunkIsKept(ServerKind kind, @TempDir Path home) throws Exception {
    Duration drain = Duration.ofSeconds(2);
    Site site = bounded(home, drain);
    String id;
    try (ServerProcess server = bounded(kind, drain).start(site)) {
      UploadClient client = new UploadClient(server.base());
      id = Small.opened(client);
      try (StalledRequest stuck = StalledRequest.raw(client, id, 0, CHUNK);
          StalledRequest spooled = StalledRequest.fileFirst(client, id, 1, CHUNK)) {
        Transfers.awaitReceiving(client, 1);
        Transfers.awaitLetIn(client, 2);
        long started = terminate(server);
        requireEnded(stuck);
        requireEnded(spooled);
        requireStopped(server, started);
      }
    }
    requireKept(site, id);
  }

  private static long terminate(ServerProcess server) {
    ProcessHandle.of(server.pid()).orElseThrow().destroy();
    return System.nanoTime();
  }

  /** It may answer 503, not answer any more, or not even take the connection. */
  private static void requireNoNewWork(UploadClient client, String id) throws Exception {
    Eventually.becomes("no new work is taken", SOON, () -> isRefused(client, "POST", "uploads"));
    assertThat(isRefused(client, "POST", "uploads")).isTrue();
    assertThat(isRefused(client, "PUT", "uploads/" + id + "/chunks/2")).isTrue();
  }

  private static boolean isRefused(UploadClient client, String method, String target)
      throws InterruptedException {
    try {
      Answer answer =
          client.send(
              client
                  .to(target)
                  .timeout(Duration.ofMillis(500))
                  .header("Content-Type", "application/json")
                  .method(method, BodyPublishers.ofByteArray(TINY)));
      return answer.status() == 503 && !answer.header("Retry-After").isEmpty();
    } catch (IOException e) {
      return true;
    }
  }

  /** Any answer is one after which clients try again. */
  private static void requireEnded(StalledRequest stuck) throws Exception {
    StalledRequest.Ending ending = stuck.ending(SOON);
    if (!ending.isClosedWithoutAnswer()) {
      assertThat(ending.status()).as("%s", ending).isEqualTo(503);
      assertThat(ending.hasCode("draining") || ending.hasCode("too-slow"))
          .as("%s", ending)
          .isTrue();
      assertThat(ending.hasHeader("Retry-After")).as("%s", ending).isTrue();
    }
  }

  private static void requireStopped(ServerProcess server, long started) throws Exception {
    server.stop();
    double seconds = (System.nanoTime() - started) / 1e9;
    System.out.printf(Locale.ROOT, "DrainIT: gone %.1f s after SIGTERM%n", seconds);
    assertThat(seconds).as("seconds until the process has ended").isLessThan(ENDED_SECONDS);
    assertThat(server.log())
        .doesNotContain("ERROR")
        .doesNotContain("SEVERE")
        .doesNotContain("\tat ");
    assertThat(Trees.files(server.data().resolve("spool"))).isEmpty();
  }

  /** Any kind of server on the same directory tells. */
  private static void requireKept(Site site, String id) throws Exception {
    try (ServerProcess server = new ExecutableWar().start(site)) {
      UploadClient client = new UploadClient(server.base());
      long received = client.status(id).requireStatus(200).json().path("receivedBytes").asLong(-1);
      assertThat(received).isPositive().isLessThanOrEqualTo(Small.CHUNK / 2);
      for (int index = 0; index < Small.CHUNKS; index++) {
        client.putChunk(id, index, Small.FILE.chunk(index, Small.CHUNK)).requireStatus(200);
      }
      client.finish(id).requireStatus(200);
      assertThat(Checksums.sha256().digest(client.download(id).requireStatus(200).body()))
          .isEqualTo(Small.FILE.sha256());
      server.stop();
    }
  }
}
