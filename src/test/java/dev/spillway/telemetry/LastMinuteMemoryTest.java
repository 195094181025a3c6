package dev.spillway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The heap is flat: what a timer costs does not depend on what it records. */
class LastMinuteMemoryTest {

  /** What the class comment says, with room for what the measuring itself costs. */
  private static final long MOST_BYTES = 100_000;

  private final AtomicLong now = new AtomicLong();

  @Test
  void tenMillionDurationsOfOneMinuteNeedNoMoreThanOne() {
    LastMinute durations = new LastMinute(now::get);
    durations.update(1);
    long before = allocated();

    for (int i = 0; i < 10_000_000; i++) {
      now.addAndGet(5_000);
      durations.update(i * 100L);
    }

    // Nothing but the histograms of the second and the third 20 seconds.
    assertThat(allocated() - before).isLessThan(MOST_BYTES);
  }

  @Test
  void anHourOfDurationsKeepsNoMoreThanAMinute() {
    int count = 50;
    long before = usedHeap();
    LastMinute[] timers =
        Stream.generate(() -> new LastMinute(now::get)).limit(count).toArray(LastMinute[]::new);

    try {
      for (int second = 0; second < 3_600; second++) {
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        for (LastMinute timer : timers) {
          timer.update(second * 1_000_000L);
        }
      }

      assertThat(leastGrowthSince(before) / count).isLessThan(MOST_BYTES);
    } finally {
      Reference.reachabilityFence(timers);
    }
  }

  private static long allocated() {
    return ManagementFactory.getPlatformMXBean(ThreadMXBean.class)
        .getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  /** The collector may need more than one call, and other threads may be in the way of one. */
  private static long leastGrowthSince(long before) {
    return Stream.generate(LastMinuteMemoryTest::usedHeap)
        .limit(5)
        .mapToLong(used -> used - before)
        .min()
        .orElseThrow();
  }

  private static long usedHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
