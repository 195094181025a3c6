package dev.spillway.it;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that send their uploads' chunks one after the other, over and over, each on a thread of
 * its own, until they are closed. A refusal is waited out.
 */
final class SteadyClients implements AutoCloseable {

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long PAUSE_AFTER_REFUSAL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final UploadClient http;
  private final int chunkSize;
  private final ExecutorService threads;
  private final AtomicLong acknowledged = new AtomicLong();

  private SteadyClients(UploadClient http, int chunkSize, int count) {
    this.http = http;
    this.chunkSize = chunkSize;
    this.threads = Executors.newFixedThreadPool(count);
  }

  /**
   * @param ids uploads of so many chunks that they do not come to their end
   */
  static SteadyClients start(UploadClient http, List<String> ids, int chunkSize) {
    SteadyClients clients = new SteadyClients(http, chunkSize, ids.size());
    ids.forEach(id -> clients.threads.execute(() -> clients.send(id)));
    return clients;
  }

  /** How many chunks the server has taken. */
  long acknowledged() {
    return acknowledged.get();
  }

  private void send(String id) {
    byte[] chunk = new byte[chunkSize];
    try {
      for (int index = 0; !Thread.currentThread().isInterrupted(); ) {
        Answer answer = http.putChunk(id, index, chunk);
        if (answer.status() == 200) {
          acknowledged.incrementAndGet();
          index++;
          LockSupport.parkNanos(PAUSE_NANOS);
        } else if (answer.status() == 503) {
          LockSupport.parkNanos(PAUSE_AFTER_REFUSAL_NANOS);
        } else {
          return;
        }
      }
    } catch (IOException e) {
      // The server has gone: the test is over.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws InterruptedException {
    threads.shutdownNow();
    if (!threads.awaitTermination(30, TimeUnit.SECONDS)) {
      throw new AssertionError("clients do not end");
    }
  }
}
