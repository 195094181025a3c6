package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.upload.ClientReads.End;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClientReadsTest {

  private final AtomicLong nanos = new AtomicLong();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private ClientReads reads() {
    return new ClientReads(new MinimumRate(1000, Duration.ofSeconds(2), nanos::get));
  }

  @AfterEach
  void stop() throws InterruptedException {
    threads.shutdownNow();
    assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }

  /** A client that sends nothing. */
  private static class Silence extends InputStream {
    final CountDownLatch asked = new CountDownLatch(1);
    final CountDownLatch never = new CountDownLatch(1);

    @Override
    public int read() throws IOException {
      asked.countDown();
      try {
        never.await();
      } catch (InterruptedException e) {
        throw new InterruptedIOException("interrupted");
      }
      return -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return read();
    }
  }

  private static int read(ClientReads reads, InputStream body) throws IOException {
    return reads.read(body, ByteBuffer.allocate(16), 16);
  }

  private void requireEnds(ClientReads reads, Silence body) throws Exception {
    Future<Boolean> reader =
        threads.submit(
            () -> {
              assertThatThrownBy(() -> read(reads, body)).isInstanceOf(IOException.class);
              return Thread.currentThread().isInterrupted();
            });
    assertThat(body.asked.await(10, TimeUnit.SECONDS)).isTrue();
    reads.end(End.SUPERSEDED);
    assertThat(reader.get(10, TimeUnit.SECONDS)).as("the thread stays interrupted").isFalse();
    assertThat(reads.ended()).contains(End.SUPERSEDED);
  }

  @Test
  void aReadThatWaitsIsEndedAndItsThreadIsLeftAsItWas() throws Exception {
    requireEnds(reads(), new Silence());
  }

  @Test
  void inThePlaceOfAReaderSomethingIsDoneOnlyWhileItReads() throws Exception {
    ClientReads reads = reads();
    AtomicLong done = new AtomicLong();
    reads.whileReading(done::incrementAndGet);
    assertThat(done).hasValue(0);
    Silence body = new Silence();
    Future<?> reader = threads.submit(() -> read(reads, body));
    assertThat(body.asked.await(10, TimeUnit.SECONDS)).isTrue();
    reads.whileReading(done::incrementAndGet);
    assertThat(done).hasValue(1);
    reads.end(End.DRAINING);
    assertThatThrownBy(() -> reader.get(10, TimeUnit.SECONDS)).hasRootCauseMessage("interrupted");
  }

  @Test
  void afterTheEndNothingIsRead() {
    ClientReads reads = reads();
    reads.end(End.DRAINING);
    assertThatThrownBy(() -> read(reads, InputStream.nullInputStream()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("DRAINING");
  }

  @Test
  void theFirstReasonStays() {
    ClientReads reads = reads();
    reads.end(End.TOO_SLOW);
    reads.end(End.DRAINING);
    assertThat(reads.ended()).contains(End.TOO_SLOW);
  }

  @Test
  void aThreadThatDoesNotReadIsNotInterrupted() throws Exception {
    ClientReads reads = reads();
    assertThat(read(reads, InputStream.nullInputStream())).isEqualTo(-1);
    reads.end(End.SUPERSEDED);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void aStuckReadIsEndedOnceTheGraceIsOver() throws InterruptedException, ExecutionException {
    ClientReads reads = reads();
    Silence body = new Silence();
    Future<?> reader = threads.submit(() -> read(reads, body));
    assertThat(body.asked.await(10, TimeUnit.SECONDS)).isTrue();
    reads.endIfStuck();
    assertThat(reads.ended()).isEmpty();
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(60));
    reads.endIfStuck();
    assertThat(reads.ended()).contains(End.TOO_SLOW);
    assertThatThrownBy(() -> reader.get(10, TimeUnit.SECONDS)).hasRootCauseMessage("interrupted");
  }
}
