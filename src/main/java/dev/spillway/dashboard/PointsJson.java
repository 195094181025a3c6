package dev.spillway.dashboard;

import dev.spillway.status.Points;
import dev.spillway.status.Trend;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The points of the charts as they stand in JSON. What was not measured is null, never zero. */
final class PointsJson {

  /** Enough for the eye; more digits would only make the document larger. */
  private static final MathContext DIGITS = new MathContext(4);

  private PointsJson() {}

  /**
   * Some of the points.
   *
   * @param since only those after this time; 0 for all
   * @param reset whether they take the place of those that the reader has
   */
  static Map<String, Object> since(Points points, long since, boolean reset) {
    int first = 0;
    while (first < points.millis().size() && points.millis().get(first) <= since) {
      first++;
    }
    int from = first;
    Map<String, Object> values = new LinkedHashMap<>();
    shown()
        .forEach(
            trend -> {
              double[] all = points.values().get(trend);
              if (all != null) {
                values.put(trend.key(), numbers(all, from));
              }
            });
    List<Long> millis = points.millis().subList(from, points.millis().size());
    return document(points, millis, values, reset);
  }

  /** All of the window in fewer points, each the largest of its stretch. */
  static Map<String, Object> thinned(Points points, int most) {
    long[] millis =
        Strokes.thin(points.millis().stream().mapToLong(Long::longValue).toArray(), most);
    Map<String, Object> values = new LinkedHashMap<>();
    shown()
        .forEach(
            trend -> {
              double[] all = points.values().get(trend);
              if (all != null) {
                values.put(trend.key(), numbers(Strokes.thin(all, most), 0));
              }
            });
    List<Long> times = new ArrayList<>();
    for (long at : millis) {
      times.add(at);
    }
    return document(points, times, values, true);
  }

  private static Map<String, Object> document(
      Points points, List<Long> millis, Map<String, Object> values, boolean reset) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("window", points.window().text());
    document.put("length", points.window().length().toMillis());
    document.put("step", points.window().step().toMillis());
    document.put("millis", millis);
    document.put("values", values);
    document.put(
        "marks",
        points.marks().stream()
            .map(
                mark ->
                    Map.<String, Object>of(
                        "at", mark.at().toEpochMilli(), "kind", mark.kind().name()))
            .toList());
    document.put("reset", reset);
    return document;
  }

  /** Those that a chart shows. */
  private static List<Trend> shown() {
    List<Trend> trends = new ArrayList<>();
    for (Charts.Plan plan : Charts.ALL) {
      plan.lines().forEach(line -> trends.add(line.trend()));
      plan.limit().ifPresent(trends::add);
      plan.other().ifPresent(other -> trends.add(other.trend()));
    }
    return trends;
  }

  private static List<@Nullable Number> numbers(double[] values, int from) {
    List<@Nullable Number> numbers = new ArrayList<>(values.length - from);
    for (int i = from; i < values.length; i++) {
      numbers.add(number(values[i]));
    }
    return numbers;
  }

  private static @Nullable Number number(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return null;
    }
    if (Math.abs(value) >= 1000 || value == Math.rint(value)) {
      return Math.round(value);
    }
    return new BigDecimal(value).round(DIGITS).doubleValue();
  }
}
