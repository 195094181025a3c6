package dev.spillway.it;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;

/**
 * How fast bytes may pass, all connections together. Any thread may call; who waits goes on as soon
 * as a change allows it.
 */
final class Pace {

  private static final long LONGEST_WAIT_MILLIS = 100;

  private long bytesPerSecond;
  private long left;
  private long next;
  private boolean held;
  private boolean over;

  /** From now on. */
  synchronized void limit(long bytesEverySecond) {
    limit(bytesEverySecond, Long.MAX_VALUE);
  }

  /** From now on; after so many bytes nothing passes until the next limit. */
  synchronized void limit(long bytesEverySecond, long most) {
    bytesPerSecond = bytesEverySecond;
    left = most;
    held = false;
    next = System.nanoTime();
    notifyAll();
  }

  /** As fast as possible from now on. */
  synchronized void free() {
    limit(Long.MAX_VALUE);
  }

  /** Nothing passes until the next limit. */
  synchronized void hold() {
    held = true;
  }

  /** Those who wait are sent away, and everybody who comes. */
  synchronized void end() {
    over = true;
    notifyAll();
  }

  /** Waits until these may pass. */
  synchronized void await(int bytes) throws IOException {
    try {
      while (!over && (stopped() || next > System.nanoTime())) {
        long millis = TimeUnit.NANOSECONDS.toMillis(next - System.nanoTime()) + 1;
        wait(stopped() ? LONGEST_WAIT_MILLIS : Math.max(1, Math.min(LONGEST_WAIT_MILLIS, millis)));
      }
    } catch (InterruptedException e) {
      throw (IOException) new InterruptedIOException().initCause(e);
    }
    if (over) {
      throw new IOException("the proxy is closed");
    }
    long time = bytesPerSecond == Long.MAX_VALUE ? 0 : bytes * 1_000_000_000L / bytesPerSecond;
    next = Math.max(next, System.nanoTime()) + time;
    if (left != Long.MAX_VALUE) {
      left -= bytes;
    }
  }

  private boolean stopped() {
    return held || left <= 0;
  }
}
