package dev.spillway.dashboard;

import dev.spillway.status.Points;
import dev.spillway.status.Snapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The overview as JSON: the same texts as on the page, for its script. */
final class OverviewJson {

  private OverviewJson() {}

  /**
   * The document.
   *
   * @param title of the browser's window
   * @param since what the reader has already
   */
  static Map<String, Object> of(
      Snapshot now, OverviewView view, Points points, String title, Since since) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("seq", now.sequence());
    document.put("at", now.at().toEpochMilli());
    document.put("instance", now.instance());
    document.put("interval", since.interval());
    document.put("title", title);
    document.put("icon", Levels.windowIcon(view.verdict().level()));
    Map<String, Object> verdict = new LinkedHashMap<>();
    verdict.put("state", view.verdict().state());
    verdict.put("level", view.verdict().level());
    verdict.put("since", now.verdict().since().toEpochMilli());
    verdict.put("href", view.verdict().href());
    verdict.put("spoken", view.verdict().spoken());
    document.put("verdict", verdict);
    document.put("texts", view.live().texts());
    document.put("levels", view.live().levels());
    document.put("shares", view.live().shares());
    List<Row> resources = view.resources().stream().map(ResourceRow::row).toList();
    Map<String, Object> rows = new LinkedHashMap<>();
    rows.put("checks", rows(view.checks().stream().map(CheckRow::row).toList()));
    rows.put("resources", rows(resources));
    if (view.publishing() != null) {
      rows.put("publishing", rows(view.publishing().files()));
    }
    rows.put("worst", rows(view.worst()));
    rows.put("clients", rows(view.clients()));
    document.put("rows", rows);
    document.put("points", PointsJson.since(points, since.reset() ? 0 : since.at(), since.reset()));
    return document;
  }

  /**
   * What the reader has.
   *
   * @param at the time of its last point; 0 for none
   * @param reset whether to send all points
   * @param interval between two samples, in milliseconds
   */
  record Since(long at, boolean reset, long interval) {}

  private static List<Map<String, Object>> rows(List<Row> rows) {
    return rows.stream()
        .map(
            row -> {
              Map<String, Object> entry = new LinkedHashMap<>();
              entry.put("key", row.key());
              entry.put("href", row.href());
              entry.put("cells", row.cells());
              entry.put("levels", Map.of("row", row.level()));
              entry.put("shares", Map.of("row", row.share()));
              return entry;
            })
        .toList();
  }

  /** A number in the query; 0 when there is none. */
  static long number(Query query, String name) {
    return query.choice(
        name,
        0L,
        text -> text.matches("\\d{1,15}") ? Optional.of(Long.parseLong(text)) : Optional.empty());
  }
}
