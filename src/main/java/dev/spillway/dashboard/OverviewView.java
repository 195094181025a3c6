package dev.spillway.dashboard;

import dev.spillway.status.Failure;
import dev.spillway.status.Figures;
import dev.spillway.status.Points;
import dev.spillway.status.Snapshot;
import dev.spillway.status.Verdict;
import dev.spillway.status.Window;
import dev.spillway.telemetry.Legible;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The overview in words: what the page and the JSON document behind it show. Immutable.
 *
 * @param verdict the sentence that answers "is it OK?"
 * @param live every text that changes
 * @param publishing null when finished files stay where they are
 * @param windows links to the charts of other windows
 * @param orders links that sort the saturation table
 * @param points some of the points, for scripts to begin with
 * @param blank what scripts make new rows of
 * @param blanks likewise, of lists with more than texts
 */
record OverviewView(
    Sentence verdict,
    Live live,
    List<Tile> tiles,
    List<CheckRow> checks,
    @Nullable PublishView publishing,
    List<ResourceRow> resources,
    List<SvgChart> charts,
    List<Row> worst,
    List<Row> clients,
    List<FailureRow> failures,
    List<Choice> windows,
    Map<String, Choice> orders,
    Map<String, Object> points,
    Row blank,
    Blanks blanks) {

  private static final int FEW_FAILURES = 4;
  private static final int FEW_CLIENTS = 5;
  private static final int FIRST_POINTS = 2;

  /**
   * What it is made of.
   *
   * @param hour the points of the last hour, for changes and small lines
   * @param points of the window that was asked for; may be the same
   * @param failures the latest first
   */
  record Inputs(Snapshot now, Points hour, Points points, List<Failure> failures, Query query) {}

  /**
   * The verdict.
   *
   * @param state for scripts
   * @param spoken all of it as one text
   * @param href of the check that decided; empty when none did
   */
  record Sentence(
      String state,
      String level,
      String icon,
      String headline,
      String explanation,
      String since,
      String sinceIso,
      String href,
      String spoken) {}

  /** Rows without anything in them. */
  record Blanks(CheckRow check, ResourceRow resource) {}

  /** One of several things to choose from by a link. */
  record Choice(String label, String href, boolean current) {}

  static OverviewView of(Inputs inputs, String root) {
    Live.Builder live = new Live.Builder();
    Snapshot now = inputs.now();
    Sentence verdict = sentence(now, live);
    live.text("mode", Mode.of(now).name());
    live.levels("mode", Mode.of(now).level());
    live.text("uptime", Frames.uptime(now));
    live.text("updated", Legible.time(now.at()));
    live.text("balance", balance(now.figures()));
    ResourceRow.Order order = order(inputs.query());
    List<Tile> tiles = new Tiles(now, inputs.hour(), live).all(root);
    List<CheckRow> checks = CheckRow.of(now, inputs.hour(), root);
    PublishView publishing =
        now.figures()
            .publish()
            .map(publish -> PublishView.of(publish, now, live, root))
            .orElse(null);
    List<ResourceRow> resources = ResourceRow.of(now, inputs.hour(), order);
    Plot plot = new Plot(inputs.points(), now.at());
    List<SvgChart> charts = Charts.ALL.stream().map(plot::draw).toList();
    charts.forEach(chart -> live.text("chart." + chart.name() + ".caption", chart.caption()));
    return new OverviewView(
        verdict,
        live.build(),
        tiles,
        checks,
        publishing,
        resources,
        charts,
        now.worst().stream().map(line -> UploadRow.of(line, now.at(), root)).toList(),
        now.clients().stream().limit(FEW_CLIENTS).map(line -> ClientRow.of(line, root)).toList(),
        failures(inputs.failures(), now.at(), root),
        windows(inputs.query(), inputs.points().window()),
        orders(inputs.query(), order),
        PointsJson.thinned(inputs.points(), FIRST_POINTS),
        Row.BLANK,
        new Blanks(CheckRow.BLANK, ResourceRow.BLANK));
  }

  private static Sentence sentence(Snapshot now, Live.Builder live) {
    Verdict verdict = now.verdict();
    String level = Levels.of(verdict.state());
    String headline = verdict.headline();
    String since = Words.moment(verdict.since(), now.at());
    String href = verdict.check().map(check -> "#check-" + check).orElse("");
    live.level("verdict", level);
    live.text("verdict.headline", headline);
    live.text("verdict.explanation", verdict.explanation());
    live.text("verdict.since", since);
    return new Sentence(
        verdict.state().name(),
        level,
        Levels.icon(level),
        headline,
        verdict.explanation(),
        since,
        verdict.since().toString(),
        href,
        headline + ". " + verdict.explanation());
  }

  /** Shows at once where bytes pile up. */
  private static String balance(Figures figures) {
    OptionalDouble in = figures.flow().received();
    OptionalDouble out = figures.flow().stored();
    if (in.isEmpty() || out.isEmpty()) {
      return "The balance of bytes is not known yet: it needs two samples.";
    }
    double rest = in.getAsDouble() - out.getAsDouble();
    String what = rest < 0 ? "taken from what was on its way" : "on its way between the two";
    return "In "
        + Words.rate(in)
        + " = on record "
        + Words.rate(out)
        + (rest < 0 ? " − " : " + ")
        + Legible.bytes(Math.abs(rest))
        + "/s "
        + what
        + ".";
  }

  private static List<FailureRow> failures(List<Failure> failures, Instant now, String root) {
    return failures.stream()
        .limit(FEW_FAILURES)
        .map(failure -> FailureRow.of(failure, now, root))
        .toList();
  }

  static Window window(Query query) {
    return query.choice(
        "window",
        Window.HOUR,
        text ->
            Arrays.stream(Window.values()).filter(window -> window.text().equals(text)).findAny());
  }

  private static List<Choice> windows(Query query, Window shown) {
    return Arrays.stream(Window.values())
        .map(
            window ->
                new Choice(
                    window.text().replaceFirst("(?=[a-z])", "\u00a0").replaceFirst("m$", "min"),
                    query.with("window", window.text()) + "#charts",
                    window == shown))
        .toList();
  }

  private static ResourceRow.Order order(Query query) {
    return query.choice(
        "sort",
        ResourceRow.Order.SHARE,
        text ->
            Arrays.stream(ResourceRow.Order.values())
                .filter(order -> order.text().equals(text))
                .findAny());
  }

  private static Map<String, Choice> orders(Query query, ResourceRow.Order shown) {
    Map<String, Choice> choices = new LinkedHashMap<>();
    for (ResourceRow.Order order : ResourceRow.Order.values()) {
      String text = order.text();
      choices.put(
          text,
          new Choice(
              text.toLowerCase(Locale.ROOT),
              query.with("sort", text) + "#saturation",
              order == shown));
    }
    return choices;
  }
}
