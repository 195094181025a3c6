package dev.spillway.admission;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The right to use one buffer of a {@link BufferPool}. Belongs to the transfer that leased it,
 * which closes it and keeps neither the buffer nor the window beyond that: both go to somebody
 * else. One thread at a time may use the memory; any thread may close.
 */
public final class BufferLease implements AutoCloseable {

  /** What is leased. It outlives the lease. */
  static final class Memory {
    private final ByteBuffer bytes;
    private final byte[] window;

    Memory(ByteBuffer bytes, byte[] window) {
      this.bytes = bytes;
      this.window = window;
    }
  }

  private final BufferPool pool;
  private final AtomicReference<@Nullable Memory> memory;

  BufferLease(BufferPool pool, Memory memory) {
    this.pool = pool;
    this.memory = new AtomicReference<>(memory);
    memory.bytes.clear();
  }

  /**
   * The direct buffer, always the same one; empty and ready to be filled when the lease is new.
   * What somebody else left in it has not been erased.
   *
   * @throws IllegalStateException after {@link #close}
   */
  public ByteBuffer bytes() {
    return held().bytes;
  }

  /**
   * A heap array for streams that cannot read into a buffer, always the same one.
   *
   * @throws IllegalStateException after {@link #close}
   */
  public byte[] window() {
    return held().window;
  }

  private Memory held() {
    Memory held = memory.get();
    if (held == null) {
      throw new IllegalStateException("the lease is closed; its buffer belongs to somebody else");
    }
    return held;
  }

  /** Gives the buffer back. Only the first call does something. */
  @Override
  public void close() {
    Memory held = memory.getAndSet(null);
    if (held != null) {
      pool.giveBack(held);
    }
  }
}
