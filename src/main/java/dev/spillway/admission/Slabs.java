package dev.spillway.admission;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory of a {@link BufferPool}: slabs, each as long as the largest buffer with its window.
 * They are allocated when they are needed and kept for ever, so that memory never has to be freed
 * and never exceeds the capacity. What the capacity has beyond whole slabs is one shorter slab,
 * which is used first.
 *
 * <p>Smaller buffers are slices, by a buddy system: a block is split into blocks of the class below
 * when there is none of that class, and they merge as soon as all of them are free. A smallest
 * slice is had whenever any unit is free. A larger one may fail although enough units are free,
 * because they do not lie together.
 *
 * <p>Any thread may call. There is nothing to close: the memory goes with the last reference.
 */
final class Slabs {

  private static final Logger log = LoggerFactory.getLogger(Slabs.class);

  /**
   * For so long no slab is tried for larger slices once there was no memory for one: a try makes
   * the JVM collect garbage and may last half a second.
   */
  static final Duration REST = Duration.ofMinutes(1);

  private record Slab(ByteBuffer bytes, ByteBuffer window) {}

  private final SizeClasses classes;
  private final IntFunction<ByteBuffer> allocator;
  private final LongSupplier nanos;
  private final int wholeSlabs;
  private final int shortUnits;

  /**
   * One slab is allocated at a time. Not under the other lock, or those who give something back
   * would wait for the JVM. Taken before the other one; the slabs change under both.
   */
  private final ReentrantLock allocating = new ReentrantLock();

  private boolean outOfMemory;
  private long outOfMemorySince;

  private final ReentrantLock lock = new ReentrantLock();
  private final List<FreeBlocks> free;
  private final List<Slab> slabs = new ArrayList<>();
  private @Nullable Slab shortSlab;
  private long allocatedBytes;

  Slabs(
      SizeClasses classes,
      long capacityBytes,
      IntFunction<ByteBuffer> allocator,
      LongSupplier nanos) {
    this.classes = classes;
    this.allocator = allocator;
    this.nanos = nanos;
    int largest = classes.largest();
    // The units are numbered by int, and the first slab's numbers are the shorter one's.
    long most = Integer.MAX_VALUE / classes.units(largest) - 1L;
    this.wholeSlabs = (int) Math.min(capacityBytes / classes.bytes(largest), most);
    long beyond = capacityBytes - wholeSlabs * classes.bytes(largest);
    this.shortUnits =
        (int) Math.min(beyond / classes.bytes(SizeClasses.SMALLEST), classes.units(largest) - 1L);
    this.free =
        IntStream.rangeClosed(SizeClasses.SMALLEST, largest)
            .mapToObj(sizeClass -> new FreeBlocks(classes.siblings(sizeClass)))
            .toList();
  }

  /** How many smallest slices there can be at once. */
  int units() {
    return wholeSlabs * classes.units(classes.largest()) + shortUnits;
  }

  long allocatedBytes() {
    lock.lock();
    try {
      return allocatedBytes;
    } finally {
      lock.unlock();
    }
  }

  /**
   * A slice of the smallest class, for a caller that knows that a unit is free.
   *
   * @throws OutOfMemoryError when it needs a new slab and there is no memory for one
   */
  Slice takeSmallest() {
    Slice slice = takeOrAllocate(SizeClasses.SMALLEST);
    if (slice == null) {
      throw new IllegalStateException("all " + units() + " units are in use");
    }
    return slice;
  }

  /** A slice; null when no memory of its length lies together, or none can be allocated. */
  @Nullable Slice take(int sizeClass) {
    try {
      return takeOrAllocate(sizeClass);
    } catch (OutOfMemoryError e) {
      return null;
    }
  }

  private @Nullable Slice takeOrAllocate(int sizeClass) {
    Slice slice = takeFree(sizeClass);
    if (slice != null) {
      return slice;
    }
    allocating.lock();
    try {
      // Whoever had the lock before may have allocated enough. What is allocated here may be taken
      // by others at once: then another slab is needed.
      slice = takeFree(sizeClass);
      while (slice == null && allocate(sizeClass)) {
        slice = takeFree(sizeClass);
      }
      return slice;
    } finally {
      allocating.unlock();
    }
  }

  private @Nullable Slice takeFree(int sizeClass) {
    lock.lock();
    try {
      int block = takeBlock(sizeClass);
      return block == FreeBlocks.NONE ? null : sliceOrMerge(sizeClass, block);
    } finally {
      lock.unlock();
    }
  }

