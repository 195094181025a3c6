package dev.spillway.catalog;

import dev.spillway.telemetry.Telemetry;
import dev.spillway.upload.Catalog.CommitOutcome;
import dev.spillway.upload.CatalogUnavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers the commits of many threads, so that all of those waiting share one forced write to disk.
 * Owns one thread, which ends at {@link #close}; any thread may call.
 */
final class GroupCommitter implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(GroupCommitter.class);

  /** How many more commits go with the first one. */
  static final int MORE = 128;

  private static final long IDLE_POLL_MILLIS = 100;

  private enum Phase {
    OPEN,
    /** No new commits; those in the queue are still made. */
    DRAINING,
    /** What is in the queue is refused. */
    STOPPED
  }

  private final Duration timeout;
  private final LongSupplier nanoTime;
  private final Consumer<List<PendingCommit>> writer;
  private final BlockingQueue<PendingCommit> queue;
  private final Telemetry.Timer waited;
  private final Telemetry.Counter refused;
  private final Thread thread;
  private volatile Phase phase = Phase.OPEN;

  /**
   * @param queueSize how many commits may wait
   * @param timeout how long each of them waits, and a second time for an outcome under way
   * @param writer makes commits and gives each its outcome
   */
  GroupCommitter(
      int queueSize,
      Duration timeout,
      LongSupplier nanoTime,
      Consumer<List<PendingCommit>> writer,
      Telemetry telemetry) {
    this.timeout = timeout;
    this.nanoTime = nanoTime;
    this.writer = writer;
    this.queue = new ArrayBlockingQueue<>(queueSize);
    this.waited =
        telemetry.timer("catalog.commit", "How long a chunk waited until its range was on record.");
    this.refused =
        telemetry.bound("commits", () -> Telemetry.Occupancy.of(queue.size(), queueSize));
    this.thread = new Thread(this::run, "spillway-commit");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /**
   * Waits until the commit is durable, or certainly not made.
   *
   * @throws CatalogUnavailable when it was not made, or its outcome is not known in time
   */
  CommitOutcome commit(Commit commit) {
    long start = nanoTime.getAsLong();
    PendingCommit pending = new PendingCommit(commit);
    try {
      enqueue(pending);
      return awaitOutcome(pending, timeout.toNanos() - (nanoTime.getAsLong() - start));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      pending.withdraw();
      throw new CatalogUnavailable("the wait for the commit was interrupted", e);
    } finally {
      waited.record(Duration.ofNanos(nanoTime.getAsLong() - start));
    }
  }

  private void enqueue(PendingCommit pending) throws InterruptedException {
    if (phase != Phase.OPEN) {
      throw closed();
    }
    if (!queue.offer(pending, timeout.toNanos(), TimeUnit.NANOSECONDS)) {
      refused.add(1);
      throw late("the queue of commits was full for " + timeout);
    }
    // The thread may have looked into the queue for the last time just before.
    if (phase == Phase.STOPPED && pending.withdraw()) {
      throw closed();
    }
  }

  private CommitOutcome awaitOutcome(PendingCommit pending, long nanos)
      throws InterruptedException {
    Optional<CommitOutcome> outcome = pending.await(nanos);
    if (outcome.isEmpty() && pending.withdraw()) {
      queue.remove(pending);
      throw late("the commit did not get its turn within " + timeout);
    }
    if (outcome.isEmpty()) {
      outcome = pending.await(timeout.toNanos());
    }
    return outcome.orElseThrow(() -> late("the outcome of the commit is not known"));
  }

  private static CatalogUnavailable late(String message) {
    return new CatalogUnavailable(message, new TimeoutException(message));
  }

  private static CatalogUnavailable closed() {
    String message = "the catalogue is closed";
    return new CatalogUnavailable(message, new IllegalStateException(message));
  }

  private void run() {
    try {
      while (phase == Phase.OPEN || (phase == Phase.DRAINING && !queue.isEmpty())) {
        List<PendingCommit> batch = nextBatch();
        if (!batch.isEmpty()) {
          make(batch);
        }
      }
    } catch (InterruptedException e) {
      log.warn("the thread that makes commits was interrupted and ends");
    } finally {
      phase = Phase.STOPPED;
      refuseAll();
    }
  }

  /** The commits that wait now, or none. */
  private List<PendingCommit> nextBatch() throws InterruptedException {
    List<PendingCommit> waiting = new ArrayList<>();
    PendingCommit first = queue.poll(IDLE_POLL_MILLIS, TimeUnit.MILLISECONDS);
    if (first != null) {
      waiting.add(first);
      queue.drainTo(waiting, MORE);
    }
    waiting.removeIf(pending -> !pending.take());
    return waiting;
  }

  private void make(List<PendingCommit> batch) {
    try {
      writer.accept(batch);
    } catch (RuntimeException | Error e) {
      // The thread goes on: without it, no upload would ever be accepted again.
      log.error("a batch of {} commits could not be made", batch.size(), e);
      batch.forEach(pending -> pending.fail(e));
    }
  }

  private void refuseAll() {
    List<PendingCommit> left = new ArrayList<>();
    queue.drainTo(left);
    for (PendingCommit pending : left) {
      if (pending.withdraw()) {
        pending.fail(closed());
      }
    }
  }

  /** Makes the commits that wait, refuses new ones, and ends the thread. Waits a bounded time. */
  @Override
  public void close() {
    if (phase == Phase.OPEN) {
      phase = Phase.DRAINING;
    }
    try {
      thread.join(timeout.toMillis());
      phase = Phase.STOPPED;
      thread.join(timeout.toMillis());
      if (thread.isAlive()) {
        log.warn("the thread that makes commits is still waiting for the database");
      }
    } catch (InterruptedException e) {
      phase = Phase.STOPPED;
      Thread.currentThread().interrupt();
    }
  }
}
