package dev.spillway.admission;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Awaits what another thread is about to bring about. */
final class Eventually {

  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(1);

  private Eventually() {}

  /** Returns as soon as the condition holds, and fails the test when it never does. */
  static void holds(String condition, BooleanSupplier check) {
    long start = System.nanoTime();
    while (!check.getAsBoolean()) {
      if (System.nanoTime() - start > DEADLINE.toNanos()) {
        throw new AssertionError("not within " + DEADLINE + ": " + condition);
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
  }
}
