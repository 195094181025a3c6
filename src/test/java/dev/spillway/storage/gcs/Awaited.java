package dev.spillway.storage.gcs;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another thread does. */
final class Awaited {

  private static final Duration LONGEST = Duration.ofSeconds(40);
  private static final long BETWEEN_LOOKS = Duration.ofMillis(1).toNanos();

  private Awaited() {}

  static void until(BooleanSupplier condition) {
    long end = System.nanoTime() + LONGEST.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("it has not happened within " + LONGEST);
      }
      LockSupport.parkNanos(BETWEEN_LOOKS);
    }
  }
}
