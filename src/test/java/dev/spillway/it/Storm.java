package dev.spillway.it;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Many clients at once, good, bad and unlucky ones. */
final class Storm {

  private static final long SETTLE_SECONDS = 120;

  private final URI base;
  private final int clients;
  private final StormRecord record = new StormRecord();

  Storm(URI base, int clients) {
    this.base = base;
    this.clients = clients;
  }

  StormRecord record() {
    return record;
  }

  /** Lets every client do everything once, and then what it likes for a time. */
  void run(long seed, Duration time) throws Exception {
    StormFiles files = new StormFiles();
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    ExecutorService helpers = Executors.newCachedThreadPool();
    try {
      List<StormWorker> workers = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        workers.add(new StormWorker(base, seed * 1_000 + i, record, files, helpers));
      }
      long deadline = System.nanoTime() + time.toNanos();
      each(
          workers,
          threads,
          time,
          worker -> {
            worker.doesEverythingOnce();
            worker.storms(deadline);
          });
      each(workers, threads, Duration.ZERO, StormWorker::settles);
    } finally {
      threads.shutdownNow();
      helpers.shutdownNow();
    }
  }

  private interface Work {
    void with(StormWorker worker) throws Exception;
  }

  private static void each(
      List<StormWorker> workers, ExecutorService threads, Duration time, Work work)
      throws Exception {
    List<Callable<Boolean>> calls = new ArrayList<>();
    for (StormWorker worker : workers) {
      calls.add(
          () -> {
            work.with(worker);
            return true;
          });
    }
    for (Future<Boolean> call :
        threads.invokeAll(calls, time.toSeconds() + SETTLE_SECONDS, TimeUnit.SECONDS)) {
      call.get();
    }
  }
}
