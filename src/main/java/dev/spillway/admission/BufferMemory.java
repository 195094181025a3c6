package dev.spillway.admission;

import java.nio.ByteBuffer;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a {@link BufferPool} and the order in which it is given out: the turnstile counts
 * units, the slabs hand out what they stand for. Belongs to the pool, which closes it; any thread
 * may call.
 *
 * <p>Units are taken before their memory and given back after it. So whoever has a unit finds
 * memory for it, and there is never more than there may be.
 */
final class BufferMemory implements AutoCloseable {

  private final SizeClasses classes;
  private final Slabs slabs;
  private final Turnstile units;

  BufferMemory(BufferPool.Bounds bounds, LongSupplier nanos, IntFunction<ByteBuffer> allocator) {
    this.classes = new SizeClasses(bounds.smallestBytes(), bounds.largestBytes());
    this.slabs = new Slabs(classes, bounds.capacityBytes(), allocator, nanos);
    this.units = new Turnstile(slabs.units(), bounds.maxWaiting(), bounds.maxWait(), nanos);
  }

  int largest() {
    return classes.largest();
  }

  /**
   * Waits for one unit, the memory of a smallest slice. Whoever has entered calls {@link #take}.
   */
  Turnstile.Outcome enter() {
    return units.enter(1);
  }

  /**
   * A slice for the unit that the caller has entered with, or a larger one as far as that is there
   * at once.
   *
   * @param wanted the size class of the largest that is of use
   * @throws OutOfMemoryError when the JVM has none; the unit is given back then
   */
  Slice take(int wanted) {
    for (int sizeClass = wanted; sizeClass > SizeClasses.SMALLEST; sizeClass--) {
      Slice slice = takeWith(classes.units(sizeClass) - 1, sizeClass);
      if (slice != null) {
        return slice;
      }
    }
    boolean taken = false;
    try {
      Slice slice = slabs.takeSmallest();
      taken = true;
      return slice;
    } finally {
      if (!taken) {
        units.leave(1);
      }
    }
  }

  private @Nullable Slice takeWith(int more, int sizeClass) {
    if (!units.tryEnter(more)) {
      return null;
    }
    Slice slice = null;
    try {
      slice = slabs.take(sizeClass);
      return slice;
    } finally {
      if (slice == null) {
        units.leave(more);
      }
    }
  }

  /** A slice of the next class in exchange for this one; null when there is no room. */
  @Nullable Slice larger(Slice slice) {
    int next = slice.sizeClass() + 1;
    // Both exist for a moment, so the units of the old one do not help.
    Slice larger = takeWith(classes.units(next), next);
    if (larger != null) {
      giveBack(slice);
    }
    return larger;
  }

  /** A slice of the class below in exchange for this one. */
  Slice smaller(Slice slice) {
    Slice smaller = slabs.exchange(slice, slice.sizeClass() - 1);
    units.leave(classes.units(slice.sizeClass()) - classes.units(smaller.sizeClass()));
    return smaller;
  }

  void giveBack(Slice slice) {
    slabs.giveBack(slice);
    units.leave(classes.units(slice.sizeClass()));
  }

  long allocatedBytes() {
    return slabs.allocatedBytes();
  }

  /** Who is inside and who waits, in units. */
  Turnstile.Snapshot units() {
    return units.snapshot();
  }

  long unitBytes() {
    return classes.bytes(SizeClasses.SMALLEST);
  }

  /** Sends everybody away who waits or comes. What has been taken is given back as before. */
  @Override
  public void close() {
    units.close();
  }
}
