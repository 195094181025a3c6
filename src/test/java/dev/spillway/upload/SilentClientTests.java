package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.spillway.upload.ChunkTarget.Numbered;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests of chunks whose clients send a part and then nothing, with the connection open. */
abstract class SilentClientTests {

  /** How much they send. */
  static final int SENT = 700;

  private static final long PATIENCE_SECONDS = 60;

  @TempDir private Path root;
  TestServer server;
  final ExecutorService threads = Executors.newCachedThreadPool();

  @BeforeEach
  final void startServer() throws IOException {
    server = new TestServer(root);
  }

  @AfterEach
  final void stopServer() throws InterruptedException {
    threads.shutdownNow();
    assertThat(threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    server.close();
  }

  private static final class FallsSilent extends InputStream {
    private final CountDownLatch silent = new CountDownLatch(1);
    private final byte[] file;
    private int position;

    FallsSilent(byte[] file) {
      this.file = file;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (position < SENT) {
        int n = Math.min(length, SENT - position);
        System.arraycopy(file, position, target, offset, n);
        position += n;
        return n;
      }
      silent.countDown();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        throw new InterruptedIOException("interrupted");
      }
      return -1;
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException();
    }
  }

  /**
   * Begins to send the first chunk of a file, and waits until its client has gone silent.
   *
   * @return done with what has become of the chunk
   */
  final Future<Throwable> silentChunk(Upload upload, byte[] file, @Nullable Checksum announced)
      throws InterruptedException {
    FallsSilent body = new FallsSilent(file);
    Future<Throwable> end =
        threads.submit(
            () -> catchThrowable(() -> server.send(upload, new Numbered(0), body, announced)));
    assertThat(body.silent.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    return end;
  }

  static Throwable endOf(Future<Throwable> chunk) throws Exception {
    return chunk.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
