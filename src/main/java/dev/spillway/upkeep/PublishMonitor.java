package dev.spillway.upkeep;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Where the publisher's threads wait for what to do next, and tell what has come of it. It keeps
 * the {@link PublishScheduler} under one lock, and nobody asks the disk, the catalogue, the
 * destination or the log for anything while he holds it: whoever brings work waits for nobody.
 *
 * <p>Any thread may call.
 */
final class PublishMonitor {

  /** Nobody waits longer without looking around: what he waits for may have no moment. */
  private static final long LONGEST_WAIT = TimeUnit.SECONDS.toNanos(30);

  private static final long MOMENT = TimeUnit.SECONDS.toNanos(1);

  private final PublishScheduler scheduler;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean closed;

  PublishMonitor(PublishScheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** Waits until there is something to do. Empty when there will be nothing any more. */
  Optional<PublishTask> next(PublishTask.Kinds worker) {
    lock.lock();
    try {
      while (!closed) {
        Optional<PublishTask> task = scheduler.task(worker);
        if (task.isPresent()) {
          return task;
        }
        rest(scheduler.untilSomethingIsDue(LONGEST_WAIT));
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Waits a moment, after something that must not happen at full speed. */
  void restAMoment() {
    lock.lock();
    try {
      if (!closed) {
        rest(MOMENT);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Only {@link #close} ends a thread: an interruption is nobody's here. Why it woke up does not
   * matter, and to wake up early does no harm.
   */
  @SuppressWarnings({"unused", "WaitNotInLoop"})
  private void rest(long nanos) {
    try {
      long left = changed.awaitNanos(nanos);
    } catch (InterruptedException e) {
      // Looks around.
    }
  }

  /** Changes something, wakes those who may wait for it, and then tells people. */
  void change(Consumer<PublishScheduler> what) {
    ask(
        now -> {
          what.accept(now);
          return now;
        });
  }

  /** The same, for an answer. */
  <T> T ask(Function<PublishScheduler, T> what) {
    T answer;
    List<Runnable> told;
    lock.lock();
    try {
      answer = what.apply(scheduler);
      if (scheduler.hasTurned()) {
        changed.signalAll();
      }
      told = scheduler.told();
    } finally {
      lock.unlock();
    }
    told.forEach(Runnable::run);
    return answer;
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Nothing is begun any more. What is under way goes on until somebody ends it. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
