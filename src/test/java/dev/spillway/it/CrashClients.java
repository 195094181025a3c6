package dev.spillway.it;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** Several clients that work at once until their server ends, and then compare notes. */
final class CrashClients {

  private static final int CLIENTS = 4;

  private final List<CrashClient> clients;

  /**
   * @param mayFail whether the server may answer 5xx before it dies, because its disk is gone
   */
  CrashClients(long seed, boolean mayFail) {
    clients =
        LongStream.range(seed, seed + CLIENTS)
            .mapToObj(each -> new CrashClient(each, mayFail))
            .toList();
  }

  /** What ends the server, or its disk. */
  @FunctionalInterface
  interface Ending {
    void run() throws Exception;
  }

  /** Holds a server that has just been started to its word, then works until it is cut off. */
  void oneLife(UploadClient http, int millis, Ending ending) throws Exception {
    for (CrashClient client : clients) {
      client.requireWhatWasAcknowledged(http);
    }
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<Future<?>> work = new ArrayList<>();
      for (CrashClient client : clients) {
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
        client.get(90, TimeUnit.SECONDS);
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
    for (CrashClient client : clients) {
      files += client.completeEverything(http);
    }
    return files;
  }

  int acknowledgedChunks() {
    return clients.stream().mapToInt(CrashClient::acknowledgedChunks).sum();
  }
}
