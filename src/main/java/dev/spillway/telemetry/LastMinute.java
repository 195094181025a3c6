package dev.spillway.telemetry;

import com.codahale.metrics.Reservoir;
import com.codahale.metrics.Snapshot;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import org.HdrHistogram.AtomicHistogram;
import org.HdrHistogram.Histogram;

/**
 * The durations of the last minute, counted and not kept: a timer costs 83 KB of heap (measured,
 * with what Dropwizard has beside this), however much it records. Whoever made it lets go of it;
 * any thread may call. It has no thread of its own.
 *
 * <p>Three histograms follow each other, 20 seconds each, and the oldest makes room for the next. A
 * duration is therefore seen for at least 40 seconds and never for 60. More and shorter ones would
 * fade more smoothly and cost 27 KB each.
 *
 * <p>Recording takes no lock, except for the first duration of every 20 seconds. Nothing is lost
 * when one histogram makes room for the next, because a histogram is replaced and never emptied: a
 * thread that still records into the one before is still counted. Only a thread that was held up
 * for a whole minute between looking at the clock and recording finds its place taken; what it
 * brings is out of the window anyway.
 *
 * <p>Durations are rounded up to microseconds, and what takes longer than an hour counts as an
 * hour. What is read is never below what was recorded and at most a microsecond and 0.8 percent
 * above.
 */
final class LastMinute implements Reservoir {

  private static final int SLOTS = 3;
  private static final long SLOT_NANOS = Duration.ofSeconds(20).toNanos();
  private static final long NANOS_PER_MICRO = 1_000;
  private static final long LONGEST_MICROS = Duration.ofHours(1).toNanos() / NANOS_PER_MICRO;
  private static final int SIGNIFICANT_DIGITS = 2;

  private final LongSupplier nanoTime;
  private final long start;
  private final AtomicReferenceArray<Slot> ring = new AtomicReferenceArray<>(SLOTS);

  LastMinute(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
    // All of the memory is taken now, so that a quiet server and a busy one need the same.
    for (long number = -SLOTS; number < 0; number++) {
      ring.set(place(number), new Slot(number));
    }
  }

  /** Counts a duration in nanoseconds; a negative one counts as zero. */
  @Override
  public void update(long nanos) {
    long number = slotNow();
    Slot slot = ring.get(place(number));
    if (slot.number < number) {
      slot = open(number);
    }
    if (slot.number == number) {
      slot.micros.recordValue(clampedMicros(nanos));
    }
  }

  @Override
  public Snapshot getSnapshot() {
    Histogram sum = new Histogram(LONGEST_MICROS, SIGNIFICANT_DIGITS);
    long oldest = slotNow() - SLOTS + 1;
    for (int i = 0; i < SLOTS; i++) {
      Slot slot = ring.get(i);
      if (slot.number >= oldest) {
        sum.add(slot.micros);
      }
    }
    return new HistogramSnapshot(sum, NANOS_PER_MICRO);
  }

  @Override
  public int size() {
    return getSnapshot().size();
  }

  /** The lock keeps many threads from each making a histogram of which one is needed. */
  private synchronized Slot open(long number) {
    int place = place(number);
    Slot slot = ring.get(place);
    if (slot.number < number) {
      slot = new Slot(number);
      ring.set(place, slot);
    }
    return slot;
  }

  private long slotNow() {
    return Math.floorDiv(nanoTime.getAsLong() - start, SLOT_NANOS);
  }

  private static int place(long number) {
    return Math.floorMod(number, SLOTS);
  }

  private static long clampedMicros(long nanos) {
    if (nanos <= 0) {
      return 0;
    }
    return Math.min(LONGEST_MICROS, 1 + (nanos - 1) / NANOS_PER_MICRO);
  }

  /** The durations of 20 seconds, and which 20 seconds since the start these are. */
  private static final class Slot {

    final long number;
    final AtomicHistogram micros = new AtomicHistogram(LONGEST_MICROS, SIGNIFICANT_DIGITS);

    Slot(long number) {
      this.number = number;
    }
  }
}
