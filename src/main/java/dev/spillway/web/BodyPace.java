package dev.spillway.web;

import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How slowly a request's body may come, whatever it is for. The second line behind the limits that
 * know what they read: without it, a form's headers or a JSON document could be sent a byte at a
 * time and hold a thread for ever.
 *
 * @param bytesPerSecond the rate; 0 for no limit
 * @param grace what every body may take in any case
 * @param nanoTime a clock that never goes back
 */
public record BodyPace(long bytesPerSecond, Duration grace, LongSupplier nanoTime) {

  /** One body's time; one thread reads it. */
  final class Watch {

    private long waitedNanos;
    private long bytes;

    /** How many bytes have come so far. */
    long bytes() {
      return bytes;
    }

    long beforeRead() {
      return nanoTime.getAsLong();
    }

    /**
     * @throws ProblemException when the body has taken too long by now
     */
    void afterRead(long before, int n) {
      waitedNanos += nanoTime.getAsLong() - before;
      bytes += Math.max(0, n);
      long over = waitedNanos - grace.toNanos();
      if (bytesPerSecond > 0 && over > 0 && over / 1e9 * bytesPerSecond > bytes) {
        throw new ProblemException(
            Problem.of(503, "too-slow", "The body comes too slowly.")
                .with(
                    Map.of(
                        "bytes", bytes,
                        "millis", waitedNanos / 1_000_000,
                        "minimumBytesPerSecond", bytesPerSecond))
                .retryAfter(Duration.ofSeconds(1)));
      }
    }
  }

  Watch start() {
    return new Watch();
  }
}
