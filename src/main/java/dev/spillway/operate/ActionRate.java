package dev.spillway.operate;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/** At most so many actions in any minute. Any thread may call. */
final class ActionRate {

  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final int most;
  private final LongSupplier nanoTime;
  private final Deque<Long> lately = new ArrayDeque<>();

  /**
   * @param nanoTime a clock that never goes back
   */
  ActionRate(int most, LongSupplier nanoTime) {
    this.most = most;
    this.nanoTime = nanoTime;
  }

  int most() {
    return most;
  }

  /** Whether one more may be carried out now; then it counts. */
  synchronized boolean take() {
    long now = nanoTime.getAsLong();
    while (!lately.isEmpty() && now - lately.peekFirst() >= MINUTE) {
      lately.removeFirst();
    }
    if (lately.size() >= most) {
      return false;
    }
    lately.addLast(now);
    return true;
  }
}
