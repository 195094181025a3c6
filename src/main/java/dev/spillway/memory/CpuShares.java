package dev.spillway.memory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What threads have used of the processors from one look to the next. Guarded by its owner. */
final class CpuShares {

  private long before;
  private Map<Long, Long> nanosBefore = Map.of();

  /**
   * @param start of the virtual machine, when no thread had used anything
   */
  CpuShares(long start) {
    before = start;
  }

  /**
   * A thread that has used a processor.
   *
   * @param index among the threads that were looked at
   * @param share of one processor
   */
  record Used(int index, double share) {}

  /** The time since the look before. */
  Duration since(long now) {
    return Duration.ofNanos(now - before);
  }

  /**
   * Threads that have used a processor since the look before, the busiest first.
   *
   * @param ids of threads, of which each has another
   * @param nanos of processors that each has used since its start, in the order of the ids;
   *     negative when that is not known, empty when it is known of none
   */
  List<Used> busiest(long[] ids, long[] nanos, long now) {
    double elapsed = now - before;
    List<Used> used = new ArrayList<>();
    Map<Long, Long> nanosNow = new HashMap<>();
    for (int i = 0; i < nanos.length; i++) {
      if (nanos[i] >= 0) {
        nanosNow.put(ids[i], nanos[i]);
        long grown = nanos[i] - nanosBefore.getOrDefault(ids[i], 0L);
        if (grown > 0 && elapsed > 0) {
          used.add(new Used(i, grown / elapsed));
        }
      }
    }
    before = now;
    nanosBefore = nanosNow;
    used.sort(Comparator.comparingDouble(Used::share).reversed());
    return used;
  }
}
