package dev.spillway.admission;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Lets callers in as long as there are places for them; a caller may need several. The others wait
 * in the order of their arrival: not too many of them, and not for too long. Owned and closed by
 * the part that hands out what is inside; any thread may call.
 *
 * <p>Places that become free are handed straight to the first who waits, so that nobody overtakes:
 * as long as they are not enough for the first, nobody gets them. A fair {@link
 * java.util.concurrent.Semaphore} would do the same, but cannot send its waiters away.
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

  /**
   * One moment's figures.
   *
   * @param inside how many places are taken
   * @param waiting how many callers wait
   * @param oldestWait how long the first of them has been waiting; zero when there is none
   */
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

  /**
   * Takes places, and waits for them if need be.
   *
   * @param needed at least 1, at most all there are
   */
  Outcome enter(int needed) {
    lock.lock();
    try {
      if (closed) {
        return Outcome.CLOSED;
      }
      if (canPass(needed)) {
        free -= needed;
        return Outcome.ENTERED;
      }
      if (waiters.size() >= maxWaiting) {
        return Outcome.CROWDED;
      }
      return await(new Waiter(needed, lock.newCondition(), nanos.getAsLong()));
    } finally {
      lock.unlock();
    }
  }

  /** Takes places if nobody waits, there are enough, and the turnstile is open. Never waits. */
  boolean tryEnter(int needed) {
    lock.lock();
    try {
      boolean entered = !closed && canPass(needed);
      if (entered) {
        free -= needed;
      }
      return entered;
    } finally {
      lock.unlock();
    }
  }

  private boolean canPass(int needed) {
    return waiters.isEmpty() && free >= needed;
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
        // The places came at the same moment: pass them on.
        leave(self.needed);
      }
      return Outcome.INTERRUPTED;
    } finally {
      if (waiters.remove(self)) {
        // Those behind may need fewer places than the one who gives up.
        admitWaiters();
      }
    }
    if (self.entered) {
      return Outcome.ENTERED;
    }
    return closed ? Outcome.CLOSED : Outcome.TIMED_OUT;
  }

  /** Gives places back. Whoever entered gives each of them back exactly once. */
  void leave(int returned) {
    lock.lock();
    try {
      if (returned > places - free) {
        throw new IllegalStateException(
            returned + " places are given back where " + (places - free) + " are taken");
      }
      free += returned;
      admitWaiters();
    } finally {
      lock.unlock();
    }
  }

  private void admitWaiters() {
    Iterator<Waiter> queue = waiters.iterator();
    while (queue.hasNext()) {
      Waiter next = queue.next();
      if (next.needed > free) {
        return;
      }
      free -= next.needed;
      queue.remove();
      next.entered = true;
      next.turn.signal();
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
    private final int needed;
    private final Condition turn;
    private final long since;
    private boolean entered;

    Waiter(int needed, Condition turn, long since) {
      this.needed = needed;
      this.turn = turn;
      this.since = since;
    }
  }
}
