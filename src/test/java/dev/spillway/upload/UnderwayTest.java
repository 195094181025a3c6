package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.spillway.upload.ChunkTarget.Numbered;
import dev.spillway.upload.Underway.Phase;
import dev.spillway.upload.UploadRefused.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What others see of chunks on their way, and what ends them. */
class UnderwayTest extends SilentClientTests {

  private static final int BUFFERS = 16;

  private Future<Throwable> sending(Upload upload) throws InterruptedException {
    return silentChunk(upload, new byte[SENT], null);
  }

  private Underway only() {
    List<Underway> underway = server.chunks.underway();
    assertThat(underway).hasSize(1);
    return underway.get(0);
  }

  @Test
  void nothingIsUnderwayWhenNothingIsSent() throws IOException {
    Upload upload = server.open(TestServer.CHUNK);
    server.send(upload, new Numbered(0), new byte[TestServer.CHUNK]);

    assertThat(server.chunks.underway()).isEmpty();
  }

  @Test
  void aChunkThatIsReadTellsItsBytesAndItsSilence() throws Exception {
    Upload upload = server.open(2 * TestServer.CHUNK);
    Future<Throwable> sent = sending(upload);
    server.nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));

    assertThat(only())
        .isEqualTo(
            new Underway(
                upload.id(),
                new ByteRange(0, TestServer.CHUNK),
                SENT,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Phase.READING));

    server.uploads.cancel(upload.id(), null);
    endOf(sent);
    assertThat(server.chunks.underway()).isEmpty();
  }

  @Test
  void aChunkThatHasNoBufferYetIsUnderway() throws Exception {
    Upload upload = server.open(200 * TestServer.CHUNK);
    List<ChunkTransfer> holders = new ArrayList<>();
    Future<Throwable> waiting;
    try {
      // As many of the smallest buffers as the pool has room for.
      for (int i = 0; i < BUFFERS; i++) {
        holders.add(server.chunks.begin(upload.id(), null, new Numbered(i), null));
      }
      waiting =
          threads.submit(
              () ->
                  catchThrowable(
                      () -> server.send(upload, new Numbered(99), new byte[TestServer.CHUNK])));
      assertThat(await(Phase.WAITING_FOR_MEMORY, 99)).isTrue();
    } finally {
      holders.forEach(ChunkTransfer::close);
    }
    assertThat(waiting.get(10, TimeUnit.SECONDS)).isNull();
    assertThat(server.chunks.underway()).isEmpty();
  }

  private boolean await(Phase phase, int chunk) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (System.nanoTime() < deadline) {
      if (server.chunks.underway().stream()
          .anyMatch(
              one ->
                  one.phase() == phase
                      && one.range().from() == (long) chunk * TestServer.CHUNK
                      && one.received() == 0)) {
        return true;
      }
      Thread.onSpinWait();
    }
    return false;
  }

  @Test
  void aChunkThatIsRefusedAtItsBeginningIsNotUnderway() {
    Upload upload = server.open(TestServer.CHUNK);

    assertThat(catchThrowable(() -> server.chunks.begin(upload.id(), null, new Numbered(5), null)))
        .isInstanceOf(UploadRefused.class);
    assertThat(server.chunks.underway()).isEmpty();
  }

  @Test
  void cancellingByAnOperatorEndsTheChunksOnTheirWay() throws Exception {
    Upload upload = server.open(2 * TestServer.CHUNK);
    Future<Throwable> sent = sending(upload);
    Upload other = server.open(2 * TestServer.CHUNK);
    Future<Throwable> others = sending(other);

    server.uploads.cancelByOperator(upload.id());

    assertThat(endOf(sent))
        .isInstanceOfSatisfying(
            UploadRefused.class, e -> assertThat(e.reason()).isEqualTo(Reason.UPLOAD_CANCELLED));
    assertThat(only().upload()).isEqualTo(other.id());
    assertThat(others).isNotDone();
    server.uploads.cancelByOperator(other.id());
    endOf(others);
  }
}
