package dev.spillway.admission;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Lets a bounded number of callers in. The others wait in the order of their arrival: not too many
 * of them, and not for too long. Owned and closed by the part that hands out what is inside; any
 * thread may call.
 *
 * <p>A place that becomes free is handed straight to the first who waits, so that nobody overtakes.
 * A fair {@link java.util.concurrent.Semaphore} would do the same, but cannot send its waiters
 * away.
 */
final class Turnstile implements AutoCloseable {

  /** What became of an attempt to enter. */
  enum Outcome {
    /** The caller is in, and must {@link #leave}. */
    ENTERED,
    /** As many as may wait were waiting already. */
    CROWDED,
    TIMED_OUT,
    /** The thread's interrupt flag is set again. */
    INTERRUPTED,
    CLOSED
  }

  /** One moment's figures. */
  record Snapshot(int inside, int waiting, Duration oldestWait) {}

  private final int places;
  private final int maxWaiting;
  private final long maxWaitNanos;
  private final LongSupplier nanos;

  private final ReentrantLock lock = new ReentrantLock();
  // Linked for the order, a set because a waiter that gives up may stand anywhere in it.
  private final Set<Waiter> waiters = new LinkedHashSet<>();
  private int free;
  private boolean closed;

  Turnstile(int places, int maxWaiting, Duration maxWait, LongSupplier nanos) {
    this.places = places;
    this.maxWaiting = maxWaiting;
    this.maxWaitNanos = maxWait.toNanos();
    this.nanos = nanos;
    this.free = places;
  }

  Outcome enter() {
    lock.lock();
    try {
      if (closed) {
        return Outcome.CLOSED;
      }
      if (free > 0) {
        free--;
        return Outcome.ENTERED;
      }
      if (waiters.size() >= maxWaiting) {
        return Outcome.CROWDED;
      }
      return await(new Waiter(lock.newCondition(), nanos.getAsLong()));
    } finally {
      lock.unlock();
    }
  }

  private Outcome await(Waiter self) {
    waiters.add(self);
    try {
      long remaining = maxWaitNanos;
      while (!self.entered && !closed && remaining > 0) {
        remaining = self.turn.awaitNanos(remaining);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      if (self.entered) {
        // The place came at the same moment: pass it on.
        leave();
      }
      return Outcome.INTERRUPTED;
    } finally {
      waiters.remove(self);
    }
    if (self.entered) {
      return Outcome.ENTERED;
    }
    return closed ? Outcome.CLOSED : Outcome.TIMED_OUT;
  }

  /** Gives one place back. Whoever entered calls this exactly once. */
  void leave() {
    lock.lock();
    try {
      Iterator<Waiter> queue = waiters.iterator();
      if (queue.hasNext()) {
        Waiter next = queue.next();
        queue.remove();
        next.entered = true;
        next.turn.signal();
      } else if (free < places) {
        free++;
      } else {
        throw new IllegalStateException("all " + places + " places are free already");
      }
    } finally {
      lock.unlock();
    }
  }

  /** Sends away those who wait and those who come. Those inside stay until they leave. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      waiters.forEach(waiter -> waiter.turn.signal());
      waiters.clear();
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  Snapshot snapshot() {
    lock.lock();
    try {
      Iterator<Waiter> queue = waiters.iterator();
      long oldest = queue.hasNext() ? nanos.getAsLong() - queue.next().since : 0;
      return new Snapshot(places - free, waiters.size(), Duration.ofNanos(oldest));
    } finally {
      lock.unlock();
    }
  }

  /** Somebody who waits. Its fields belong to the lock. */
  private static final class Waiter {
    private final Condition turn;
    private final long since;
    private boolean entered;

    Waiter(Condition turn, long since) {
      this.turn = turn;
      this.since = since;
    }
  }
}
