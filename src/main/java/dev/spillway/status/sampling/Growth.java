package dev.spillway.status.sampling;

import java.util.OptionalDouble;

/** How fast a counter has grown since it was looked at the last time. One thread uses it. */
final class Growth {

  private static final double NANOS_PER_SECOND = 1e9;

  private long count;
  private long at;
  private boolean begun;

  /** By how much a second; empty for the first look, and when no time has passed. */
  OptionalDouble perSecond(long countNow, long nanosNow) {
    OptionalDouble rate =
        begun && nanosNow > at && countNow >= count
            ? OptionalDouble.of((countNow - count) * NANOS_PER_SECOND / (nanosNow - at))
            : OptionalDouble.empty();
    count = countNow;
    at = nanosNow;
    begun = true;
    return rate;
  }
}
