package dev.spillway.admission;

import dev.spillway.admission.AdmissionRefused.Reason;
import dev.spillway.telemetry.Telemetry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory that transfers work in, and its bound. Each transfer leases one {@link BufferLease} of
 * the smallest size and lets it grow when its client proves fast, so that thousands of slow clients
 * cost little. Memory is allocated when it is first needed and used again for ever after.
 *
 * <p>Owned and closed by the composition root; closing sends everybody away who waits, while leases
 * in use stay valid until their holders close them. Any thread may call.
 *
 * <p>A lease that was dropped without being closed is found after the garbage collector has met it,
 * by whoever uses the pool next: it is logged as an error with the code that took it, and its
 * memory is used again.
 *
 * <p>Meters: the bound {@code buffer-bytes} shows how full the pool is; under {@code
 * admission.buffers}, it is in {@code .leases} pieces, and {@code .allocated.bytes} is what it has
 * ever needed. Waiting above 0 for minutes, a {@code .wait} that grows, or any refusal says that it
 * is too small for the traffic, or that transfers are too slow; many {@code .growth-refused}
 * against {@code .grown} say that fast clients are held back by it. An {@code
 * .oldest.lease.seconds} beyond the longest transfer says that one hangs, any {@code .lost} that
 * the program has an error.
 */
