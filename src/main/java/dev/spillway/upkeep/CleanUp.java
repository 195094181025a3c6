package dev.spillway.upkeep;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one run of the {@link StaleUploadCleaner} did, and how far it came.
 *
 * @param at when it began
 * @param why what it was for
 * @param examined uploads that it looked at
 * @param expired how many of them have ended
 * @param freedBytes what those had received
 * @param failed uploads that could not be ended, or whose files could not be removed: the next run
 *     tries again, or the next {@link Sweep}
 * @param skipped uploads that a request is at work on, or that have come back to life
 * @param complete whether it did all that there was to do
 * @param stoppedBecause why it did not; null when it did
 */
public record CleanUp(
    Instant at,
    Duration took,
    String why,
    int examined,
    int expired,
    long freedBytes,
    int failed,
    int skipped,
    boolean complete,
    @Nullable String stoppedBecause) {

  static CleanUp notBegun(Instant at, String why, String because) {
    return new CleanUp(at, Duration.ZERO, why, 0, 0, 0, 0, 0, false, because);
  }

  boolean isWorthTelling() {
    return expired > 0 || failed > 0 || !complete;
  }
}
