package dev.spillway.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * How much the machine swaps, from one reading to the next. Any thread may call.
 *
 * <p>Readings that follow each other closely share one rate: over a millisecond, a single page
 * would be megabytes per second.
 */
final class SwapTraffic {

  private static final long SHORTEST_NANOS = Duration.ofMillis(100).toNanos();
  private static final double NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

  /** What the kernel tells every program at its start: pairs of numbers, of which 6 is this one. */
  private static final long TYPE_PAGE_SIZE = 6;

  /** Of x86, and of most others; those with larger pages also tell the size. */
  private static final int USUAL_PAGE_SIZE = 4096;

  private static final int LARGEST_PAGE_SIZE = 1 << 20;

  private final ProcFiles files;
  private final LongSupplier nanos;
  private final long pageSize;

  // Guarded by this.
  private Counts before;
  private Rates rates = new Rates(OptionalDouble.empty(), OptionalDouble.empty());

  SwapTraffic(ProcFiles files, LongSupplier nanos) {
    this.files = files;
    this.nanos = nanos;
    this.pageSize = pageSize(files.bytes("/proc/self/auxv"));
    this.before = new Counts(nanos.getAsLong(), OptionalLong.empty(), OptionalLong.empty());
  }

  /** Bytes per second; empty for the first reading and after a counter went back. */
  record Rates(OptionalDouble in, OptionalDouble out) {}

  private record Counts(long nanos, OptionalLong in, OptionalLong out) {}

  /** Looks now. */
  Rates read() {
    ProcFiles.Table table = files.counters("/proc/vmstat");
    Counts now = new Counts(nanos.getAsLong(), table.get("pswpin"), table.get("pswpout"));
    synchronized (this) {
      long elapsed = now.nanos - before.nanos;
      if (elapsed >= SHORTEST_NANOS || (before.in.isEmpty() && before.out.isEmpty())) {
        rates = new Rates(rate(before.in, now.in, elapsed), rate(before.out, now.out, elapsed));
        before = now;
      }
      return rates;
    }
  }

  private OptionalDouble rate(OptionalLong earlier, OptionalLong later, long elapsed) {
    if (earlier.isEmpty() || later.isEmpty() || later.getAsLong() < earlier.getAsLong()) {
      return OptionalDouble.empty();
    }
    double pages = (double) later.getAsLong() - earlier.getAsLong();
    return OptionalDouble.of(pages * pageSize / (elapsed / NANOS_PER_SECOND));
  }

  /** On a system with numbers of 32 bits the pairs are not found, and pages are of usual size. */
  private static long pageSize(byte[] auxiliary) {
    ByteBuffer numbers = ByteBuffer.wrap(auxiliary).order(ByteOrder.nativeOrder());
    while (numbers.remaining() >= 2 * Long.BYTES) {
      long type = numbers.getLong();
      long value = numbers.getLong();
      if (type == TYPE_PAGE_SIZE
          && value >= USUAL_PAGE_SIZE
          && value <= LARGEST_PAGE_SIZE
          && Long.bitCount(value) == 1) {
        return value;
      }
    }
    return USUAL_PAGE_SIZE;
  }
}
