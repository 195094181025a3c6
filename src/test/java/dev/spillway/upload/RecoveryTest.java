package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upload.ChunkTarget.Numbered;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryTest {

  @TempDir Path root;
  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    server = new TestServer(root);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void restart() throws IOException {
    server.close();
    server = new TestServer(root);
  }

  private List<Path> partFiles() throws IOException {
    try (Stream<Path> files = Files.walk(root.resolve("uploads"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private Path partFile(Upload upload) throws IOException {
    return partFiles().stream()
        .filter(file -> file.toString().contains(upload.id().value()))
        .findFirst()
        .orElseThrow();
  }

  private Upload now(Upload upload) {
    return server.uploads.require(upload.id(), null);
  }

  @Test
  void aStopHalfWayThroughFinishingGoesForwardAtTheNextStart() throws IOException {
    Upload before = server.open(1000);
    Upload after = server.open(1000);
    for (Upload upload : List.of(before, after)) {
      server.send(upload, new Numbered(0), new byte[1000]);
      server
          .catalog()
          .transition(
              upload.id(),
              UploadState.RECEIVING,
              new Catalog.Change(UploadState.FINISHING, new Crc32c(1), null, Instant.now()));
    }
    server.files.complete(after.id(), 1000);
    server.close();
    server = new TestServer(root);
    for (Upload upload : List.of(before, after)) {
      assertThat(server.uploads.status(upload.id(), null).upload().state())
          .isEqualTo(UploadState.COMPLETED);
      assertThat(server.download(upload)).hasSize(1000);
    }
  }

  @Test
  void filesThatNoUploadHasAreRemovedAtTheNextStart() throws IOException {
    Upload open = server.open(10);
    Upload cancelled = server.open(10);
    server.uploads.cancel(cancelled.id(), null);
    server.files.create(cancelled.id());
    server.files.create(UploadId.random(new Random(9)));
    server.close();
    server = new TestServer(root);
    assertThat(partFiles()).hasSize(1);
    server.send(open, new Numbered(0), new byte[10]);
  }

  @Test
  void bytesThatTheCatalogueDoesNotKnowAreKept() throws IOException {
    UploadId stranger = UploadId.random(new Random(9));
    server.files.create(stranger);
    try (UploadFile file = server.files.open(stranger)) {
      file.write(ByteBuffer.wrap(new byte[10]), 0);
    }
    Recovery.Recovered recovered =
        new Recovery(
                server.catalog(),
                server.files,
                server.finishing,
                UploadPolicy.Durability.CHUNK,
                Clock.systemUTC())
            .run(Instant.MAX);
    assertThat(recovered).isEqualTo(new Recovery.Recovered(0, 0, 1, 0, 0));
    assertThat(partFiles()).hasSize(1);
  }

  @Test
  void youngFilesAreLeftToTheServersThatMayBeMakingThem() throws IOException {
    server.files.create(UploadId.random(new Random(9)));
    Recovery recovery =
        new Recovery(
            server.catalog(),
            server.files,
            server.finishing,
            UploadPolicy.Durability.CHUNK,
            Clock.systemUTC());
    assertThat(recovery.run(Instant.now().minusSeconds(3600)).orphans()).isZero();
    assertThat(recovery.run(Instant.MAX).orphans()).isEqualTo(1);
  }

  @Test
  void anOpenUploadWithoutItsFileHasFailedAndOthersGoOn() throws IOException {
    List<Upload> uploads = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      uploads.add(server.open(1000));
    }
    for (int i = 0; i < 20; i += 2) {
      Files.delete(partFile(uploads.get(i)));
    }
    restart();
    assertThat(server.recovered).isEqualTo(new Recovery.Recovered(0, 0, 0, 10, 0));
    for (int i = 0; i < 20; i += 2) {
      assertThat(now(uploads.get(i)).state()).isEqualTo(UploadState.FAILED);
      assertThat(now(uploads.get(i)).failure()).contains("its file is missing");
      server.send(uploads.get(i + 1), new Numbered(0), new byte[1000]);
    }
  }

  @Test
  void anOpenUploadWhoseFileIsTooShortHasFailed() throws IOException {
    Upload upload = server.open(3000);
    server.send(upload, new Numbered(0), new byte[1000]);
    server.send(upload, new Numbered(1), new byte[1000]);
    try (var file = Files.newByteChannel(partFile(upload), StandardOpenOption.WRITE)) {
      file.truncate(1999);
    }
    restart();
    assertThat(now(upload).failure()).contains("shorter");
  }

  @Test
  void whatHasFailedTakesNoSpaceOnTheDiskFromOthers() throws IOException {
    Upload lost = server.open(1000);
    Upload other = server.open(500);
    Files.delete(partFile(lost));
    restart();
    assertThat(server.disk.stats().outstandingBytes()).isEqualTo(500);
    server.uploads.cancel(lost.id(), null);
    assertThat(server.disk.stats().outstandingBytes()).isEqualTo(500);
    server.uploads.cancel(other.id(), null);
    assertThat(server.disk.stats().outstandingBytes()).isZero();
  }

  @Test
  void aSecondStartFindsNothingMoreToDo() throws IOException {
    Files.delete(partFile(server.open(10)));
    server.files.create(UploadId.random(new Random(9)));
    restart();
    assertThat(server.recovered).isEqualTo(new Recovery.Recovered(0, 1, 0, 1, 0));
    restart();
    assertThat(server.recovered).isEqualTo(new Recovery.Recovered(0, 0, 0, 0, 0));
  }
}
