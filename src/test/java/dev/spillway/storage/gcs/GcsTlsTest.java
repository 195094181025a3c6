package dev.spillway.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Over TLS, as to the service, publishing does and ends as it does without. */
@Timeout(120)
class GcsTlsTest {

  /** More than the sockets of both sides hold: who sends it has to wait. */
  private static final int MUCH = 16 << 20;

  @TempDir Path directory;
  private final Heard heard = new Heard();
  private FakeSite site;

  @BeforeEach
  void start() throws Exception {
    site = new FakeSite(FakeGcs.in(directory.resolve("objects"), TestCertificate.in(directory)));
    site.keyFile(Files.writeString(directory.resolve("key.json"), site.fake.keyFile()));
    site.fake.requireToken();
  }

  /** The fake first: with it, whatever a test has left behind ends. */
  @AfterEach
  void stop() throws Exception {
    site.fake.close();
    site.close();
  }

  @Test
  void aFileArrives() throws Exception {
    PatternFile file = PatternFile.of(3 * FakeSite.BUFFER + 1000);

    String location = site.publish(file.upload(), file, heard);

    assertThat(location).startsWith("gs://b/");
    assertThat(site.bucket.names()).hasSize(1);
    assertThat(heard.troubles()).isEmpty();
  }

  @Test
  void aStopEndsASenderThatGetsNothingThrough() throws Exception {
    PatternFile file = PatternFile.of(2 * MUCH);
    site.buffer(MUCH).fake.faults().on(RequestKind.CHUNK).always().meet(Fault.slow(1000));
    Future<String> publishing = site.publishing(file, file.upload(), heard);
    Awaited.until(Sending::someone);

    Future<Boolean> stopping = stopping(site.destination());

    assertThat(stopping.get(60, TimeUnit.SECONDS)).isTrue();
    assertThat(FakeSite.failureOf(publishing)).isInstanceOf(InterruptedException.class);
  }

  private static Future<Boolean> stopping(GcsDestination destination) {
    return FakeSite.begin(
        () -> {
          destination.stop();
          return true;
        });
  }

  @Test
  void aConnectionThatBreaksIsSaidToHaveBroken() throws Exception {
    PatternFile file = PatternFile.of(MUCH);
    site.buffer(MUCH).patience(Duration.ofMillis(1));
    site.fake.faults().on(RequestKind.CHUNK).always().meet(Fault.resetAfter(1000));

    assertThat(site.failure(file, file.upload(), heard))
        .hasMessage("gs://b does not answer: the connection has broken");
  }

  @Test
  void aStrangersCertificateIsNotTrusted() throws Exception {
    try (GcsConnections connections = new GcsConnections()) {
      assertThatThrownBy(() -> statusOf(connections, site.fake))
          .isInstanceOf(SSLHandshakeException.class);
    }
  }

  @Test
  void theCertificateOfAnotherHostIsNotTrusted() throws Exception {
    TestCertificate other = TestCertificate.in(directory.resolve("objects"), "dns:example.com");
    try (FakeGcs fake = FakeGcs.in(directory.resolve("others"), other);
        GcsConnections connections = new GcsConnections(other::ofClient)) {
      assertThatThrownBy(() -> statusOf(connections, fake))
          .isInstanceOf(SSLHandshakeException.class)
          .hasMessageContaining("127.0.0.1");
    }
  }

  private static int statusOf(GcsConnections connections, FakeGcs fake) throws IOException {
    return connections.openConnection(URI.create(fake.url()).toURL()).getResponseCode();
  }
}
