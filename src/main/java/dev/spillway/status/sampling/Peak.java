package dev.spillway.status.sampling;

import java.util.Arrays;

/** The highest value of the last hour, to the minute. One thread uses it. */
final class Peak {

  private static final long MINUTE_NANOS = 60_000_000_000L;
  private static final int MINUTES = 60;

  private final long[] highest = new long[MINUTES];
  private long newest;
  private boolean begun;

  /** Takes a value into account, and tells the highest. */
  long with(long value, long nanos) {
    long now = Math.floorDiv(nanos, MINUTE_NANOS);
    if (!begun) {
      begun = true;
      newest = now;
    }
    for (long minute = Math.max(newest + 1, now - MINUTES + 1); minute <= now; minute++) {
      highest[place(minute)] = 0;
    }
    newest = Math.max(newest, now);
    highest[place(newest)] = Math.max(highest[place(newest)], value);
    return Arrays.stream(highest).max().orElse(value);
  }

  private static int place(long minute) {
    return (int) Math.floorMod(minute, (long) MINUTES);
  }
}
