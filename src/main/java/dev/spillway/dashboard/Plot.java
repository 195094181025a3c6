package dev.spillway.dashboard;

import dev.spillway.status.Points;
import dev.spillway.status.Trend;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Draws charts from the points of a window. For one thread. */
final class Plot {

  /** More would not be seen on a screen, and would make the page large. */
  private static final int MOST_POINTS = 36;

  private static final int MOST_COLUMNS = 40;
  private static final int COLUMN_WIDTH = 5;
  private static final int MOST_LINES = 4;

  /** A limit further away than this would press the lines to the ground. */
  private static final double FAR_LIMIT = 4;

  private static final List<String> DASHES = List.of("", "6 3", "2 2", "8 2 2 2", "1 3");
  private static final String LIMIT_DASH = "10 4";
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Points points;
  private final long[] millis;
  private final long from;
  private final long length;

  Plot(Points points, Instant now) {
    this.points = points;
    this.millis = points.millis().stream().mapToLong(Long::longValue).toArray();
    this.length = points.window().length().toMillis();
    this.from = now.toEpochMilli() - length;
  }

  SvgChart draw(Charts.Plan plan) {
    Charts.Unit unit = Charts.unit(plan.lines().get(0).trend());
    boolean measured = hasNumbers(plan);
    double full = plan.columns() ? Charts.round(max(stacked(plan)), unit) : full(plan, unit);
    String right = plan.other().map(this::right).orElse("");
    return new SvgChart(
        plan.name(),
        plan.title(),
        caption(plan),
        measured ? "" : empty(),
        Charts.text(full, unit),
        right,
        times(),
        plan.columns() ? columns(plan, full) : lines(plan, full, unit),
        marks(),
        names(plan).stream().map(Charts.Named::label).toList(),
        table(plan));
  }

  private boolean hasNumbers(Charts.Plan plan) {
    return plan.lines().stream()
        .anyMatch(line -> Arrays.stream(all(line.trend())).anyMatch(value -> !Double.isNaN(value)));
  }

  private String empty() {
    return millis.length == 0
        ? "Collecting: the first point comes in a few seconds."
        : "Nothing was measured in this window.";
  }

  private double[] all(Trend trend) {
    double[] none = new double[millis.length];
    Arrays.fill(none, Double.NaN);
    return points.values().getOrDefault(trend, none);
  }

  private static double max(List<double[]> values) {
    return values.stream().mapToDouble(Strokes::max).max().orElse(0);
  }

  private double full(Charts.Plan plan, Charts.Unit unit) {
    double most = max(plan.lines().stream().map(line -> all(line.trend())).toList());
    double limit = plan.limit().map(this::latest).orElse(0.0);
    boolean near = limit > 0 && (most <= 0 || limit <= FAR_LIMIT * most);
    return near ? Math.max(limit, most) : Charts.round(most, unit);
  }

  private double latest(Trend trend) {
    return Strokes.last(Arrays.stream(all(trend)).filter(v -> !Double.isNaN(v)).toArray());
  }

  private String right(Charts.Named other) {
    Charts.Unit unit = Charts.unit(other.trend());
    return Charts.text(Charts.round(Strokes.max(all(other.trend())), unit), unit);
  }

  private List<SvgChart.Series> lines(Charts.Plan plan, double full, Charts.Unit unit) {
    List<SvgChart.Series> series = new ArrayList<>();
    int number = 0;
    for (Charts.Named line : plan.lines()) {
      series.add(line(line, ++number, full, plan.name().equals("throughput") && number == 1));
    }
    plan.limit().ifPresent(limit -> series.add(limit(latest(limit), full, unit)));
    if (plan.other().isPresent()) {
      Charts.Named other = plan.other().get();
      double most = Strokes.max(all(other.trend()));
      series.add(line(other, ++number, Charts.round(most, Charts.unit(other.trend())), false));
    }
    return series;
  }

  private SvgChart.Series line(Charts.Named line, int number, double full, boolean filled) {
    double[] values = Strokes.thin(all(line.trend()), MOST_POINTS);
    int[] x = xs(MOST_POINTS);
    String path = Strokes.line(x, values, full, SvgChart.HEIGHT);
    String area = filled ? Strokes.area(path, x, values, SvgChart.HEIGHT) : "";
    String dash = DASHES.get(number - 1);
    return new SvgChart.Series(line.label(), String.valueOf(number), dash, path, area, 0, "");
  }

