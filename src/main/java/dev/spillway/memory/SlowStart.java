package dev.spillway.memory;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long the next trial is. What fills the memory again soon after new work was let in would make
 * the breaker open and close all the time; so each such relapse doubles the trial. Guarded by its
 * owner.
 */
final class SlowStart {

  static final Duration SHORTEST = Duration.ofSeconds(2);
  static final Duration LONGEST = Duration.ofSeconds(30);

  /** Who opens again so soon has not really recovered. */
  private static final Duration SOON = Duration.ofMinutes(1);

  private Duration length = SHORTEST;
  private @Nullable Long closedAt;

  /**
   * @param duringTrial opening again before it was closed
   */
  void opened(long now, boolean duringTrial) {
    if (duringTrial || closedSoonBefore(now)) {
      Duration twice = length.multipliedBy(2);
      length = twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
    } else {
      length = SHORTEST;
    }
  }

  void closed(long now) {
    closedAt = now;
  }

  boolean closedSoonBefore(long now) {
    return closedAt != null && now - closedAt <= SOON.toNanos();
  }

  Duration length() {
    return length;
  }
}
