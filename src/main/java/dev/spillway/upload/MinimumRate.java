package dev.spillway.upload;

import dev.spillway.upload.UploadRefused.Reason;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
  public Pace start() {
    return new Pace();
  }

  /**
   * One body's pace. Only the time spent waiting for the client counts: that the server's own disk
   * is busy is not the client's fault. One thread reads the body; any thread may look.
   */
  public final class Pace {

    // Written by the one that reads. Somebody who looks in between may see a moment's wrong sum,
    // which the next look puts right.
    private volatile long waitedNanos;
    private volatile long readFrom;
    private volatile boolean reading;
    private volatile long bytes;
    private final long startedAt = nanoTime.getAsLong();
    private volatile long lastByteAt = startedAt;

    void beforeRead() {
      readFrom = nanoTime.getAsLong();
      reading = true;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    void afterRead(int n) {
      reading = false;
      long now = nanoTime.getAsLong();
      waitedNanos += now - readFrom;
      if (n > 0) {
        bytes += n;
        lastByteAt = now;
      }
    }

    /** How many bytes have been read. */
    long bytes() {
      return bytes;
    }

    /** Since the watch began. */
    Duration age() {
      return since(startedAt);
    }

    /** Since the last byte, or since the watch began. */
    Duration silent() {
      return since(lastByteAt);
    }

    /** The reading thread may have looked at the clock a little later than this one. */
    private Duration since(long moment) {
      return Duration.ofNanos(Math.max(0, nanoTime.getAsLong() - moment));
    }

    /** Counts a read that is still waiting, too. */
    boolean isTooSlow() {
      long waited = waitedNanos();
      if (bytesPerSecond == 0 || waited <= grace.toNanos()) {
        return false;
      }
      double secondsOverGrace = (waited - grace.toNanos()) / 1e9;
      return secondsOverGrace * bytesPerSecond > bytes;
    }

    /** What to answer when it is. */
    UploadRefused refusal() {
      long millis = TimeUnit.NANOSECONDS.toMillis(waitedNanos());
      return new UploadRefused(
          Reason.TOO_SLOW,
          "In "
              + millis
              + " ms "
              + bytes
              + " bytes arrived. What arrived without a checksum was kept; go on from there.",
          Map.of("bytes", bytes, "millis", millis, "minimumBytesPerSecond", bytesPerSecond));
    }

    /** How long this body's client has been waited for, up to now. */
    long waitedNanos() {
      return waitedNanos + (reading ? nanoTime.getAsLong() - readFrom : 0);
    }
  }
}
