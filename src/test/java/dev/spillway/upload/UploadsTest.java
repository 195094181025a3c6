package dev.spillway.upload;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.admission.AdmissionRefused;
import dev.spillway.upload.ChunkTarget.Numbered;
import dev.spillway.upload.UploadRefused.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadsTest {

  @TempDir private Path root;
  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    server = new TestServer(root);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static UploadRequest request(String name, long size) {
    return new UploadRequest(name, size, "text/plain", 0, null, Map.of("a", "b"));
  }

  @Test
  void anUploadIsWhatWasAskedFor() {
    Progress opened =
        server.uploads.create(request("holiday ü.mov", 2500), TestServer.client(null), null);
    assertThat(opened.upload().name()).isEqualTo("holiday ü.mov");
    assertThat(opened.upload().totalChunks()).isEqualTo(3);
    assertThat(opened.missing().asList()).containsExactly(new ByteRange(0, 2500));
    assertThat(server.uploads.status(opened.upload().id(), null)).isEqualTo(opened);
  }

  @Test
  void chunkSizesAreKeptWithinTheirBounds() {
    assertThat(chunkSizeFor(0)).isEqualTo(1000);
    assertThat(chunkSizeFor(1)).isEqualTo(100);
    assertThat(chunkSizeFor(2000)).isEqualTo(2000);
    assertThat(chunkSizeFor(1_000_000)).isEqualTo(5000);
  }

  private long chunkSizeFor(long proposed) {
    return server
        .uploads
        .create(
            new UploadRequest("x", 10_000, null, proposed, null, Map.of()),
            TestServer.client(null),
            null)
        .upload()
        .chunkSize();
  }

  @Test
  void aFileAboveTheLimitIsRefused() {
    assertRefused(
        Reason.UPLOAD_TOO_LARGE,
        () -> server.uploads.create(request("x", (1 << 20) + 1), TestServer.client(null), null));
  }

  @Test
  void namesThatAreNoTextAreRefused() {
    for (String name : List.of("", "a\0b", "half\ud800", "x".repeat(4097))) {
      assertRefused(
          Reason.INVALID_FIELD,
          () -> server.uploads.create(request(name, 1), TestServer.client(null), null));
    }
  }

  @Test
  void whatTheDiskCannotTakeIsRefusedBeforeAnythingIsMade() throws IOException {
    try (TestServer small = new TestServer(root.resolve("small"), 5000)) {
      small.open(4000);
      assertThatThrownBy(() -> small.open(1001))
          .isInstanceOfSatisfying(
              AdmissionRefused.class,
              e -> assertThat(e.reason()).isEqualTo(AdmissionRefused.Reason.DISK_FULL));
      assertThat(partFiles(root.resolve("small"))).hasSize(1);
    }
  }

  @Test
  void theSameKeyGivesTheSameUpload() {
    Progress first = server.uploads.create(request("x", 10), TestServer.client("ann"), "key");
    Progress again = server.uploads.create(request("x", 10), TestServer.client("ann"), "key");
    assertThat(again.upload().id()).isEqualTo(first.upload().id());
    assertThat(server.disk.stats().outstandingBytes()).isEqualTo(10);
  }

  @Test
  void aKeyIsItsOwnersAndForOneUpload() {
    Progress ann = server.uploads.create(request("x", 10), TestServer.client("ann"), "key");
    Progress bob = server.uploads.create(request("x", 10), TestServer.client("bob"), "key");
    assertThat(bob.upload().id()).isNotEqualTo(ann.upload().id());
    assertRefused(
        Reason.IDEMPOTENCY_KEY_CONFLICT,
        () -> server.uploads.create(request("y", 10), TestServer.client("ann"), "key"));
  }

  @Test
  void requestsThatRaceWithOneKeyOpenOneUpload() throws Exception {
    List<UploadId> ids =
        inParallel(
            16,
            () ->
                server
                    .uploads
                    .create(request("x", 10), TestServer.client(null), "key")
                    .upload()
                    .id());
    assertThat(ids).containsOnly(ids.get(0));
    assertThat(partFiles(root)).hasSize(1);
    assertThat(server.disk.stats().outstandingBytes()).isEqualTo(10);
  }

  @Test
  void uploadsOfTheSameNameAndSizeNeverMeet() throws IOException {
    Upload first = server.open(10);
    Upload second = server.open(10);
    server.send(first, new Numbered(0), "aaaaaaaaaa".getBytes(US_ASCII));
    assertThat(server.uploads.status(second.id(), null).received().isEmpty()).isTrue();
    server.send(second, new Numbered(0), "bbbbbbbbbb".getBytes(US_ASCII));
    server.finishing.finish(first.id(), null, null);
    server.finishing.finish(second.id(), null, null);
    assertThat(server.download(first)).containsOnly('a');
    assertThat(server.download(second)).containsOnly('b');
  }

  @Test
  void foreignAndUnknownUploadsAreAnsweredAlike() {
    UploadId anns =
        server.uploads.create(request("x", 10), TestServer.client("ann"), null).upload().id();
    UploadId unknown = UploadId.random(new Random(3));
    assertThat(refusal(() -> server.uploads.status(anns, "bob")))
        .isEqualTo(refusal(() -> server.uploads.status(unknown, "bob")));
    assertThat(refusal(() -> server.uploads.status(anns, null))).isNotEmpty();
    assertThat(server.uploads.status(anns, "ann").upload().owner()).isEqualTo("ann");
    assertRefused(Reason.UPLOAD_NOT_FOUND, () -> server.uploads.cancel(anns, "bob"));
    assertRefused(Reason.UPLOAD_NOT_FOUND, () -> server.finishing.finish(anns, "bob", null));
    assertRefused(
        Reason.UPLOAD_NOT_FOUND, () -> server.chunks.begin(anns, "bob", new Numbered(0), null));
  }

  @Test
  void cancellingFreesTheDiskAtOnceAndMayBeRepeated() throws IOException {
    Upload upload = server.open(1000);
    server.send(upload, new Numbered(0), new byte[1000]);
    server.uploads.cancel(upload.id(), null);
    server.uploads.cancel(upload.id(), null);
    assertThat(partFiles(root)).isEmpty();
    assertThat(server.disk.stats().outstandingBytes()).isZero();
    assertRefused(Reason.UPLOAD_CANCELLED, () -> server.uploads.status(upload.id(), null));
  }

  @Test
  void aFinishedUploadIsNotCancelled() throws IOException {
    Upload upload = server.open(0);
    server.finishing.finish(upload.id(), null, null);
    assertRefused(Reason.WRONG_STATE, () -> server.uploads.cancel(upload.id(), null));
    assertThat(server.download(upload)).isEmpty();
  }

  @Test
  void finishingSaysWhatIsMissing() throws IOException {
    Upload upload = server.open(3000);
    server.send(upload, new Numbered(1), new byte[1000]);
    assertThatThrownBy(() -> server.finishing.finish(upload.id(), null, null))
        .isInstanceOfSatisfying(
            UploadRefused.class,
            e ->
                assertThat(e.figures())
                    .containsEntry("missingBytes", 2000L)
                    .containsEntry("missing", List.of(List.of(0L, 1000L), List.of(2000L, 3000L))));
  }

  @Test
  void aWrongChecksumAtTheEndLeavesTheUploadOpen() throws IOException {
    Upload upload = server.open(1000);
    server.send(upload, new Numbered(0), new byte[1000]);
    Checksum wrong = TestServer.crc(new byte[999]);
    assertRefused(
        Reason.CHECKSUM_MISMATCH, () -> server.finishing.finish(upload.id(), null, wrong));
    assertThat(server.uploads.status(upload.id(), null).upload().state())
        .isEqualTo(UploadState.RECEIVING);
    server.finishing.finish(upload.id(), null, TestServer.crc(new byte[1000]));
  }

  @Test
  void theChecksumGivenAtTheBeginningIsHeldAgainstTheFile() throws IOException {
    var digest = Sha256.digest();
    digest.update(new byte[1000]);
    Checksum sha = Sha256.checksum(digest);
    UploadRequest request = new UploadRequest("x", 1000, null, 0, sha, Map.of());
    Upload right = server.uploads.create(request, TestServer.client(null), null).upload();
    server.send(right, new Numbered(0), new byte[1000]);
    assertThat(server.finishing.finish(right.id(), null, null).state())
        .isEqualTo(UploadState.COMPLETED);
    Upload wrong = server.uploads.create(request, TestServer.client(null), null).upload();
    byte[] other = new byte[1000];
    other[1] = 1;
    server.send(wrong, new Numbered(0), other);
    assertRefused(Reason.CHECKSUM_MISMATCH, () -> server.finishing.finish(wrong.id(), null, null));
  }

  @Test
  void fiftyFinishesAtOnceGiveOneAnswer() throws Exception {
    Upload upload = server.open(1000);
    server.send(upload, new Numbered(0), new byte[1000]);
    List<Upload> answers = inParallel(50, () -> server.finishing.finish(upload.id(), null, null));
    assertThat(answers).containsOnly(answers.get(0));
  }

  @Test
  void aFileThatCannotGetItsNameIsFailedAndMayBeRetried() throws IOException {
    Upload upload = server.open(1000);
    server.send(upload, new Numbered(0), new byte[1000]);
    Path files = root.resolve("files");
    Files.delete(files);
    Files.writeString(files, "in the way");
    assertThatThrownBy(() -> server.finishing.finish(upload.id(), null, null))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(server.uploads.status(upload.id(), null).upload().state())
        .isEqualTo(UploadState.FAILED);
    Files.delete(files);
    Files.createDirectory(files);
    assertThat(server.finishing.finish(upload.id(), null, null).state())
        .isEqualTo(UploadState.COMPLETED);
  }

  @Test
  void progressSurvivesARestart() throws IOException {
    Upload upload = server.open(2500);
    server.send(upload, new Numbered(1), new byte[1000]);
    server.close();
    server = new TestServer(root);
    assertThat(server.uploads.status(upload.id(), null).received().asList())
        .containsExactly(new ByteRange(1000, 2000));
    assertThat(server.disk.stats().outstandingBytes()).isEqualTo(1500);
  }

  private static List<Path> partFiles(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root.resolve("uploads"))) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private static <T> List<T> inParallel(int threads, Callable<T> call) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> future : pool.invokeAll(Collections.nCopies(threads, call))) {
        results.add(future.get());
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }

  private static String refusal(ThrowingCallable call) {
    try {
      call.call();
      return "";
    } catch (UploadRefused e) {
      return e.reason() + e.getMessage() + e.figures();
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static void assertRefused(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            UploadRefused.class, e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
  }
}
