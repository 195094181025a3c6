package dev.spillway.memory;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A time in which only some operations are let in, more of them step by step, to see whether memory
 * lasts. Any thread may call.
 */
final class Trial {

  private static final int FIRST_PERMITS = 4;
  private static final int STEPS = 8;
  private static final long SHORTEST_STEP = TimeUnit.SECONDS.toNanos(1);

  private final long began;
  private final long length;
  private final boolean trickle;

  // Guarded by this.
  private long second = -1;
  private int admitted;

  private Trial(long began, Duration length, boolean trickle) {
    this.began = began;
    this.length = length.toNanos();
    this.trickle = trickle;
  }

  /**
   * Permits for a second double each second, or eight times in a long trial: 4, 8, and up to 512.
   */
  static Trial of(long now, Duration length) {
    return new Trial(now, length, false);
  }

  /**
   * One permit a second, without an end: enough to make the virtual machine collect by itself when
   * it cannot be asked to.
   */
  static Trial trickle(long now) {
    return new Trial(now, Duration.ZERO, true);
  }

  boolean isTrickle() {
    return trickle;
  }

  boolean over(long now) {
    return !trickle && now - began >= length;
  }

  synchronized boolean admits(long now) {
    long elapsed = Math.max(0, now - began);
    long current = TimeUnit.NANOSECONDS.toSeconds(elapsed);
    if (current != second) {
      second = current;
      admitted = 0;
    }
    if (admitted >= permits(elapsed)) {
      return false;
    }
    admitted++;
    return true;
  }

  private int permits(long elapsed) {
    if (trickle) {
      return 1;
    }
    long step = Math.max(SHORTEST_STEP, length / STEPS);
    return FIRST_PERMITS << Math.min(STEPS - 1, elapsed / step);
  }
}
