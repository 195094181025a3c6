package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.upload.ChunkTarget.At;
import dev.spillway.upload.ChunkTarget.Numbered;
import dev.spillway.upload.UploadRefused.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChunksTest {

  private static final int SIZE = 2500;

  @TempDir private Path root;
  private TestServer server;
  private Upload upload;
  private final byte[] file = new byte[SIZE];

  @BeforeEach
  void start() throws IOException {
    new Random(7).nextBytes(file);
    server = new TestServer(root);
    upload = server.open(SIZE);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void chunksInAnyOrderMakeTheFile() throws IOException {
    for (int index : List.of(2, 0, 1)) {
      server.send(upload, new Numbered(index), TestServer.chunk(file, index));
    }
    Upload done = server.finishing.finish(upload.id(), null, TestServer.crc(file));
    assertThat(done.state()).isEqualTo(UploadState.COMPLETED);
    assertThat(done.crc32c()).isNotNull();
    assertThat(server.download(done)).isEqualTo(file);
  }

  @Test
  void receiptSaysWhatIsHereAndWhatIsMissing() throws IOException {
    ChunkReceipt receipt = server.send(upload, new Numbered(1), TestServer.chunk(file, 1));
    assertThat(receipt.range()).isEqualTo(new ByteRange(1000, 2000));
    assertThat(receipt.duplicate()).isFalse();
    assertThat(receipt.receivedBytes()).isEqualTo(1000);
    assertThat(receipt.missingBytes()).isEqualTo(1500);
    assertThat(receipt.missingRanges()).isEqualTo(2);
  }

  @Test
  void theSameChunkAgainIsADuplicateAndChangesNothing() throws IOException {
    server.send(upload, new Numbered(0), TestServer.chunk(file, 0));
    ChunkReceipt again = server.send(upload, new Numbered(0), TestServer.chunk(file, 0));
    assertThat(again.duplicate()).isTrue();
    assertThat(received()).containsExactly(new ByteRange(0, 1000));
  }

  @Test
  void aDifferentBodyForReceivedBytesIsRefusedAndTheStoredOnesStay() throws IOException {
    server.send(upload, new Numbered(0), TestServer.chunk(file, 0));
    byte[] other = TestServer.chunk(file, 0);
    other[900] ^= 1;
    assertRefused(Reason.CHUNK_CONFLICT, () -> server.send(upload, new Numbered(0), other));
    finishRest();
    assertThat(server.download(upload)).isEqualTo(file);
  }

  @Test
  void aDamagedRepetitionIsToldByItsChecksum() throws IOException {
    server.send(upload, new Numbered(0), TestServer.chunk(file, 0));
    byte[] damaged = TestServer.chunk(file, 0);
    Checksum announced = TestServer.crc(damaged);
    damaged[3] ^= 1;
    assertRefused(
        Reason.CHECKSUM_MISMATCH,
        () -> server.send(upload, new Numbered(0), new ByteArrayInputStream(damaged), announced));
  }

  @Test
  void aChunkThatOverlapsFillsTheGapsAndComparesTheRest() throws IOException {
    server.send(upload, new At(300, OptionalLong.of(200)), slice(300, 500));
    server.send(upload, new At(900, OptionalLong.of(50)), slice(900, 950));
    ChunkReceipt whole = server.send(upload, new Numbered(0), TestServer.chunk(file, 0));
    assertThat(whole.duplicate()).isFalse();
    assertThat(received()).containsExactly(new ByteRange(0, 1000));
    finishRest();
    assertThat(server.download(upload)).isEqualTo(file);
  }

  @Test
  void aShortChunkIsRefusedAndNothingOfItCounts() {
    assertRefused(
        Reason.CHUNK_TOO_SHORT, () -> server.send(upload, new Numbered(0), slice(0, 999)));
    assertRefused(
        Reason.CHUNK_TOO_SHORT,
        () -> server.send(upload, new At(0, OptionalLong.empty()), new byte[0]));
    assertThat(received()).isEmpty();
  }

  @Test
  void aLongChunkIsRefusedAndNothingOfItCounts() {
    assertRefused(
        Reason.CHUNK_TOO_LONG, () -> server.send(upload, new Numbered(0), slice(0, 1001)));
    assertThat(received()).isEmpty();
  }

  @Test
  void chunksOutsideOfTheFileAreRefused() {
    for (ChunkTarget outside :
        List.of(
            new Numbered(3),
            new Numbered(-1),
            new Numbered(Long.MAX_VALUE),
            new At(2500, OptionalLong.empty()),
            new At(-1, OptionalLong.empty()),
            new At(2000, OptionalLong.of(501)),
            new At(0, OptionalLong.of(0)),
            new At(Long.MAX_VALUE, OptionalLong.of(Long.MAX_VALUE)))) {
      assertRefused(Reason.CHUNK_OUT_OF_RANGE, () -> server.send(upload, outside, new byte[1]));
    }
    assertRefused(
        Reason.CHUNK_TOO_LONG,
        () -> server.send(upload, new At(0, OptionalLong.of(1001)), new byte[1001]));
  }

  @Test
  void aWrongChecksumCommitsNothingAndTheRightOneDoes() throws IOException {
    byte[] chunk = TestServer.chunk(file, 0);
    Checksum right = TestServer.crc(chunk);
    byte[] flipped = chunk.clone();
    flipped[500] ^= 4;
    assertRefused(
        Reason.CHECKSUM_MISMATCH,
        () -> server.send(upload, new Numbered(0), new ByteArrayInputStream(flipped), right));
    assertThat(received()).isEmpty();
    server.send(upload, new Numbered(0), new ByteArrayInputStream(chunk), right);
    assertThat(received()).containsExactly(new ByteRange(0, 1000));
  }

  @Test
  void aSha256MayComeBeforeOrAfterTheBytes() throws IOException {
    byte[] chunk = TestServer.chunk(file, 0);
    var digest = Sha256.digest();
    digest.update(chunk);
    Checksum sha = Sha256.checksum(digest);
    server.send(upload, new Numbered(0), new ByteArrayInputStream(chunk), sha);
    try (ChunkTransfer transfer = server.chunks.begin(upload.id(), null, new Numbered(1), null)) {
      transfer.receive(new ByteArrayInputStream(TestServer.chunk(file, 1)));
      assertRefused(Reason.CHECKSUM_MISMATCH, () -> transfer.commit(sha));
    }
    assertThat(received()).containsExactly(new ByteRange(0, 1000));
  }

  @Test
  void aBodyThatBreaksOffLeavesAShorterRange() {
    assertThatThrownBy(
            () ->
                server.send(upload, new Numbered(0), broken(TestServer.chunk(file, 0), 700), null))
        .isInstanceOf(SourceBroken.class);
    assertThat(received()).containsExactly(new ByteRange(0, 700));
  }

  @Test
  void aBodyThatBreaksOffUnderAnAnnouncedChecksumLeavesNothing() {
    byte[] chunk = TestServer.chunk(file, 0);
    assertThatThrownBy(
            () -> server.send(upload, new Numbered(0), broken(chunk, 700), TestServer.crc(chunk)))
        .isInstanceOf(SourceBroken.class);
    assertThat(received()).isEmpty();
  }

  @Test
  void aBodyThatComesTooSlowlyIsEndedAndWhatArrivedIsKept() {
    assertRefused(
        Reason.TOO_SLOW,
        () -> server.send(upload, new Numbered(0), slow(TestServer.chunk(file, 0), 900), null));
    assertThat(received().get(0).from()).isZero();
    assertThat(received().get(0).length()).isBetween(1L, 300L);
  }

  @Test
  void aBodyThatKeepsTheMinimumRateIsNotEnded() throws IOException {
    server.send(upload, new Numbered(0), slow(TestServer.chunk(file, 0), 99), null);
    assertThat(received()).containsExactly(new ByteRange(0, 1000));
  }

  @Test
  void aBrokenChunkIsCompletedByTheWholeChunk() throws IOException {
    assertThatThrownBy(
            () ->
                server.send(upload, new Numbered(0), broken(TestServer.chunk(file, 0), 700), null))
        .isInstanceOf(SourceBroken.class);
    finishRest();
    assertThat(server.download(upload)).isEqualTo(file);
  }

  @Test
  void theNewestRequestForARangeWins() throws IOException {
    try (ChunkTransfer stale = server.chunks.begin(upload.id(), null, new Numbered(0), null)) {
      server.send(upload, new Numbered(0), TestServer.chunk(file, 0));
      assertRefused(
          Reason.SUPERSEDED, () -> stale.receive(new ByteArrayInputStream(new byte[1000])));
    }
    finishRest();
    assertThat(server.download(upload)).isEqualTo(file);
  }

  @Test
  void aRevokedTransferThatHadReadEverythingCannotCommit() throws IOException {
    try (ChunkTransfer stale = server.chunks.begin(upload.id(), null, new Numbered(0), null)) {
      stale.receive(new ByteArrayInputStream(new byte[1000]));
      server.send(upload, new Numbered(0), TestServer.chunk(file, 0));
      assertRefused(Reason.SUPERSEDED, () -> stale.commit(null));
    }
    finishRest();
    assertThat(server.download(upload)).isEqualTo(file);
  }

  @Test
  void aCancelledUploadTakesNoMore() throws IOException {
    try (ChunkTransfer late = server.chunks.begin(upload.id(), null, new Numbered(0), null)) {
      server.uploads.cancel(upload.id(), null);
      assertRefused(
          Reason.UPLOAD_CANCELLED,
          () -> late.receive(new ByteArrayInputStream(TestServer.chunk(file, 0))));
    }
    assertRefused(
        Reason.UPLOAD_CANCELLED,
        () -> server.send(upload, new Numbered(0), TestServer.chunk(file, 0)));
    assertThat(server.disk.stats().outstandingBytes()).isZero();
  }

  @Test
  void aChunkWhoseBytesHaveAllArrivedIsNotCommittedToACancelledUpload() throws IOException {
    try (ChunkTransfer late = server.chunks.begin(upload.id(), null, new Numbered(0), null)) {
      late.receive(new ByteArrayInputStream(TestServer.chunk(file, 0)));
      server.uploads.cancel(upload.id(), null);
      assertRefused(Reason.UPLOAD_CANCELLED, () -> late.commit(null));
    }
  }

  @Test
  void receivedBytesAreSettledWithTheDiskBudget() throws IOException {
    assertThat(server.disk.stats().outstandingBytes()).isEqualTo(SIZE);
    server.send(upload, new Numbered(0), TestServer.chunk(file, 0));
    server.send(upload, new Numbered(0), TestServer.chunk(file, 0));
    assertThat(server.disk.stats().outstandingBytes()).isEqualTo(SIZE - 1000);
  }

  private void finishRest() throws IOException {
    for (int index = 0; index < 3; index++) {
      server.send(upload, new Numbered(index), TestServer.chunk(file, index));
    }
    upload = server.finishing.finish(upload.id(), null, TestServer.crc(file));
  }

  private List<ByteRange> received() {
    return server.uploads.status(upload.id(), null).received().asList();
  }

  private byte[] slice(int from, int to) {
    return Arrays.copyOfRange(file, from, to);
  }

  /** A body that fails after some bytes, as a cut connection does. */
  private static InputStream broken(byte[] body, int after) {
    InputStream failing =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("connection reset");
          }

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            throw new IOException("connection reset");
          }
        };
    return new SequenceInputStream(new ByteArrayInputStream(body, 0, after), failing);
  }

  /** A body whose every hundred bytes take their time. */
  private InputStream slow(byte[] body, long millisEach) {
    return new ByteArrayInputStream(body) {
      @Override
      public synchronized int read(byte[] target, int offset, int length) {
        int n = super.read(target, offset, Math.min(length, 100));
        server.nanos.addAndGet(millisEach * 10_000 * Math.max(0, n));
        return n;
      }
    };
  }

  private static void assertRefused(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            UploadRefused.class, e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
  }
}