  /** Blocks of split ones come first, so that whole slabs stay whole. */
  private int takeBlock(int sizeClass) {
    int block = free.get(sizeClass).take();
    if (block != FreeBlocks.NONE || sizeClass == classes.largest()) {
      return block;
    }
    int parent = takeBlock(sizeClass + 1);
    if (parent == FreeBlocks.NONE) {
      return FreeBlocks.NONE;
    }
    int siblings = classes.siblings(sizeClass);
    int first = parent * siblings;
    free.get(sizeClass).add(first + 1, first + siblings);
    return first;
  }

  private Slice sliceOrMerge(int sizeClass, int block) {
    boolean sliced = false;
    try {
      Slice slice = slice(sizeClass, block);
      sliced = true;
      return slice;
    } finally {
      if (!sliced) {
        // Not even room on the heap for the two objects; the block must not be lost with them.
        merge(sizeClass, block);
      }
    }
  }

  private Slice slice(int sizeClass, int block) {
    int inSlab = classes.units(classes.largest()) / classes.units(sizeClass);
    Slab slab = block < inSlab ? shortSlab : slabs.get(block / inSlab - 1);
    if (slab == null) {
      throw new IllegalStateException("the shorter slab is not allocated");
    }
    int length = classes.length(sizeClass);
    int window = SizeClasses.windowOf(length);
    int number = block % inSlab;
    return new Slice(
        sizeClass,
        block,
        slab.bytes().slice(number * length, length),
        slab.window().slice(number * window, window));
  }

  /** Allocates a slab in which a slice of this class finds room, if there may be another one. */
  private boolean allocate(int sizeClass) {
    boolean small = shortSlab == null && classes.units(sizeClass) <= shortUnits;
    if (!small && slabs.size() == wholeSlabs) {
      return false;
    }
    if (sizeClass != SizeClasses.SMALLEST && outOfMemory && isResting()) {
      return false;
    }
    int units = small ? shortUnits : classes.units(classes.largest());
    int length = units * classes.length(SizeClasses.SMALLEST);
    Slab slab;
    try {
      // The window first: the heap gives back at once what turns out to be useless.
      byte[] window = new byte[SizeClasses.windowOf(length)];
      slab = new Slab(allocator.apply(length), ByteBuffer.wrap(window));
    } catch (OutOfMemoryError e) {
      noteOutOfMemory(e, length);
      throw e;
    }
    add(slab, small, SizeClasses.withWindow(length));
    return true;
  }

  private boolean isResting() {
    return nanos.getAsLong() - outOfMemorySince < REST.toNanos();
  }

  private void noteOutOfMemory(OutOfMemoryError error, int length) {
    if (!outOfMemory) {
      log.warn(
          "no memory for {} bytes of transfer buffers, although the pool may have more than its {};"
              + " lower the pool's capacity or give the JVM more. This is said once.",
          length,
          allocatedBytes(),
          error);
    }
    outOfMemory = true;
    outOfMemorySince = nanos.getAsLong();
  }

  private void add(Slab slab, boolean small, long bytes) {
    lock.lock();
    try {
      allocatedBytes += bytes;
      if (small) {
        shortSlab = slab;
        addShortBlocks();
      } else {
        slabs.add(slab);
        free.get(classes.largest()).add(slabs.size(), slabs.size() + 1);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The longest blocks first, so that each begins where one of its class may begin. */
  private void addShortBlocks() {
    int from = 0;
    for (int sizeClass = classes.largest() - 1; sizeClass >= SizeClasses.SMALLEST; sizeClass--) {
      int units = classes.units(sizeClass);
      int blocks = (shortUnits - from) / units;
      free.get(sizeClass).add(from / units, from / units + blocks);
      from += blocks * units;
    }
  }

  /** Takes a slice back; its holder does not use it any more. */
  void giveBack(Slice slice) {
    lock.lock();
    try {
      merge(slice.sizeClass(), slice.block());
    } finally {
      lock.unlock();
    }
  }

  private void merge(int sizeClass, int block) {
    int merged = block;
    int ofClass = sizeClass;
    while (free.get(ofClass).merge(merged)) {
      merged /= classes.siblings(ofClass);
      ofClass++;
    }
  }

  /** Takes a slice back and gives a smaller one, which is always possible. */
  Slice exchange(Slice slice, int smallerClass) {
    lock.lock();
    try {
      merge(slice.sizeClass(), slice.block());
      return slice(smallerClass, takeBlock(smallerClass));
    } finally {
      lock.unlock();
    }
  }
}
