package dev.spillway.storage.gcs;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what another thread does. */
final class Awaited {

  private static final Duration LONGEST = Duration.ofSeconds(20);

  private Awaited() {}

  static void until(BooleanSupplier condition) {
    long end = System.nanoTime() + LONGEST.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("it has not happened within " + LONGEST);
      }
      Thread.onSpinWait();
    }
  }
}
