package dev.spillway.upkeep;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one run of the {@link OrphanSweeper} did, and how far it came.
 *
 * @param at when it began
 * @param examined files and uploads that it looked at
 * @param freedBytes the lengths of the files that it removed, without those of the spool
 * @param unknown files that the catalogue does not know, and that are kept for the time being
 * @param failed what could not be removed; the next run tries again
 * @param complete whether it looked at everything
 * @param stoppedBecause why it did not; null when it did
 */
public record Sweep(
    Instant at,
    Duration took,
    int examined,
    Removed removed,
    long freedBytes,
    int unknown,
    int failed,
    boolean complete,
    @Nullable String stoppedBecause) {

  /**
   * What has been removed.
   *
   * @param unfinished files of uploads that have ended or were never recorded
   * @param finished files that no upload stands for any more
   * @param spooled chunks that were kept aside and forgotten
   * @param retired finished files whose retention was over
   * @param records uploads that ended long ago
   */
  public record Removed(int unfinished, int finished, int spooled, int retired, int records) {

    int total() {
      return unfinished + finished + spooled + retired + records;
    }
  }

  static Sweep notBegun(Instant at, String because) {
    return new Sweep(at, Duration.ZERO, 0, new Removed(0, 0, 0, 0, 0), 0, 0, 0, false, because);
  }

  boolean isWorthTelling() {
    return removed.total() > 0 || unknown > 0 || failed > 0 || !complete;
  }
}
