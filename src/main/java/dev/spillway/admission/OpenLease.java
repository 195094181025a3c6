package dev.spillway.admission;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the pool keeps of a {@link BufferLease} that has not been closed: enough to take its memory
 * back when the lease itself is gone. Never refers to the lease. Any thread may call.
 */
final class OpenLease extends PhantomReference<BufferLease> {

  private final LeaseOrigin origin;
  private final long since;
  // One move or end at a time: whoever closes a lease may be another thread than its user.
  private final ReentrantLock changing = new ReentrantLock();
  private volatile @Nullable Slice slice;

  OpenLease(
      BufferLease lease,
      ReferenceQueue<BufferLease> unreachable,
      LeaseOrigin origin,
      Slice slice,
      long since) {
    super(lease, unreachable);
    this.origin = origin;
    this.slice = slice;
    this.since = since;
  }

  LeaseOrigin origin() {
    return origin;
  }

  /** The pool's nanosecond clock when it was leased. */
  long since() {
    return since;
  }

  /**
   * What is leased.
   *
   * @throws IllegalStateException after the end
   */
  Slice slice() {
    Slice held = slice;
    if (held == null) {
      throw new IllegalStateException("the lease is closed; its buffer belongs to somebody else");
    }
    return held;
  }

  /**
   * Puts another slice in the place of this one.
   *
   * @param exchange gives the other one; null when everything stays as it is
   * @return whether there was another one
   * @throws IllegalStateException after the end
   */
  boolean move(Function<Slice, @Nullable Slice> exchange) {
    changing.lock();
    try {
      Slice moved = exchange.apply(slice());
      if (moved != null) {
        slice = moved;
      }
      return moved != null;
    } finally {
      changing.unlock();
    }
  }

  /** Ends the lease; the slice is the caller's to give back. Null when it has ended before. */
  @Nullable Slice end() {
    changing.lock();
    try {
      Slice held = slice;
      slice = null;
      return held;
    } finally {
      changing.unlock();
    }
  }
}
