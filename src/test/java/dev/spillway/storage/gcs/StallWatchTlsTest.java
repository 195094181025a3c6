package dev.spillway.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What hangs is ended over TLS, too. */
@Timeout(120)
class StallWatchTlsTest {

  private static final int MORE_THAN_ANY_SOCKET_HOLDS = 50_000_000;
  private static final int PIECE = 50_000;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @TempDir Path directory;
  private final AtomicLong now = new AtomicLong();
  private FakeGcs fake;
  private GcsConnections connections;
  private StallWatch watch;

  @BeforeEach
  void start() throws Exception {
    TestCertificate certificate = TestCertificate.in(directory);
    fake = FakeGcs.in(directory.resolve("objects"), certificate);
    fake.bucket("b");
    fake.faults().on(RequestKind.MEDIA).always().meet(Fault.slow(10));
    connections = new GcsConnections(certificate::ofClient);
    watch = new StallWatch(LIMIT, connections, now::get);
  }

  /** The fake first: with it, whatever a test has left behind ends. */
  @AfterEach
  void stop() throws Exception {
    fake.close();
    watch.close();
    connections.close();
  }

  private HttpURLConnection open(String url) throws IOException {
    HttpURLConnection connection = connections.openConnection(URI.create(url).toURL());
    connection.setConnectTimeout(60_000);
    connection.setReadTimeout(600_000);
    return connection;
  }

  private int send() throws IOException {
    HttpURLConnection connection =
        open(fake.url() + "/upload/storage/v1/b/b/o?uploadType=media&name=x");
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(MORE_THAN_ANY_SOCKET_HOLDS);
    watch.begin();
    try (OutputStream out = connection.getOutputStream()) {
      byte[] piece = new byte[PIECE];
      for (int sent = 0; sent < MORE_THAN_ANY_SOCKET_HOLDS; sent += PIECE) {
        out.write(piece);
      }
    }
    return connection.getResponseCode();
  }

  private void assertIsCut(Future<Integer> sending) throws Exception {
    Awaited.until(Sending::someone);

    now.addAndGet(LIMIT.toNanos());

    assertThat(FakeSite.failureOf(sending)).isInstanceOf(IOException.class);
  }

  @Test
  void aSenderThatGetsNothingThroughIsCutOff() throws Exception {
    assertIsCut(FakeSite.begin(this::send));
  }

  @Test
  void soIsOneOverAConnectionThatWasKept() throws Exception {
    HttpURLConnection first = open(fake.url() + "/storage/v1/b/b/o/nothing");
    assertThat(first.getResponseCode()).isEqualTo(404);
    first.getErrorStream().readAllBytes();

    Future<Integer> sending = FakeSite.begin(this::send);

    assertIsCut(sending);
    assertThat(fake.connections()).isEqualTo(1);
  }

  @Test
  void aSenderThatIsStuckHoldsUpNoOther() throws Exception {
    Future<Integer> one = FakeSite.begin(this::send);
    Future<Integer> other = FakeSite.begin(this::send);
    Awaited.until(() -> fake.connections() == 2);

    assertIsCut(one);
    assertThat(FakeSite.failureOf(other)).isInstanceOf(IOException.class);
  }

  @Test
  void theEndOfAllEndsWhoWaitsForTlsToBeginToo() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String there = "https://127.0.0.1:" + silent.getLocalPort();
      Future<Integer> asking = FakeSite.begin(() -> open(there).getResponseCode());
      Awaited.until(Sending::someoneListens);

      connections.close();

      assertThat(FakeSite.failureOf(asking)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void theEndOfAllWaitsForNobody() throws Exception {
    Future<Integer> sending = FakeSite.begin(this::send);
    Awaited.until(Sending::someone);

    Future<Boolean> ending =
        FakeSite.begin(
            () -> {
              connections.close();
              return true;
            });

    assertThat(ending.get(60, TimeUnit.SECONDS)).isTrue();
    assertThat(FakeSite.failureOf(sending)).isInstanceOf(IOException.class);
  }
}
