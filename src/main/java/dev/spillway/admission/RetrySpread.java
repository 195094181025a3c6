package dev.spillway.admission;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How long refused clients stay away: one, two and three seconds in turn, so that those refused
 * together do not come back together. Any thread may call.
 */
final class RetrySpread {

  /** A server that stops is soon replaced by its next start. */
  static final Duration WHILE_DRAINING = Duration.ofSeconds(5);

  /** Open uploads take minutes to end, and then somebody has something to do. */
  static final Duration WHILE_HOLDING = Duration.ofSeconds(30);

  private static final int LONGEST_SECONDS = 3;

  private final AtomicInteger turn = new AtomicInteger();

  Duration next() {
    return Duration.ofSeconds(1 + Math.floorMod(turn.getAndIncrement(), LONGEST_SECONDS));
  }
}
