package dev.spillway.status;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Counts what happened of late. Its memory is fixed: time is cut into slots, and the oldest slot
 * makes room for the newest one; so an answer may leave out up to one slot's time. Whoever makes it
 * lets go of it; any thread may call.
 */
public final class SlidingCount {

  private final long slotNanos;
  private final LongSupplier nanos;
  private final long start;
  private final long[] counts;
  private long newest;

  /**
   * @param slot the shortest time that can be asked for
   * @param slots so many of them are remembered
   * @param nanos a clock that never goes back
   */
  public SlidingCount(Duration slot, int slots, LongSupplier nanos) {
    this.slotNanos = slot.toNanos();
    this.nanos = nanos;
    this.start = nanos.getAsLong();
    this.counts = new long[slots];
  }

  /** Counts so many more. */
  public synchronized void add(long more) {
    moveOn();
    counts[place(newest)] += more;
  }

  /** How many there were in the last so long; not more than is remembered. */
  public synchronized long in(Duration time) {
    moveOn();
    long slots = Math.min(counts.length, Math.max(1, time.toNanos() / slotNanos));
    long sum = 0;
    for (long slot = newest; slot > newest - slots; slot--) {
      sum += counts[place(slot)];
    }
    return sum;
  }

  private void moveOn() {
    long now = Math.max(newest, Math.floorDiv(nanos.getAsLong() - start, slotNanos));
    long first = Math.max(newest + 1, now - counts.length + 1);
    for (long slot = first; slot <= now; slot++) {
      counts[place(slot)] = 0;
    }
    newest = now;
  }

  private int place(long slot) {
    return (int) Math.floorMod(slot, (long) counts.length);
  }
}
