package dev.spillway.admission;

import dev.spillway.admission.AdmissionRefused.Reason;
import dev.spillway.telemetry.Telemetry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/**
 * The memory that transfers work in, and its bound. Each transfer leases one {@link BufferLease};
 * memory is allocated when it is first needed and used again for ever after.
 *
 * <p>Owned and closed by the composition root; closing sends everybody away who waits, while leases
 * in use stay valid until their holders close them. Any thread may call.
 *
 * <p>Meters: {@code admission.buffers.leased} against {@code .capacity} (both in buffers) shows how
 * full the pool is; {@code .waiting} above 0 for minutes, a {@code .wait} that grows, or any {@code
 * .refused} says that it is too small for the traffic, or that transfers are too slow.
 */
public final class BufferPool implements AutoCloseable {

  /**
   * How much memory there may be, in what pieces, and how long one may be waited for.
   *
   * @param capacityBytes what all leases together may occupy
   * @param bufferBytes the length of a lease's direct buffer
   * @param windowBytes the length of a lease's heap array
   * @param maxWait how long a lease may be waited for
   */
  public record Bounds(long capacityBytes, int bufferBytes, int windowBytes, Duration maxWait) {

    /**
     * @throws IllegalArgumentException when a length is below 1, the wait is negative, or the
     *     capacity does not hold a single lease
     */
    public Bounds {
      if (bufferBytes < 1 || windowBytes < 1 || maxWait.isNegative()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "buffer of %d and window of %d bytes must be at least 1, a wait of %s at least 0",
                bufferBytes,
                windowBytes,
                maxWait));
      }
      if (capacityBytes < (long) bufferBytes + windowBytes) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "a capacity of %d bytes does not hold one buffer of %d and its window of %d",
                capacityBytes,
                bufferBytes,
                windowBytes));
      }
    }

    /** How many leases fit. */
    public int buffers() {
      long fitting = capacityBytes / ((long) bufferBytes + windowBytes);
      return (int) Math.min(fitting, Integer.MAX_VALUE);
    }
  }

  /**
   * One moment's figures.
   *
   * @param capacityBytes the bound
   * @param buffers how many leases there can be at once
   * @param leased how many there are
   * @param waiting how many callers wait for one
   */
  public record Stats(long capacityBytes, int buffers, int leased, int waiting) {}

  private final Bounds bounds;
  private final LongSupplier nanos;
  private final IntFunction<ByteBuffer> allocator;
  private final Turnstile turnstile;
  private final RetrySpread retries = new RetrySpread();
  // The last one given back goes out first: its pages are most likely still in a cache.
  private final ConcurrentLinkedDeque<BufferLease.Memory> idle = new ConcurrentLinkedDeque<>();
  private final Telemetry.Counter refused;
  private final Telemetry.Timer wait;

  public BufferPool(Bounds bounds, Telemetry telemetry) {
    this(bounds, telemetry, System::nanoTime, ByteBuffer::allocateDirect);
  }

  BufferPool(
      Bounds bounds, Telemetry telemetry, LongSupplier nanos, IntFunction<ByteBuffer> allocator) {
    this.bounds = bounds;
    this.nanos = nanos;
    this.allocator = allocator;
    // The threads that may wait are as many as the container has; the time bounds each of them.
    this.turnstile = new Turnstile(bounds.buffers(), Integer.MAX_VALUE, bounds.maxWait(), nanos);
    this.refused = telemetry.counter("admission.buffers.refused");
    this.wait = telemetry.timer("admission.buffers.wait");
    telemetry.gauge("admission.buffers.leased", () -> stats().leased());
    telemetry.gauge("admission.buffers.waiting", () -> stats().waiting());
    telemetry.gauge("admission.buffers.capacity", bounds::buffers);
  }

  /**
   * Leases a buffer, in the order of asking. The caller closes the lease.
   *
   * @throws AdmissionRefused {@link Reason#BUFFERS_BUSY} when none becomes free in time or the
   *     thread is interrupted (its flag is then set again), {@link Reason#DRAINING} when the pool
   *     is closed
   */
  public BufferLease lease() {
    long asked = nanos.getAsLong();
    Turnstile.Outcome outcome = turnstile.enter();
    wait.record(Duration.ofNanos(nanos.getAsLong() - asked));
    if (outcome != Turnstile.Outcome.ENTERED) {
      throw refusal(outcome);
    }
    boolean leased = false;
    try {
      BufferLease.Memory memory = idle.pollFirst();
      BufferLease lease = new BufferLease(this, memory == null ? allocate() : memory);
      leased = true;
      return lease;
    } finally {
      if (!leased) {
        // Out of memory: the place must not be lost with it.
        turnstile.leave();
      }
    }
  }

  private BufferLease.Memory allocate() {
    return new BufferLease.Memory(
        allocator.apply(bounds.bufferBytes()), new byte[bounds.windowBytes()]);
  }

  /** For {@link BufferLease#close}, which calls it once. */
  void giveBack(BufferLease.Memory memory) {
    // Before the place is free: whoever gets the place then finds the memory, so there is never
    // more memory than places.
    if (!turnstile.isClosed()) {
      idle.addFirst(memory);
    }
    turnstile.leave();
  }

  private AdmissionRefused refusal(Turnstile.Outcome outcome) {
    if (outcome == Turnstile.Outcome.CLOSED) {
      return new AdmissionRefused(
          Reason.DRAINING,
          "The server is stopping and takes no new transfers.",
          Map.of(),
          RetrySpread.WHILE_DRAINING);
    }
    refused.add(1);
    Stats now = stats();
    String what =
        outcome == Turnstile.Outcome.INTERRUPTED
            ? "The wait for a transfer buffer was interrupted"
            : "No transfer buffer became free within " + bounds.maxWait().toMillis() + " ms";
    return new AdmissionRefused(
        Reason.BUFFERS_BUSY,
        String.format(
            Locale.ROOT,
            "%s: %d of %d buffers (of %d bytes each, %d in all) are in use and %d requests are waiting."
                + " Send it again later.",
            what,
            now.leased(),
            now.buffers(),
            bounds.bufferBytes() + (long) bounds.windowBytes(),
            bounds.capacityBytes(),
            now.waiting()),
        Map.of(
            "limit", now.buffers(),
            "actual", now.leased(),
            "waiting", now.waiting(),
            "maxWaitMillis", bounds.maxWait().toMillis()),
        retries.next());
  }

  public Stats stats() {
    Turnstile.Snapshot now = turnstile.snapshot();
    return new Stats(bounds.capacityBytes(), bounds.buffers(), now.inside(), now.waiting());
  }

  /** Refuses everybody who waits and everybody who comes. Safe to repeat. */
  @Override
  public void close() {
    turnstile.close();
    idle.clear();
  }
}
