package dev.spillway.memory;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * A heap of 1000 MiB whose figures a test sets. Only a collection shows what is really live. The
 * test's thread alone calls.
 */
final class FakeHeap {

  static final long MIB = 1 << 20;
  static final long MAX_MIB = 1_000;

  private final FakeTime time;
  private long seen;
  private long truth;
  private long used;
  private OptionalLong exact = OptionalLong.empty();
  private long exactAt;
  private long fullCollections;
  private double pauseShare;
  private long stalls;

  FakeHeap(FakeTime time) {
    this.time = time;
  }

  LiveHeap live() {
    return new LiveHeap(
        "Old Gen",
        seen * MIB,
        MAX_MIB * MIB,
        exact,
        Duration.ofNanos(exact.isEmpty() ? 0 : time.nanos() - exactAt),
        fullCollections,
        pauseShare,
        stalls,
        used * MIB,
        MAX_MIB * MIB);
  }

  /** What a collection that left garbage behind shows, while so much is live. */
  void seems(long upperMib, long trulyMib) {
    seen = upperMib;
    truth = trulyMib;
  }

  /** Nothing but live data, though no full collection has shown it. */
  void holds(long mib) {
    seems(mib, mib);
  }

  /** Live data changes, and nothing has collected yet. */
  void reallyHolds(long mib) {
    truth = mib;
  }

  void uses(long mib) {
    used = mib;
  }

  void pauses(double share) {
    pauseShare = share;
  }

  void stall() {
    stalls++;
  }

  void collectFully() {
    seen = truth;
    used = truth;
    exact = OptionalLong.of(truth * MIB);
    exactAt = time.nanos();
    fullCollections++;
  }
}
