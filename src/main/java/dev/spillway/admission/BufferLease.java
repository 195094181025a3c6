package dev.spillway.admission;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * The right to use one buffer of a {@link BufferPool}. Belongs to the transfer that leased it,
 * which closes it and keeps neither the buffer nor the window beyond that: both go to somebody
 * else. One thread at a time may use the memory and move to another size; any thread may close.
 *
 * <p>A lease that its holder drops without closing it is taken for an error of the program: the
 * pool finds it, reports who leased it, and gives its memory to others. So whoever uses the memory
 * keeps the lease.
 */
public final class BufferLease implements AutoCloseable {

  private final BufferPool pool;
  private final OpenLease open;

  BufferLease(BufferPool pool, OpenLeases leases, LeaseOrigin origin, Slice slice) {
    this.pool = pool;
    this.open = leases.add(this, origin, slice);
  }

  /**
   * The direct buffer, the same one until the lease grows or shrinks; empty and ready to be filled
   * when it is new. What somebody else left in it has not been erased.
   *
   * @throws IllegalStateException after {@link #close}
   */
  public ByteBuffer bytes() {
    return open.slice().bytes();
  }

  /**
   * A heap buffer for streams that cannot read into a direct one: they use its array, from its
   * {@link ByteBuffer#arrayOffset} on, for {@link ByteBuffer#capacity} bytes. A sixteenth as long
   * as the direct one, and the same one for as long.
   *
   * @throws IllegalStateException after {@link #close}
   */
  public ByteBuffer window() {
    return open.slice().window();
  }

  /**
   * Moves to a buffer of the next size, if that is there at once and nobody waits for memory. What
   * the old one contains is not taken along.
   *
   * @return whether it moved; if not, everything is as it was
   * @throws IllegalStateException after {@link #close}
   */
  public boolean grow() {
    try {
      return pool.grow(open);
    } finally {
      // Until here the memory is in use: the collector may otherwise find that the lease is not.
      Reference.reachabilityFence(this);
    }
  }

  /**
   * Moves to a buffer of the size below, and gives the rest of the memory back. What the old one
   * contains is not taken along.
   *
   * @return whether it moved; it does not when it has the smallest already
   * @throws IllegalStateException after {@link #close}
   */
  public boolean shrink() {
    try {
      return pool.shrink(open);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Gives the buffer back. Only the first call does something. */
  @Override
  public void close() {
    try {
      pool.close(open);
    } finally {
      Reference.reachabilityFence(this);
    }
  }
}
