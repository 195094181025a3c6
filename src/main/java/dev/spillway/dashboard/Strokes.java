package dev.spillway.dashboard;

import java.util.Arrays;

/** Turns numbers into the paths of a drawing. Where a number is missing, there is a gap. */
final class Strokes {

  private Strokes() {}

  /**
   * The same in fewer numbers: each is the largest of its stretch, so that no peak is lost.
   *
   * @param most how many are left at most
   */
  static double[] thin(double[] values, int most) {
    if (values.length <= most) {
      return values;
    }
    double[] thinned = new double[most];
    for (int i = 0; i < most; i++) {
      int from = (int) ((long) i * values.length / most);
      int to = (int) ((long) (i + 1) * values.length / most);
      thinned[i] =
          Arrays.stream(values, from, to)
              .filter(value -> !Double.isNaN(value))
              .max()
              .orElse(Double.NaN);
    }
    return thinned;
  }

  /** The times that go with thinned numbers: each is the last of its stretch. */
  static long[] thin(long[] times, int most) {
    if (times.length <= most) {
      return times;
    }
    long[] thinned = new long[most];
    for (int i = 0; i < most; i++) {
      thinned[i] = times[(int) ((long) (i + 1) * times.length / most) - 1];
    }
    return thinned;
  }

  /** The largest number; 0 when there is none. */
  static double max(double[] values) {
    return Arrays.stream(values).filter(value -> !Double.isNaN(value)).max().orElse(0);
  }

  /** The last number; not a number when the last one is missing. */
  static double last(double[] values) {
    return values.length == 0 ? Double.NaN : values[values.length - 1];
  }

  /**
   * A line through points.
   *
   * @param x of each, in the drawing
   * @param full what stands at the top
   * @param height of the drawing
   */
  static String line(int[] x, double[] values, double full, int height) {
    StringBuilder path = new StringBuilder();
    boolean drawing = false;
    for (int i = 0; i < values.length; i++) {
      if (Double.isNaN(values[i])) {
        drawing = false;
        continue;
      }
      // A point with gaps on both sides would have no length, and be invisible.
      boolean alone = !drawing && (i + 1 == values.length || Double.isNaN(values[i + 1]));
      path.append(drawing ? " " : "M").append(x[i]).append(' ').append(y(values[i], full, height));
      path.append(alone ? "h1" : drawing ? "" : "L");
      drawing = !alone;
    }
    return path.toString();
  }

  /** Columns from one number up to another, as vertical strokes. */
  static String columns(int[] x, double[] from, double[] to, double full, int height) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < to.length; i++) {
      int low = y(from[i], full, height);
      int high = y(to[i], full, height);
      if (!Double.isNaN(to[i]) && to[i] > from[i]) {
        path.append('M').append(x[i]).append(' ').append(low);
        path.append('V').append(Math.min(high, low - 1));
      }
    }
    return path.toString();
  }

  /** Down to the ground and back: what is filled below a line without gaps. */
  static String area(String line, int[] x, double[] values, int height) {
    for (double value : values) {
      if (Double.isNaN(value)) {
        return "";
      }
    }
    return values.length < 2 ? "" : line + "V" + height + "H" + x[0] + "Z";
  }

  static int y(double value, double full, int height) {
    double share = full <= 0 || Double.isNaN(value) ? 0 : Math.min(1, value / full);
    return (int) Math.round(height * (1 - Math.max(0, share)));
  }
}
