package dev.spillway.memory;

import java.util.Arrays;
import java.util.Optional;

/**
 * How a figure went through a window of samples: whether it grew all the way, or only now and then.
 *
 * <p>Two points do not tell growth from a wave, nor a line from stairs. So there are four looks:
 *
 * <ul>
 *   <li>The line through the values is that of the median slope between any two of them (Theil and
 *       Sen): a few wild values do not turn it.
 *   <li>More pairs of values rise than chance makes rise (Mann and Kendall).
 *   <li>The window's first third raises what the figure later comes back down to, the last third
 *       brings new heights, and the middle third raises both. A wave does not do the first, a
 *       plateau not the second.
 *   <li>The line fits the middle between the lows to come and the highs so far better than three
 *       levels do. A step to a new plateau, or two, do not pass this.
 * </ul>
 *
 * <p>Immutable.
 */
final class Trend {

  /** Of chance alone, one window of a thousand has so many rising pairs. */
  private static final double SIGNIFICANT = 3;

  /** What each third must bring of the whole growth; an even line brings a third. */
  private static final double LEAST_SHARE = 0.08;

  private final double from;
  private final double to;
  private final double significance;
  private final boolean throughout;
  private final boolean even;
  private final boolean lately;

  private Trend(Points points) {
    double[] low = points.lowsToCome();
    double[] high = points.highsSoFar();
    int end = low.length - 1;
    int first = low.length / 3;
    int second = 2 * low.length / 3;

    double slope = points.medianSlope();
    double level = points.medianLevel(slope);
    from = level;
    to = level + slope * (points.window - 1);
    significance = points.significance();

    double share = LEAST_SHARE * (to - from);
    throughout =
        low[first] - low[0] >= share
            && (low[second] - low[first] + high[second] - high[first]) / 2 >= share
            && high[end] - high[second] >= share;
    lately = high[end] - high[low.length / 2] >= share;
    even = points.with(middles(low, high)).isRatherALineThanStairs();
  }

  /**
   * Looks at a window.
   *
   * @param values oldest first, not a number where it was not measured
   * @return empty when less than half of one of the thirds was measured
   */
  static Optional<Trend> of(double[] values) {
    int third = values.length / 3;
    for (int i = 0; i < 3; i++) {
      double[] part = Arrays.copyOfRange(values, i * third, (i + 1) * third);
      long measured = Arrays.stream(part).filter(value -> !Double.isNaN(value)).count();
      if (measured == 0 || measured * 2 < third) {
        return Optional.empty();
      }
    }
    return Optional.of(new Trend(Points.measured(values)));
  }

  /** Where the line through the window begins; a steep one would begin below zero. */
  double from() {
    return Math.max(0, from);
  }

  /** Where the line through the window ends. */
  double to() {
    return to;
  }

  /** Whether it grew by at least so much, and did so all the way. */
  boolean growsSteadily(double factor, double least) {
    return to - from >= least
        && to >= factor * from()
        && significance >= SIGNIFICANT
        && throughout
        && even;
  }

  /** Whether what grew before has not stopped yet: the window's later half brings new heights. */
  boolean goesOn() {
    return to > from && significance >= SIGNIFICANT && lately;
  }

  private static double[] middles(double[] low, double[] high) {
    double[] middles = new double[low.length];
    Arrays.setAll(middles, i -> (low[i] + high[i]) / 2);
    return middles;
  }
}
