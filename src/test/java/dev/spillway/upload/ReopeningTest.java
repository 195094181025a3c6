package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.spillway.admission.Admission;
import dev.spillway.admission.AdmissionRefused;
import dev.spillway.upload.ChunkTarget.Numbered;
import dev.spillway.upload.UploadRefused.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of open uploads whose files were missing at one start, and are there later. */
class ReopeningTest {

  @TempDir Path root;
  private TestServer server;
  private final byte[] file = new byte[3000];

  @BeforeEach
  void start() throws IOException {
    new Random(7).nextBytes(file);
    server = new TestServer(root);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Upload sent(int... chunks) throws IOException {
    Upload upload = server.open(file.length);
    for (int chunk : chunks) {
      server.send(upload, new Numbered(chunk), TestServer.chunk(file, chunk));
    }
    return upload;
  }

  /** A start with another directory of uploads, as when a volume is not mounted. */
  private void startWithoutFiles() throws IOException {
    server.close();
    Files.move(root.resolve("uploads"), root.resolve("elsewhere"));
    server = new TestServer(root);
  }

  private void startWithFilesAgain() throws IOException {
    startWithFilesAgain(Long.MAX_VALUE / 2);
  }

  /**
   * @param diskSize what the volume is said to have
   */
  private void startWithFilesAgain(long diskSize) throws IOException {
    server.close();
    try (var left = Files.newDirectoryStream(root.resolve("uploads"))) {
      assertThat(left).isEmpty();
    }
    Files.delete(root.resolve("uploads"));
    Files.move(root.resolve("elsewhere"), root.resolve("uploads"));
    server = new TestServer(root, diskSize);
  }

  private Upload finish(Upload upload) {
    return server.finishing.finish(upload.id(), null, null);
  }

  private UploadState state(Upload upload) {
    return server.uploads.require(upload.id(), null).state();
  }

  private static void assertRefused(AdmissionRefused.Reason reason, ThrowingCallable call) {
    assertThat(catchThrowable(call))
        .isInstanceOfSatisfying(
            AdmissionRefused.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static void assertRefused(Reason reason, ThrowingCallable call) {
    assertThat(catchThrowable(call))
        .isInstanceOfSatisfying(
            UploadRefused.class, e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
  }

  @Test
  void withTheirFilesTheyAreAskedForWhatIsMissing() throws IOException {
    Upload upload = sent(0);
    startWithoutFiles();
    assertThat(state(upload)).isEqualTo(UploadState.FAILED);
    startWithFilesAgain();

    assertRefused(Reason.UPLOAD_INCOMPLETE, () -> finish(upload));

    assertThat(state(upload)).isEqualTo(UploadState.RECEIVING);
    server.send(upload, new Numbered(1), TestServer.chunk(file, 1));
    server.send(upload, new Numbered(2), TestServer.chunk(file, 2));
    assertThat(finish(upload).state()).isEqualTo(UploadState.COMPLETED);
    assertThat(server.download(upload)).isEqualTo(file);
  }

  /** With its last chunk, a file with holes is as long as it is to be. */
  @Test
  void aFileWithHolesIsNotTakenForAWholeOne() throws IOException {
    Upload upload = sent(2);
    startWithoutFiles();
    startWithFilesAgain();

    assertRefused(Reason.UPLOAD_INCOMPLETE, () -> finish(upload));
    assertRefused(Reason.UPLOAD_INCOMPLETE, () -> server.finishing.finishAgain(upload.id()));
  }

  @Test
  void aWholeOneIsFinished() throws IOException {
    Upload upload = sent(0, 1, 2);
    startWithoutFiles();
    startWithFilesAgain();

    Upload finished = server.finishing.finishAgain(upload.id());

    assertThat(finished.state()).isEqualTo(UploadState.COMPLETED);
    assertThat(finished.failure()).isNull();
    assertThat(server.download(upload)).isEqualTo(file);
  }

  /** Two thousand bytes are missing, and somebody else has been promised so many since. */
  @Test
  void whatTheyLackIsNotPromisedTwice() throws IOException {
    Upload upload = sent(0);
    startWithoutFiles();
    startWithFilesAgain(3000);
    Upload other = server.open(1500);

    assertRefused(AdmissionRefused.Reason.DISK_FULL, () -> finish(upload));

    assertThat(state(upload)).isEqualTo(UploadState.FAILED);
    assertThat(server.disk.stats().outstandingBytes()).isEqualTo(1500);
    server.uploads.cancel(other.id(), null);
    assertRefused(Reason.UPLOAD_INCOMPLETE, () -> finish(upload));
    assertThat(server.disk.stats().outstandingBytes()).isEqualTo(2000);
    assertRefused(AdmissionRefused.Reason.DISK_FULL, () -> server.open(1500));
  }

  @Test
  void theyCountForTheirClientAsNewOnesDo() throws IOException {
    Upload upload = sent(0);
    startWithoutFiles();
    startWithFilesAgain();
    server.usage.put(upload.client(), new Admission.Usage(TestServer.CLIENT_UPLOADS, 0));

    assertRefused(AdmissionRefused.Reason.CLIENT_LIMIT, () -> finish(upload));

    assertThat(state(upload)).isEqualTo(UploadState.FAILED);
    server.usage.clear();
    assertRefused(Reason.UPLOAD_INCOMPLETE, () -> finish(upload));
  }

  @Test
  void aWholeOneIsFinishedAlsoOnAFullDisk() throws IOException {
    Upload upload = sent(0, 1, 2);
    startWithoutFiles();
    startWithFilesAgain(0);
    server.admission.holdUploads();

    assertThat(finish(upload).state()).isEqualTo(UploadState.COMPLETED);
  }

  @Test
  void withoutTheirFilesTheyStayAsTheyAre() throws IOException {
    Upload upload = sent(0, 1, 2);
    startWithoutFiles();

    assertRefused(Reason.WRONG_STATE, () -> finish(upload));

    assertThat(state(upload)).isEqualTo(UploadState.FAILED);
  }

  @Test
  void aFileThatHasChangedMeanwhileIsNotTaken() throws IOException {
    Upload upload = sent(0, 1, 2);
    startWithoutFiles();
    Path part =
        root.resolve("elsewhere")
            .resolve(upload.id().value().substring(0, 2))
            .resolve(upload.id().value() + ".part");
    try (var changed = Files.newByteChannel(part, StandardOpenOption.WRITE)) {
      changed.position(1500).write(ByteBuffer.wrap(new byte[] {(byte) ~file[1500]}));
    }
    startWithFilesAgain();

    assertRefused(Reason.WRONG_STATE, () -> finish(upload));

    assertThat(state(upload)).isEqualTo(UploadState.FAILED);
  }
}
