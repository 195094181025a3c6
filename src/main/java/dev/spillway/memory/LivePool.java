package dev.spillway.memory;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The part of the heap that long-lived data ends up in. It is told by what it can do, not by its
 * name, so that any collector's will be found: the pool that supports usage thresholds; of several
 * the largest, and of equally large ones that which is not the young generation. Without such a
 * pool it is the whole heap.
 *
 * @param parts the pool itself; all of the heap's when there is none
 */
record LivePool(String name, List<MemoryPoolMXBean> parts) {

  static LivePool find() {
    List<MemoryPoolMXBean> heap = heapPools();
    Optional<MemoryPoolMXBean> old =
        heap.stream()
            .filter(MemoryPoolMXBean::isUsageThresholdSupported)
            .filter(pool -> pool.getCollectionUsage() != null)
            .max(
                Comparator.comparingLong(LivePool::max)
                    .thenComparing(pool -> !pool.getName().contains("Young")));
    return old.map(pool -> new LivePool(pool.getName(), List.of(pool)))
        .orElseGet(() -> new LivePool("heap", heap));
  }

  static List<MemoryPoolMXBean> heapPools() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .toList();
  }

  /** What was left of it when it was last collected; 0 when it never was. */
  long collectedBytes() {
    return sum(MemoryPoolMXBean::getCollectionUsage);
  }

  /** Garbage included. */
  long usedBytes() {
    return sum(MemoryPoolMXBean::getUsage);
  }

  /** What one collection left of it. */
  long leftBy(Map<String, MemoryUsage> usageAfter) {
    return sum(pool -> usageAfter.get(pool.getName()));
  }

  /** What it can hold: the whole heap where it has no limit of its own. */
  long maxBytes() {
    long own = parts.size() == 1 ? max(parts.get(0)) : 0;
    return own > 0 ? own : Runtime.getRuntime().maxMemory();
  }

  private long sum(Function<MemoryPoolMXBean, @Nullable MemoryUsage> look) {
    long sum = 0;
    for (MemoryPoolMXBean part : parts) {
      MemoryUsage usage = look.apply(part);
      sum += usage == null ? 0 : usage.getUsed();
    }
    return sum;
  }

  private static long max(MemoryPoolMXBean pool) {
    MemoryUsage usage = pool.getUsage();
    return usage == null ? 0 : usage.getMax();
  }
}
