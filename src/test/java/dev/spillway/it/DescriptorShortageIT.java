package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that can open nothing any more, neither a file nor a connection: it says so, waits
 * quietly, and is itself again when it can.
 */
class DescriptorShortageIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration SHORTAGE = Duration.ofSeconds(3);
  private static final int CYCLES = 2;
  private static final int CALLERS = 20;
  private static final String NONE = "1";
  private static final String PLENTY = "1024";

  /** A report each second is fine; one for each attempt to accept is not. */
  private static final int MUCH_LOG = 64 * 1024;

  /** Connections that the test keeps, and what is opened once and for all. */
  private static final int A_FEW = 12;

  @Test
  @Timeout(400)
  void aServerThatRanOutOfFileDescriptorsIsItselfAgainSoonAfter(@TempDir Path home)
      throws Exception {
    Programs.require("prlimit");
    Site site = Site.in(home).with("SPILLWAY_STORAGE_RESERVE", "0B");
    try (ServerProcess server = new ExecutableWar().start(site)) {
      UploadClient client = new UploadClient(server.base());
      // Not one chunk has been received: what receiving needs is needed now for the first time.
      String id = Small.opened(client);
      long before = descriptors(server);
      for (int cycle = 0; cycle < CYCLES; cycle++) {
        List<RawConnection> callers = shortage(server, id);
        requireAnswers(callers);
        requireFullService(new UploadClient(server.base()));
      }
      client.putChunk(id, 0, Small.FILE.chunk(0, Small.CHUNK)).requireStatus(200);
      Health.requireNothingHeld(client);
      Eventually.becomes(
          "no descriptor has leaked", SOON, () -> descriptors(server) <= before + A_FEW);
      assertThat(server.log()).doesNotContain("NoClassDefFoundError");
      server.stop();
    }
  }

  /**
   * Ends the shortage before it returns.
   *
   * @return those who came meanwhile and still wait
   */
  private static List<RawConnection> shortage(ServerProcess server, String id) throws Exception {
    List<RawConnection> callers = new ArrayList<>();
    // No new one can be made soon.
    try (RawConnection before = new RawConnection(server.base())) {
      assertThat(ask(before, "GET", "health/live", "", new byte[0]).status()).isEqualTo(200);
      limit(server, NONE);
      byte[] chunk = Small.FILE.chunk(0, Small.CHUNK);
      Form spooled = new Form().file("blob", chunk).field("index", 0);
      byte[] open = "{\"name\":\"new.bin\",\"size\":1}".getBytes(StandardCharsets.UTF_8);
      String uploads = "uploads/" + id;
      requireBusy(ask(before, "PUT", uploads + "/chunks/0", "", chunk));
      requireBusy(ask(before, "POST", uploads + "/chunks", spooled.contentType(), spooled.body()));
      requireBusy(ask(before, "POST", "uploads", "application/json", open));
      assertThat(ask(before, "GET", uploads, "", new byte[0]).status()).isEqualTo(200);
      for (int i = 0; i < CALLERS; i++) {
        RawConnection caller = new RawConnection(server.base());
        caller.send(caller.head("GET", "health/live") + "Connection: close\r\n\r\n");
        callers.add(caller);
      }
      requireQuiet(server);
    } finally {
      limit(server, PLENTY);
    }
    return callers;
  }

  private static Told ask(
      RawConnection connection, String method, String target, String type, byte[] body)
      throws IOException {
    connection.send(
        connection.head(method, target)
            + (type.isEmpty() ? "" : "Content-Type: " + type + "\r\n")
            + "Content-Length: "
            + body.length
            + "\r\n\r\n");
    connection.send(body);
    return connection.answer();
  }

  private static void requireBusy(Told answer) {
    assertThat(answer.status()).as("status; the answer is %s", answer.text()).isEqualTo(503);
    assertThat(answer.mediaType()).isEqualTo("application/problem+json");
    assertThat(answer.json().path("retryable").asBoolean()).as("retryable").isTrue();
    assertThat(answer.header("Retry-After")).as("Retry-After").matches("[1-9][0-9]*");
    Answer.requireDiscreet(answer.text());
  }

  private static void requireQuiet(ServerProcess server) throws IOException {
    JvmFigures figures = new JvmFigures(server);
    int log = server.log().length();
    double cpu = figures.cpuSeconds();
    LockSupport.parkNanos(SHORTAGE.toNanos());
    assertThat(figures.cpuSeconds() - cpu)
        .as("seconds of computing in %s", SHORTAGE)
        .isLessThan(SHORTAGE.toSeconds() / 2.0);
    assertThat(server.log().length() - log).as("characters of log").isLessThan(MUCH_LOG);
  }

  private static void requireAnswers(List<RawConnection> callers) throws IOException {
    for (RawConnection caller : callers) {
      try (caller) {
        assertThat(caller.receive(SOON)).startsWith("HTTP/1.1 200");
      }
    }
  }

  private static void requireFullService(UploadClient client) throws Exception {
    long start = System.nanoTime();
    Eventually.becomes("healthy", SOON, () -> client.get("health").status() == 200);
    String id = Small.finished(client);
    assertThat(Checksums.sha256().digest(client.download(id).requireStatus(200).body()))
        .isEqualTo(Small.FILE.sha256());
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
  }

  /** The soft limit only, as a supervisor or the process itself may set it. */
  private static void limit(ServerProcess server, String files)
      throws IOException, InterruptedException {
    Process prlimit =
        new ProcessBuilder(
                "prlimit", "--pid", Long.toString(server.pid()), "--nofile=" + files + ":")
            .redirectErrorStream(true)
            .start();
    String says = new String(prlimit.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(prlimit.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(prlimit.exitValue()).as("prlimit says: %s", says).isZero();
  }

  private static long descriptors(ServerProcess server) throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(server.pid()), "fd"))) {
      return open.count();
    }
  }
}
