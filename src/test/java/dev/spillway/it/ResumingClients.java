package dev.spillway.it;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** Several {@link ResumingClient}s that work at once until their server loses its disk. */
final class ResumingClients {

  private static final int CLIENTS = 4;

  private final List<ResumingClient> clients;

  ResumingClients(long seed) {
    clients = LongStream.range(seed, seed + CLIENTS).mapToObj(ResumingClient::new).toList();
  }

  /** Looks at the finished files, then works until it is cut off. */
  void oneLife(UploadClient http, int millis, CrashClients.Ending ending) throws Exception {
    for (ResumingClient client : clients) {
      client.requireFinishedFiles(http);
    }
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<Future<?>> work = new ArrayList<>();
      for (ResumingClient client : clients) {
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
    for (ResumingClient client : clients) {
      files += client.completeEverything(http);
    }
    return files;
  }
}
