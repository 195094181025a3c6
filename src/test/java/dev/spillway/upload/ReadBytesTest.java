package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.telemetry.RecordedTelemetry;
import dev.spillway.upload.ChunkTarget.Numbered;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients send is counted, whatever becomes of it. */
class ReadBytesTest {

  private final RecordedTelemetry telemetry = new RecordedTelemetry();
  private final byte[] file = new byte[2500];
  @TempDir private Path root;
  private TestServer server;
  private Upload upload;

  @BeforeEach
  void start() throws IOException {
    FaultEdges none = FaultEdges.NONE;
    server =
        new TestServer(
            root,
            Long.MAX_VALUE / 2,
            new FaultEdges(
                none.storage(), none.catalog(), none.durability(), telemetry, none.clock()));
    upload = server.open(file.length);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void bytesOfAChunkAreCountedOnce() throws IOException {
    server.send(upload, new Numbered(0), TestServer.chunk(file, 0));

    assertThat(telemetry.counted("upload.read.bytes")).isEqualTo(1000);
  }

  @Test
  void bytesThatHadBeenReceivedBeforeAreReadAgain() throws IOException {
    server.send(upload, new Numbered(0), TestServer.chunk(file, 0));
    server.send(upload, new Numbered(0), TestServer.chunk(file, 0));

    assertThat(telemetry.counted("upload.read.bytes")).isEqualTo(2000);
    assertThat(telemetry.counted("upload.received.bytes")).isEqualTo(1000);
  }

  @Test
  void bytesThatAreThrownAwayAreCounted() {
    byte[] chunk = TestServer.chunk(file, 0);
    Checksum wrong = TestServer.crc(new byte[] {1});

    assertThatThrownBy(
            () -> server.send(upload, new Numbered(0), new ByteArrayInputStream(chunk), wrong))
        .isInstanceOf(UploadRefused.class);

    assertThat(telemetry.counted("upload.read.bytes")).isEqualTo(1000);
    assertThat(telemetry.counted("upload.received.bytes")).isZero();
  }
}
