package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.spillway.admission.AdmissionRefused;
import dev.spillway.upload.ChunkTarget.Numbered;
import dev.spillway.upload.UploadRefused.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What becomes of a chunk whose client has gone silent. */
class TransferEndTest extends SilentClientTests {

  private static final byte[] FILE = new byte[TestServer.CHUNK];

  static {
    new Random(3).nextBytes(FILE);
  }

  private List<ByteRange> received(Upload upload) {
    return server.uploads.status(upload.id(), null).received().asList();
  }

  @Test
  void aNewerRequestEndsTheOlderOneAtOnceAndIsReceived() throws Exception {
    Upload upload = server.open(FILE.length);
    Future<Throwable> older = silentChunk(upload, FILE, null);
    server.send(upload, new Numbered(0), FILE);
    assertThat(endOf(older))
        .isInstanceOfSatisfying(
            UploadRefused.class, e -> assertThat(e.reason()).isEqualTo(Reason.SUPERSEDED));
    server.finishing.finish(upload.id(), null, null);
    assertThat(server.download(upload)).isEqualTo(FILE);
  }

  @Test
  void aStuckChunkIsEndedAndWhatArrivedIsKept() throws Exception {
    Upload upload = server.open(FILE.length);
    Future<Throwable> stuck = silentChunk(upload, FILE, null);
    server.chunks.endStuck();
    assertThat(stuck.isDone()).as("within its grace").isFalse();
    server.nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
    server.chunks.endStuck();
    assertThat(endOf(stuck))
        .isInstanceOfSatisfying(
            UploadRefused.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_SLOW));
    assertThat(received(upload)).containsExactly(new ByteRange(0, SENT));
  }

  @Test
  void whatArrivedOfAStuckChunkWithAChecksumIsNotKept() throws Exception {
    Upload upload = server.open(FILE.length);
    Future<Throwable> stuck = silentChunk(upload, FILE, TestServer.crc(FILE));
    server.nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
    server.chunks.endStuck();
    assertThat(endOf(stuck)).isInstanceOf(UploadRefused.class);
    assertThat(received(upload)).isEmpty();
  }

  @Test
  void drainingEndsWhatDoesNotArriveInTimeAtADurablePoint() throws Exception {
    Upload upload = server.open(FILE.length);
    Future<Throwable> running = silentChunk(upload, FILE, null);
    assertThat(server.chunks.inProgress()).isEqualTo(1);
    assertThat(server.chunks.drain(Duration.ofMillis(20))).isTrue();
    assertThat(endOf(running))
        .isInstanceOfSatisfying(
            AdmissionRefused.class,
            e -> assertThat(e.reason()).isEqualTo(AdmissionRefused.Reason.DRAINING));
    assertThat(received(upload)).containsExactly(new ByteRange(0, SENT));
    server.send(upload, new Numbered(0), FILE);
    server.finishing.finish(upload.id(), null, null);
    assertThat(server.download(upload)).isEqualTo(FILE);
  }

  /** As in Tomcat, whose reads no interrupt ends. */
  @Test
  void drainingCommitsWhatHasBeenWrittenForAReaderThatCannotBeWokenUp() throws Exception {
    Upload upload = server.open(FILE.length);
    CountDownLatch silent = new CountDownLatch(1);
    CountDownLatch timeout = new CountDownLatch(1);
    InputStream deaf =
        new InputStream() {
          private int position;

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            if (position < SENT) {
              int n = Math.min(length, SENT - position);
              System.arraycopy(FILE, position, target, offset, n);
              position += n;
              return n;
            }
            silent.countDown();
            while (true) {
              try {
                timeout.await();
                throw new IOException("timeout");
              } catch (InterruptedException e) {
                silent.countDown();
              }
            }
          }

          @Override
          public int read() {
            throw new UnsupportedOperationException();
          }
        };
    Future<Throwable> chunk =
        threads.submit(
            () -> catchThrowable(() -> server.send(upload, new Numbered(0), deaf, null)));
    assertThat(silent.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(server.chunks.drain(Duration.ZERO)).isFalse();
    assertThat(received(upload).get(0).from()).isZero();
    assertThat(received(upload).get(0).to()).isBetween(64L, (long) SENT);
    timeout.countDown();
    assertThat(endOf(chunk)).isNotNull();
    server.send(upload, new Numbered(0), FILE);
    server.finishing.finish(upload.id(), null, null);
    assertThat(server.download(upload)).isEqualTo(FILE);
  }

  @Test
  void drainingWaitsForAChunkThatArrivesInTime() throws Exception {
    Upload upload = server.open(FILE.length);
    CountDownLatch mayGoOn = new CountDownLatch(1);
    CountDownLatch waiting = new CountDownLatch(1);
    InputStream late =
        new InputStream() {
          private int position;

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            waiting.countDown();
            try {
              mayGoOn.await();
            } catch (InterruptedException e) {
              throw new InterruptedIOException("interrupted");
            }
            int n = Math.min(length, FILE.length - position);
            System.arraycopy(FILE, position, target, offset, n);
            position += n;
            return n == 0 ? -1 : n;
          }

          @Override
          public int read() {
            throw new UnsupportedOperationException();
          }
        };
    Future<ChunkReceipt> chunk =
        threads.submit(() -> server.send(upload, new Numbered(0), late, null));
    assertThat(waiting.await(10, TimeUnit.SECONDS)).isTrue();
    Future<Boolean> drained = threads.submit(() -> server.chunks.drain(Duration.ofSeconds(20)));
    mayGoOn.countDown();
    assertThat(chunk.get(10, TimeUnit.SECONDS).missingBytes()).isZero();
    assertThat(drained.get(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void withNothingInProgressDrainingIsDone() {
    assertThat(server.chunks.drain(Duration.ZERO)).isTrue();
  }

  @Test
  void aFastClientsBytesArriveWhateverTheBufferGrowsTo() throws IOException {
    byte[] large = new byte[5000];
    new Random(4).nextBytes(large);
    Upload upload =
        server
            .uploads
            .create(
                new UploadRequest("x", large.length, null, 5000, null, Map.of()),
                TestServer.client(null),
                null)
            .upload();
    server.send(upload, new Numbered(0), large);
    server.finishing.finish(upload.id(), null, null);
    assertThat(Arrays.equals(server.download(upload), large)).isTrue();
  }
}
