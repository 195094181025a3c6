package dev.spillway.dashboard;

import dev.spillway.status.Points;
import dev.spillway.status.Trend;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A line as small as a word: the last ten minutes of one trend, without numbers.
 *
 * @param path in a drawing that is {@value #WIDTH} wide and {@value #HEIGHT} high
 * @param spoken what it shows, in words
 */
record Spark(String path, String spoken) {

  static final int WIDTH = 20;
  static final int HEIGHT = 20;

  private static final int MOST = 14;
  private static final long TEN_MINUTES = 600_000;

  /** None before the trend has two numbers, which make a line. */
  static @Nullable Spark of(Points points, Trend trend) {
    double[] all = points.values().getOrDefault(trend, new double[0]);
    long last = points.millis().isEmpty() ? 0 : points.millis().get(points.millis().size() - 1);
    int from = 0;
    while (from < all.length && points.millis().get(from) < last - TEN_MINUTES) {
      from++;
    }
    double[] values = Strokes.thin(Arrays.copyOfRange(all, from, all.length), MOST);
    if (Arrays.stream(values).filter(value -> !Double.isNaN(value)).count() < 2) {
      return null;
    }
    int[] x = new int[values.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = i * WIDTH / (values.length - 1);
    }
    double max = Strokes.max(values);
    String path = Strokes.line(x, values, max <= 0 ? 1 : max * 1.05, HEIGHT - 1);
    return new Spark(path, "last 10 min, at most " + Charts.text(max, Charts.unit(trend)));
  }
}
