package dev.spillway.upload;

import dev.spillway.upload.ClientReads.End;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The transfers in progress. Any thread may call. */
final class Transfers {

  private final Set<ChunkTransfer> open = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition oneLess = lock.newCondition();

  void add(ChunkTransfer transfer) {
    open.add(transfer);
  }

  void remove(ChunkTransfer transfer) {
    if (open.remove(transfer)) {
      lock.lock();
      try {
        oneLess.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  int size() {
    return open.size();
  }

  /** Ends those whose clients are too slow, stuck ones among them. */
  void endStuck() {
    for (ChunkTransfer transfer : open) {
      transfer.endIfStuck();
    }
  }

  void endAll(End why) {
    open.forEach(transfer -> transfer.end(why));
  }

  /** Commits what has been written by those whose readers cannot be woken up. */
  void commitInPlaceOfReaders() {
    open.forEach(ChunkTransfer::commitInPlaceOfReader);
  }

  /**
   * Waits until there is none.
   *
   * @return whether that came true in time
   */
  boolean awaitNone(Duration patience) {
    long remaining = patience.toNanos();
    lock.lock();
    try {
      while (!open.isEmpty() && remaining > 0) {
        // Woken up now and then, because adding and removing take no lock.
        long slice = Math.min(remaining, TimeUnit.MILLISECONDS.toNanos(50));
        remaining -= slice - Math.max(0, oneLess.awaitNanos(slice));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    return open.isEmpty();
  }
}
