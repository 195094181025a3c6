package dev.spillway.upload;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How slowly a client may send. A body may take the grace time plus the time that its bytes take at
 * the minimum rate, so a client that keeps the rate is never too slow, whatever it did at first.
 *
 * @param bytesPerSecond the rate; 0 for none
 * @param grace what every body may take in any case
 * @param nanoTime a clock that never goes back
 */
public record MinimumRate(long bytesPerSecond, Duration grace, LongSupplier nanoTime) {

  /** Starts to watch one body. */
  Pace start() {
    return new Pace();
  }

  /**
   * One body's pace. Only the time spent waiting for the client counts: that the server's own disk
   * is busy is not the client's fault. Used by one thread.
   */
  final class Pace {

    private long waitedNanos;
    private long readFrom;
    private long bytes;

    void beforeRead() {
      readFrom = nanoTime.getAsLong();
    }

    void afterRead(int n) {
      waitedNanos += nanoTime.getAsLong() - readFrom;
      bytes += Math.max(0, n);
    }

    boolean isTooSlow() {
      if (bytesPerSecond == 0 || waitedNanos <= grace.toNanos()) {
        return false;
      }
      double secondsOverGrace = (waitedNanos - grace.toNanos()) / 1e9;
      return secondsOverGrace * bytesPerSecond > bytes;
    }

    long bytes() {
      return bytes;
    }

    long waitedMillis() {
      return waitedNanos / 1_000_000;
    }
  }
}
