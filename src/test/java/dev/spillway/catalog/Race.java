package dev.spillway.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Runs things at the same moment, each in a thread of its own. */
final class Race {

  private static final long PATIENCE_SECONDS = 60;

  private Race() {}

  /** What each of the runners gave back, in their order. */
  static <T> List<T> run(List<Callable<T>> runners) throws Exception {
    CyclicBarrier start = new CyclicBarrier(runners.size());
    ExecutorService threads = Executors.newFixedThreadPool(runners.size());
    try {
      List<Future<T>> running = new ArrayList<>();
      for (Callable<T> runner : runners) {
        running.add(
            threads.submit(
                () -> {
                  start.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
                  return runner.call();
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> one : running) {
        results.add(one.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }
}
