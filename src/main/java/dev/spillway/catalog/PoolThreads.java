package dev.spillway.catalog;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;

/**
 * The threads of one pool of connections. A pool that is closed tells them to end and does not wait
 * for it; a container that looks for threads of an application that has ended finds them then.
 * Whoever closes the pool waits here. Any thread may call.
 */
final class PoolThreads implements ThreadFactory {

  private static final Duration LONGEST_GOODBYE = Duration.ofSeconds(2);

  private final String name;
  private final List<Thread> threads = new CopyOnWriteArrayList<>();

  PoolThreads(String name) {
    this.name = name;
  }

  @Override
  public Thread newThread(Runnable task) {
    threads.removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    threads.add(thread);
    return thread;
  }

  /** Waits for those that are left of a pool that has been closed, two seconds at most. */
  void awaitEnd() {
    long end = System.nanoTime() + LONGEST_GOODBYE.toNanos();
    try {
      for (Thread thread : threads) {
        thread.join(Math.max(1, Duration.ofNanos(end - System.nanoTime()).toMillis()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