  private static SvgChart.Series limit(double limit, double full, Charts.Unit unit) {
    String label = Double.isNaN(limit) ? "no limit" : "limit " + Charts.text(limit, unit);
    boolean outside = Double.isNaN(limit) || limit > full;
    int y = Strokes.y(limit, full, SvgChart.HEIGHT);
    return new SvgChart.Series(
        label,
        "limit",
        LIMIT_DASH,
        outside ? "" : "M0 " + y + "H" + SvgChart.WIDTH,
        "",
        0,
        outside && !Double.isNaN(limit) ? "above this chart" : "");
  }

  /** What each trend comes up to when they stand on each other. */
  private List<double[]> stacked(Charts.Plan plan) {
    List<double[]> tops = new ArrayList<>();
    double[] below = new double[Math.min(MOST_COLUMNS, millis.length)];
    for (Charts.Named line : plan.lines()) {
      double[] values = Strokes.thin(all(line.trend()), MOST_COLUMNS);
      double[] top = new double[below.length];
      for (int i = 0; i < top.length; i++) {
        top[i] = below[i] + (Double.isNaN(values[i]) ? 0 : values[i]);
      }
      tops.add(top);
      below = top;
    }
    return tops;
  }

  private List<SvgChart.Series> columns(Charts.Plan plan, double full) {
    List<SvgChart.Series> series = new ArrayList<>();
    int[] x = xs(MOST_COLUMNS);
    double[] below = new double[x.length];
    int number = 0;
    for (double[] top : stacked(plan)) {
      String label = plan.lines().get(number).label();
      String path = Strokes.columns(x, below, top, full, SvgChart.HEIGHT);
      series.add(
          new SvgChart.Series(label, String.valueOf(++number), "", path, "", COLUMN_WIDTH, ""));
      below = top;
    }
    return series;
  }

  private int[] xs(int most) {
    return Arrays.stream(Strokes.thin(millis, most)).mapToInt(this::x).toArray();
  }

  private int x(long at) {
    long x = (at - from) * SvgChart.WIDTH / length;
    return (int) Math.max(0, Math.min(SvgChart.WIDTH, x));
  }

  private List<SvgChart.Mark> marks() {
    return points.marks().stream()
        .filter(mark -> mark.at().toEpochMilli() >= from)
        .map(mark -> new SvgChart.Mark(x(mark.at().toEpochMilli()), what(mark)))
        .toList();
  }

  private static String what(Points.Mark mark) {
    String what =
        switch (mark.kind()) {
          case START -> "start";
          case DRAIN -> "drain";
          case RESUME -> "resume";
          case AWAY -> "bucket away";
          case BACK -> "bucket back";
        };
    return what + " at " + CLOCK.format(mark.at());
  }

  private List<String> times() {
    return List.of(
        CLOCK.format(Instant.ofEpochMilli(from)),
        CLOCK.format(Instant.ofEpochMilli(from + length / 2)),
        CLOCK.format(Instant.ofEpochMilli(from + length)) + " UTC");
  }

  private static List<Charts.Named> names(Charts.Plan plan) {
    List<Charts.Named> names = new ArrayList<>(plan.lines());
    plan.limit().ifPresent(limit -> names.add(new Charts.Named(limit, "limit")));
    plan.other().ifPresent(names::add);
    return names;
  }

  private List<SvgChart.Line> table(Charts.Plan plan) {
    long[] times = Strokes.thin(millis, MOST_LINES);
    List<Charts.Named> names = names(plan);
    List<double[]> values =
        names.stream().map(name -> Strokes.thin(all(name.trend()), MOST_LINES)).toList();
    List<SvgChart.Line> lines = new ArrayList<>();
    for (int i = 0; i < times.length; i++) {
      List<String> cells = new ArrayList<>();
      for (int n = 0; n < names.size(); n++) {
        cells.add(Charts.text(values.get(n)[i], Charts.unit(names.get(n).trend())));
      }
      lines.add(new SvgChart.Line(CLOCK.format(Instant.ofEpochMilli(times[i])), cells));
    }
    return lines;
  }

  /** The latest number of each line, and the most of the first. */
  String caption(Charts.Plan plan) {
    List<String> now = new ArrayList<>();
    for (Charts.Named name : names(plan)) {
      double last = Strokes.last(all(name.trend()));
      now.add(name.label() + " " + Charts.text(last, Charts.unit(name.trend())));
    }
    Charts.Named first = plan.lines().get(0);
    double most = Strokes.max(all(first.trend()));
    String window = points.window().text();
    return "Now: "
        + String.join(", ", now)
        + ". Most "
        + first.label()
        + " in "
        + window
        + ": "
        + Charts.text(most, Charts.unit(first.trend()))
        + ".";
  }
}
