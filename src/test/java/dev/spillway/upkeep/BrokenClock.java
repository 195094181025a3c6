package dev.spillway.upkeep;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** A clock that throws an error when a thread of the publisher asks it, as it is told. */
final class BrokenClock implements LongSupplier {

  private final LongSupplier real;
  private final AtomicInteger breaks = new AtomicInteger();

  BrokenClock(LongSupplier real) {
    this.real = real;
  }

  /** The next time that it is asked. */
  void breakOnce() {
    breaks.incrementAndGet();
  }

  void heal() {
    breaks.set(0);
  }

  @Override
  public long getAsLong() {
    boolean asked = Thread.currentThread().getName().startsWith("spillway-publish-");
    if (asked && breaks.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new StackOverflowError("on purpose");
    }
    return real.getAsLong();
  }
}
