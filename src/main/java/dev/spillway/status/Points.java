package dev.spillway.status;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The points of a window, the oldest first. Belongs to whoever asked for it.
 *
 * @param millis when each was measured, since 1970
 * @param values of each trend, as many as there are times; not a number where nothing was measured
 * @param marks what happened meanwhile
 */
public record Points(
    Window window, List<Long> millis, Map<Trend, double[]> values, List<Mark> marks) {

  /** A moment to draw a line at. */
  public record Mark(Instant at, Kind kind) {

    /** What happened. */
    public enum Kind {
      START,
      DRAIN,
      RESUME,
      /** No file gets to the destination any more. */
      AWAY,
      /** They do again. */
      BACK
    }
  }
}
