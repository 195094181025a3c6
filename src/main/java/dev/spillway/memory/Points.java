package dev.spillway.memory;

import java.util.Arrays;
import java.util.stream.IntStream;

/** The values of a window that were measured, with their places in it. Immutable. */
final class Points {

  /** How many places there are, measured or not. */
  final int window;

  private final int[] x;
  private final double[] y;

  private Points(int window, int[] x, double[] y) {
    this.window = window;
    this.x = x;
    this.y = y;
  }

  static Points measured(double[] values) {
    int[] places =
        IntStream.range(0, values.length).filter(i -> !Double.isNaN(values[i])).toArray();
    return new Points(
        values.length, places, Arrays.stream(places).mapToDouble(i -> values[i]).toArray());
  }

  /** Other values at the same places. */
  Points with(double[] values) {
    return new Points(window, x, values);
  }

  /** For each point, the lowest value from there on: what it comes back down to. */
  double[] lowsToCome() {
    double[] low = y.clone();
    for (int i = low.length - 2; i >= 0; i--) {
      low[i] = Math.min(low[i], low[i + 1]);
    }
    return low;
  }

  /** For each point, the highest value up to there. */
  double[] highsSoFar() {
    double[] high = y.clone();
    for (int i = 1; i < high.length; i++) {
      high[i] = Math.max(high[i], high[i - 1]);
    }
    return high;
  }

  /** The median of the slopes between any two points (Theil and Sen). */
  double medianSlope() {
    double[] slopes = new double[x.length * (x.length - 1) / 2];
    int next = 0;
    for (int i = 1; i < x.length; i++) {
      for (int j = 0; j < i; j++) {
        slopes[next++] = (y[i] - y[j]) / (x[i] - x[j]);
      }
    }
    return median(slopes);
  }

  /** Where a line of this slope begins, with as many points above it as below. */
  double medianLevel(double slope) {
    double[] levels = new double[x.length];
    Arrays.setAll(levels, i -> y[i] - slope * x[i]);
    return median(levels);
  }

  /** By how many standard deviations more pairs rise than chance makes rise (Mann and Kendall). */
  double significance() {
    int rising = 0;
    for (int i = 1; i < y.length; i++) {
      for (int j = 0; j < i; j++) {
        rising += Double.compare(y[i], y[j]);
      }
    }
    double n = y.length;
    return rising / Math.sqrt(n * (n - 1) * (2 * n + 5) / 18);
  }

  /** Whether the best line is nearer to the points than the best three levels are. */
  boolean isRatherALineThanStairs() {
    return squaresAroundLine() <= squaresAroundStairs();
  }

  private double squaresAroundLine() {
    double meanX = Arrays.stream(x).average().orElseThrow();
    double meanY = Arrays.stream(y).average().orElseThrow();
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      xx += (x[i] - meanX) * (x[i] - meanX);
      xy += (x[i] - meanX) * (y[i] - meanY);
      yy += (y[i] - meanY) * (y[i] - meanY);
    }
    return yy - xy * xy / xx;
  }

  private double squaresAroundStairs() {
    Sums sums = Sums.of(y);
    int end = y.length;
    double best = Double.MAX_VALUE;
    for (int i = 1; i < end - 1; i++) {
      double lowest = sums.squares(0, i);
      for (int j = i + 1; j < end; j++) {
        best = Math.min(best, lowest + sums.squares(i, j) + sums.squares(j, end));
      }
    }
    return best;
  }

  /** Running sums, from which the squares around the mean of any part are known at once. */
  private static final class Sums {

    private final double[] values;
    private final double[] squares;

    private Sums(int size) {
      values = new double[size + 1];
      squares = new double[size + 1];
    }

    /** Without their mean, large values would drown their differences. */
    static Sums of(double[] y) {
      double mean = Arrays.stream(y).average().orElseThrow();
      Sums sums = new Sums(y.length);
      for (int i = 0; i < y.length; i++) {
        double value = y[i] - mean;
        sums.values[i + 1] = sums.values[i] + value;
        sums.squares[i + 1] = sums.squares[i] + value * value;
      }
      return sums;
    }

    double squares(int from, int to) {
      double sum = values[to] - values[from];
      return squares[to] - squares[from] - sum * sum / (to - from);
    }
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return (values[values.length / 2] + values[(values.length - 1) / 2]) / 2;
  }
}
