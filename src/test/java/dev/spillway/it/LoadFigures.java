package dev.spillway.it;

import java.util.Arrays;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What load clients have met so far. They write it; any thread may read. */
final class LoadFigures {

  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicInteger sending = new AtomicInteger();
  private final Map<String, Integer> refusals = new ConcurrentSkipListMap<>();
  private final Map<Integer, String> failures = new ConcurrentHashMap<>();
  private final Queue<Long> latencies = new ConcurrentLinkedQueue<>();

  void sendingBegins() {
    sending.incrementAndGet();
  }

  void sendingEnds() {
    sending.decrementAndGet();
  }

  void chunk(long bytes, long nanos) {
    acknowledged.addAndGet(bytes);
    latencies.add(nanos);
  }

  void refused(String what) {
    refusals.merge(what, 1, Integer::sum);
  }

  void failed(int client, String what) {
    failures.put(client, what);
  }

  /** The bytes of the chunks that the server has acknowledged. */
  long acknowledgedBytes() {
    return acknowledged.get();
  }

  /** How many clients are between the begin of their first chunk and the end of their last. */
  int sending() {
    return sending.get();
  }

  /** How often the server has asked to come again later, by the code it gave. */
  Map<String, Integer> refusals() {
    return Map.copyOf(refusals);
  }

  /** What has ended clients before they were through, by client. */
  Map<Integer, String> failures() {
    return Map.copyOf(failures);
  }

  /** The time from a chunk's first byte to its answer that this share of the chunks kept to. */
  double latencyMillis(double share) {
    long[] sorted = latencies.stream().mapToLong(Long::longValue).sorted().toArray();
    if (sorted.length == 0) {
      return Double.NaN;
    }
    return sorted[(int) Math.min(sorted.length - 1, Math.floor(sorted.length * share))] / 1e6;
  }

  /** The middle of some measured values. */
  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