public final class BufferPool implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(BufferPool.class);

  /**
   * How much memory there may be, in what pieces, how many may wait for it, and for how long.
   *
   * <p>The sizes between the smallest and the largest are eight times as long each. A heap window
   * of a sixteenth of its length belongs to each buffer and counts.
   *
   * @param capacityBytes what all memory together may occupy
   * @param smallestBytes the length of the smallest direct buffer, a power of two
   * @param largestBytes the length of the largest direct buffer, a power of two
   * @param maxWaiting how many may wait for a lease
   * @param maxWait how long each of them may wait
   */
  public record Bounds(
      long capacityBytes, int smallestBytes, int largestBytes, int maxWaiting, Duration maxWait) {

    private static final int LEAST = 16;

    /**
     * @throws IllegalArgumentException when a length is not a power of two or too short to have a
     *     window, the smallest is longer than the largest, another bound is negative, or the
     *     capacity does not hold a single largest buffer with its window
     */
    public Bounds {
      if (!isLength(smallestBytes) || !isLength(largestBytes) || smallestBytes > largestBytes) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "buffers of %d to %d bytes must be powers of two, at least %d, the smaller first",
                smallestBytes,
                largestBytes,
                LEAST));
      }
      if (maxWaiting < 0 || maxWait.isNegative()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "%d waiting and a wait of %s must be at least 0",
                maxWaiting,
                maxWait));
      }
      if (capacityBytes < SizeClasses.withWindow(largestBytes)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "a capacity of %d bytes does not hold one buffer of %d and its window of %d",
                capacityBytes,
                largestBytes,
                SizeClasses.windowOf(largestBytes)));
      }
    }

    private static boolean isLength(int bytes) {
      return bytes >= LEAST && Integer.bitCount(bytes) == 1;
    }
  }

  /**
   * One moment's figures.
   *
   * @param capacityBytes the bound
   * @param leasedBytes what is leased, windows included
   * @param allocatedBytes what the pool has allocated so far; it keeps it
   * @param leased how many leases there are
   * @param waiting how many callers wait for one
   * @param oldestWait how long the first of them has been waiting; zero when there is none
   * @param oldestLease how long the oldest lease has been held; zero when there is none
   * @param lost how many leases have been dropped without being closed, so far
   */
  public record Stats(
      long capacityBytes,
      long leasedBytes,
      long allocatedBytes,
      int leased,
      int waiting,
      Duration oldestWait,
      Duration oldestLease,
      long lost) {}

  private final Bounds bounds;
  private final LongSupplier nanos;
  private final BufferMemory memory;
  private final OpenLeases leases;
  private final RetrySpread retries = new RetrySpread();
  private final AtomicLong lost = new AtomicLong();
  private final BufferMeters meters;

  public BufferPool(Bounds bounds, Telemetry telemetry) {
    this(bounds, telemetry, System::nanoTime, ByteBuffer::allocateDirect);
  }

  BufferPool(
      Bounds bounds, Telemetry telemetry, LongSupplier nanos, IntFunction<ByteBuffer> allocator) {
    this.bounds = bounds;
    this.nanos = nanos;
    this.memory = new BufferMemory(bounds, nanos, allocator);
    this.leases = new OpenLeases(nanos);
    this.meters = BufferMeters.of(telemetry, this::stats);
  }

  /**
   * Leases a buffer of the smallest size, in the order of asking. The caller closes the lease.
   *
   * @throws AdmissionRefused {@link Reason#BUFFERS_BUSY} when too many wait, none becomes free in
   *     time or the thread is interrupted (its flag is then set again), {@link Reason#DRAINING}
   *     when the pool is closed
   */
  public BufferLease lease() {
    return lease(SizeClasses.SMALLEST, LeaseOrigin.ofCaller());
  }

  /**
   * Leases a buffer of the largest size that is there at once; waits like {@link #lease} when there
   * is not even one of the smallest. For work that is never slow, such as reading a file.
   *
   * @throws AdmissionRefused as {@link #lease} does
   */
  public BufferLease leaseLargest() {
    return lease(memory.largest(), LeaseOrigin.ofCaller());
  }

  private BufferLease lease(int wanted, LeaseOrigin origin) {
    takeBackLost();
    long asked = nanos.getAsLong();
    Turnstile.Outcome outcome = memory.enter();
    meters.waits().record(Duration.ofNanos(nanos.getAsLong() - asked));
    if (outcome != Turnstile.Outcome.ENTERED) {
      throw refusal(outcome);
    }
    Slice slice = memory.take(wanted);
    boolean leased = false;
    try {
      meters.countGrowth(SizeClasses.SMALLEST, wanted, slice.sizeClass());
      BufferLease lease = new BufferLease(this, leases, origin, slice);
      leased = true;
      return lease;
    } finally {
      if (!leased) {
        memory.giveBack(slice);
      }
    }
  }

  /** For {@link BufferLease#grow}. */
  boolean grow(OpenLease lease) {
    return lease.move(held -> held.sizeClass() == memory.largest() ? null : larger(held));
  }

  private @Nullable Slice larger(Slice held) {
    Slice larger = memory.larger(held);
    int from = held.sizeClass();
    meters.countGrowth(from, from + 1, larger == null ? from : larger.sizeClass());
    return larger;
  }

  /** For {@link BufferLease#shrink}. */
  boolean shrink(OpenLease lease) {
    return lease.move(
        held -> held.sizeClass() == SizeClasses.SMALLEST ? null : memory.smaller(held));
  }

  /** For {@link BufferLease#close}. */
  void close(OpenLease lease) {
    end(lease);
    takeBackLost();
  }

  /** Whether it had not ended before. */
  private boolean end(OpenLease lease) {
    Slice slice = lease.end();
    if (slice == null) {
      return false;
    }
    leases.remove(lease);
    memory.giveBack(slice);
    return true;
  }

  private void takeBackLost() {
    OpenLease found = leases.pollUnreachable();
    while (found != null) {
      if (end(found)) {
        lost.incrementAndGet();
        meters.lost().add(1);
        log.error(
            "a transfer buffer was dropped without being closed; it was leased {} ago at {}",
            leases.age(found),
            found.origin());
      }
      found = leases.pollUnreachable();
    }
  }

  private AdmissionRefused refusal(Turnstile.Outcome outcome) {
    if (outcome == Turnstile.Outcome.CLOSED) {
      return AdmissionRefused.draining();
    }
    meters.refused().add(1);
    Stats now = stats();
    String what =
        switch (outcome) {
          case CROWDED -> "Too many requests wait for a transfer buffer";
          case INTERRUPTED -> "The wait for a transfer buffer was interrupted";
          default -> "No transfer buffer became free within " + bounds.maxWait().toMillis() + " ms";
        };
    return new AdmissionRefused(
        Reason.BUFFERS_BUSY,
        String.format(
            Locale.ROOT,
            "%s: %d of %d bytes are in use by %d transfers and %d of at most %d requests are"
                + " waiting. Send it again later.",
            what,
            now.leasedBytes(),
            now.capacityBytes(),
            now.leased(),
            now.waiting(),
            bounds.maxWaiting()),
        Map.of(
            "limit", now.capacityBytes(),
            "actual", now.leasedBytes(),
            "waiting", now.waiting(),
            "maxWaiting", bounds.maxWaiting(),
            "maxWaitMillis", bounds.maxWait().toMillis()),
        retries.next());
  }

  public Stats stats() {
    takeBackLost();
    Turnstile.Snapshot units = memory.units();
    return new Stats(
        bounds.capacityBytes(),
        units.inside() * memory.unitBytes(),
        memory.allocatedBytes(),
        leases.count(),
        units.waiting(),
        units.oldestWait(),
        leases.oldest(),
        lost.get());
  }

  /** Refuses everybody who waits and everybody who comes. Safe to repeat. */
  @Override
  public void close() {
    memory.close();
    takeBackLost();
  }
}
