package dev.spillway.dashboard;

import dev.spillway.status.CheckResult;
import dev.spillway.status.Level;
import dev.spillway.status.Points;
import dev.spillway.status.Snapshot;
import dev.spillway.status.Trend;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A check as a sentence.
 *
 * @param key the name of the check
 * @param anchor where links to it lead
 * @param cells its texts, with the limits from where on it warns and is critical
 * @param href where more is to be seen
 */
record CheckRow(
    String key,
    String anchor,
    String level,
    Map<String, String> cells,
    String href,
    @Nullable Spark spark) {

  /** What a script makes new rows of. */
  static final CheckRow BLANK = new CheckRow("", "", Levels.IDLE, Map.of(), "#", null);

  private static final Map<String, Trend> TRENDS =
      Map.ofEntries(
          Map.entry("commits", Trend.COMMIT_P99),
          Map.entry("disk", Trend.DISK_USABLE),
          Map.entry("storage", Trend.DISK_USABLE),
          Map.entry("server-errors", Trend.SERVER_ERRORS),
          Map.entry("refusals", Trend.REFUSED),
          Map.entry("buffers", Trend.BUFFER_BYTES),
          Map.entry("write-queue", Trend.QUEUE_WAITING),
          Map.entry("transfers", Trend.CHUNKS_MOVING),
          Map.entry("stalled", Trend.CHUNKS_STALLED),
          Map.entry("abandoned", Trend.STALE_UPLOADS),
          Map.entry("heap", Trend.HEAP_LIVE),
          Map.entry("collections", Trend.COLLECTING),
          Map.entry("open-files", Trend.DESCRIPTORS));

  /** All checks, the troubled ones first. */
  static List<CheckRow> of(Snapshot now, Points hour, String root) {
    return now.checks().stream()
        .sorted(Comparator.comparingInt(check -> order(check.level())))
        .map(check -> of(check, now, hour, root))
        .toList();
  }

  private static int order(Level level) {
    return switch (level) {
      case CRITICAL -> 0;
      case WARNING -> 1;
      case UNKNOWN -> 2;
      case OK -> 3;
    };
  }

  private static CheckRow of(CheckResult check, Snapshot now, Points hour, String root) {
    String level = Levels.of(check.level());
    boolean troubled = check.level() == Level.WARNING || check.level() == Level.CRITICAL;
    Trend trend = TRENDS.get(check.name());
    return new CheckRow(
        check.name(),
        "check-" + check.name(),
        level,
        Map.of(
            "word", Levels.word(level),
            "sentence", check.sentence(),
            "limits", check.limits(),
            "since", troubled ? "since " + Words.moment(check.since(), now.at()) : ""),
        href(check, root),
        trend == null ? null : Spark.of(hour, trend));
  }

  /** As the script takes it. */
  Row row() {
    return new Row(key, href, level, 0, cells);
  }

  private static String href(CheckResult check, String root) {
    String name = check.name();
    if (name.contains("error") || name.contains("refus") || name.contains("integrity")) {
      return root + "/dashboard/failures";
    }
    if (name.contains("stal") || name.contains("abandoned") || name.contains("failed")) {
      return root + "/dashboard/uploads?sort=quiet";
    }
    if (check.kind() == CheckResult.Kind.DELIVERY) {
      return "#publishing";
    }
    if (name.contains("config") || name.contains("collect")) {
      return root + "/dashboard/runtime";
    }
    return check.kind() == CheckResult.Kind.SATURATION
        ? "#saturation"
        : root + "/dashboard/runtime";
  }
}
