package dev.spillway.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nobody sends for ever. */
@Timeout(60)
class StallWatchTest {

  private static final int MORE_THAN_ANY_SOCKET_HOLDS = 50_000_000;
  private static final int PIECE = 50_000;

  @Test
  void aSenderThatGetsNothingThroughIsCutOff(@TempDir Path directory) throws Exception {
    GcsConnections connections = new GcsConnections();
    Duration limit = Duration.ofMillis(300);
    try (FakeGcs fake = FakeGcs.in(directory.resolve("objects"));
        StallWatch watch = new StallWatch(limit, connections, System::nanoTime)) {
      fake.bucket("b");
      fake.faults().on(RequestKind.MEDIA).meet(Fault.slow(10));
      URL url = URI.create(fake.url() + "/upload/storage/v1/b/b/o?uploadType=media&name=x").toURL();

      Future<Integer> sending = FakeSite.begin(() -> send(url, connections, watch));

      assertThat(FakeSite.failureOf(sending)).isInstanceOf(IOException.class);
    }
  }

  private static int send(URL url, GcsConnections connections, StallWatch watch)
      throws IOException {
    HttpURLConnection connection = connections.openConnection(url);
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(MORE_THAN_ANY_SOCKET_HOLDS);
    try (OutputStream out = connection.getOutputStream()) {
      // Not sooner: cut off while it is set up, the JDK's connection fails with whatever it meets.
      watch.begin();
      byte[] piece = new byte[PIECE];
      for (int sent = 0; sent < MORE_THAN_ANY_SOCKET_HOLDS; sent += PIECE) {
        out.write(piece);
      }
    }
    return connection.getResponseCode();
  }

  private static Duration limit(int readSeconds, int bufferBytes, int patienceSeconds) {
    Duration patience = Duration.ofSeconds(patienceSeconds);
    return StallWatch.limitFor(
        Duration.ofSeconds(readSeconds), new GcsDestination.Writing(1, bufferBytes, patience));
  }

  @Test
  void theLimitIsTwoMinutesOrMore() {
    assertThat(limit(20, 256 * 1024, 1)).isEqualTo(Duration.ofMinutes(2));
    assertThat(limit(300, 256 * 1024, 1)).isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void aChunkHasTheTimeThatItTakesOnASlowLine() {
    assertThat(limit(20, 8 << 20, 120)).isEqualTo(Duration.ofSeconds(512));
    assertThat(limit(20, 16 << 20, 120)).isEqualTo(Duration.ofSeconds(1024));
  }

  @Test
  void whoIsMorePatientWaitsLonger() {
    assertThat(limit(20, 8 << 20, 3600)).isEqualTo(Duration.ofHours(1));
  }
}
