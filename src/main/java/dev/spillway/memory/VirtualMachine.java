package dev.spillway.memory;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.lang.management.OperatingSystemMXBean;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/** What the virtual machine tells about itself, and about its process. Any thread may call. */
final class VirtualMachine {

  private final List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans();
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
  private final long directLimit = MemoryFigures.directLimit();

  Reading.Heap heap(MemoryFigures figures) {
    MemoryFigures.Area heap = figures.heap();
    long max = heap.max() < 0 ? Runtime.getRuntime().maxMemory() : heap.max();
    return new Reading.Heap(heap.used(), heap.committed(), max, heapPools());
  }

  private List<Reading.Pool> heapPools() {
    return pools.stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .flatMap(pool -> pool(pool).stream())
        .toList();
  }

  /** A pool that the virtual machine has given up has no usage. */
  private static Optional<Reading.Pool> pool(MemoryPoolMXBean pool) {
    return Optional.ofNullable(pool.getUsage())
        .map(
            usage ->
                new Reading.Pool(
                    pool.getName(), usage.getUsed(), live(pool), positive(usage.getMax())));
  }

  /**
   * Until a pool is collected, everything about its last collection is zero. Whether any collector
   * has run is no help: a collection of the young pools leaves the old one as it is.
   */
  private static OptionalLong live(MemoryPoolMXBean pool) {
    MemoryUsage left = pool.getCollectionUsage();
    boolean collected = left != null && (left.getUsed() > 0 || left.getCommitted() > 0);
    return collected ? OptionalLong.of(left.getUsed()) : OptionalLong.empty();
  }

  Reading.Outside outside(MemoryFigures figures) {
    return new Reading.Outside(
        figures.nonHeap().used(), metaspace(), figures.direct(), directLimit, figures.mapped());
  }

  private OptionalLong metaspace() {
    return pools.stream()
        .filter(pool -> pool.getName().equals("Metaspace"))
        .flatMap(pool -> Optional.ofNullable(pool.getUsage()).stream())
        .mapToLong(MemoryUsage::getUsed)
        .findFirst();
  }

  int threads() {
    return threads.getThreadCount();
  }

  OptionalLong openFiles() {
    return system instanceof UnixOperatingSystemMXBean unix
        ? count(unix::getOpenFileDescriptorCount)
        : OptionalLong.empty();
  }

  OptionalLong openFilesLimit() {
    return system instanceof UnixOperatingSystemMXBean unix
        ? count(unix::getMaxFileDescriptorCount)
        : OptionalLong.empty();
  }

  /** Of all processors together. */
  OptionalDouble cpuShare() {
    return system instanceof com.sun.management.OperatingSystemMXBean measured
        ? share(measured::getProcessCpuLoad)
        : OptionalDouble.empty();
  }

  OptionalDouble cpuShareOfAll() {
    return system instanceof com.sun.management.OperatingSystemMXBean measured
        ? share(measured::getCpuLoad)
        : OptionalDouble.empty();
  }

  /** Counting open files opens one; when none is left, that is an error, and no count. */
  private static OptionalLong count(LongSupplier source) {
    try {
      return positive(source.getAsLong());
    } catch (RuntimeException | InternalError e) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong positive(long value) {
    return value > 0 ? OptionalLong.of(value) : OptionalLong.empty();
  }

  /** Negative until it has been measured; in a container also while its figures cannot be read. */
  private static OptionalDouble share(DoubleSupplier source) {
    try {
      double share = source.getAsDouble();
      return share >= 0 ? OptionalDouble.of(Math.min(1, share)) : OptionalDouble.empty();
    } catch (RuntimeException | InternalError e) {
      return OptionalDouble.empty();
    }
  }
}
