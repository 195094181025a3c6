package dev.spillway.it;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.function.ToIntFunction;
import java.util.stream.LongStream;

/** Several clients that work at once until their server ends, and then compare notes. */
final class RecoveringClients<C extends RecoveringClient> {

  private static final int CLIENTS = 4;
  private static final long PATIENCE_SECONDS = 180;

  private final List<C> clients;

  /**
   * @param client makes one from its seed
   */
  RecoveringClients(long seed, LongFunction<C> client) {
    clients = LongStream.range(seed, seed + CLIENTS).mapToObj(client).toList();
  }

  /** What ends the server, or its disk. */
  @FunctionalInterface
  interface Ending {
    void run() throws Exception;
  }

  /** Holds a server that has just been started to its word, then works until it is cut off. */
  void oneLife(UploadClient http, int millis, Ending ending) throws Exception {
    for (C client : clients) {
      client.inspect(http);
    }
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<Future<?>> work = new ArrayList<>();
      for (C client : clients) {
        work.add(
            threads.submit(
                () -> {
                  client.workUntilCutOff(http);
                  return null;
                }));
      }
      Thread.sleep(millis);
      ending.run();
      for (Future<?> client : work) {
        client.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /**
   * Brings every file to its end.
   *
   * @return how many there are
   */
  int completeEverything(UploadClient http) throws IOException, InterruptedException {
    int files = 0;
    for (C client : clients) {
      files += client.completeEverything(http);
    }
    return files;
  }

  int sum(ToIntFunction<C> figure) {
    return clients.stream().mapToInt(figure).sum();
  }
}
