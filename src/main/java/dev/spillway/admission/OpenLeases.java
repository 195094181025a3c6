package dev.spillway.admission;

import java.lang.ref.ReferenceQueue;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The list of a pool's leases that have not been closed, and the place to learn that the garbage
 * collector found one of them. Any thread may call.
 *
 * <p>Neither a thread nor a {@link java.lang.ref.Cleaner}, which has one: both would outlive an
 * application that is undeployed. The pool looks here whenever it is used.
 */
final class OpenLeases {

  private final LongSupplier nanos;
  private final ReferenceQueue<BufferLease> unreachable = new ReferenceQueue<>();
  private final ReentrantLock lock = new ReentrantLock();
  // Linked, so that the oldest comes first. It also keeps the references alive, without which the
  // collector would tell nobody.
  private final Set<OpenLease> open = new LinkedHashSet<>();

  OpenLeases(LongSupplier nanos) {
    this.nanos = nanos;
  }

  OpenLease add(BufferLease lease, LeaseOrigin origin, Slice slice) {
    lock.lock();
    try {
      OpenLease added = new OpenLease(lease, unreachable, origin, slice, nanos.getAsLong());
      open.add(added);
      return added;
    } finally {
      lock.unlock();
    }
  }

  void remove(OpenLease lease) {
    lock.lock();
    try {
      open.remove(lease);
    } finally {
      lock.unlock();
    }
  }

  /** One whose {@link BufferLease} is gone, closed or not; null when there is no more of them. */
  @Nullable OpenLease pollUnreachable() {
    return unreachable.poll() instanceof OpenLease lease ? lease : null;
  }

  Duration age(OpenLease lease) {
    return Duration.ofNanos(nanos.getAsLong() - lease.since());
  }

  int count() {
    lock.lock();
    try {
      return open.size();
    } finally {
      lock.unlock();
    }
  }

  /** The age of the oldest; zero when there is none. */
  Duration oldest() {
    lock.lock();
    try {
      Iterator<OpenLease> oldestFirst = open.iterator();
      return oldestFirst.hasNext() ? age(oldestFirst.next()) : Duration.ZERO;
    } finally {
      lock.unlock();
    }
  }
}
