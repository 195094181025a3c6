package dev.spillway.dashboard;

import dev.spillway.operate.AuditEntry;
import dev.spillway.telemetry.Legible;
import dev.spillway.upload.UploadId;
import java.time.Instant;
import java.util.List;

/** The page with the last attempts of operators, newest first. */
record AuditView(List<Row> rows) {

  AuditView {
    rows = List.copyOf(rows);
  }

  /**
   * One attempt.
   *
   * @param targetHref the page of what it was done to; empty when it has none
   */
  record Row(
      long number,
      String time,
      String iso,
      String who,
      String from,
      String action,
      String target,
      String targetHref,
      String parameters,
      String level,
      String icon,
      String word,
      String text,
      String took) {}

  static AuditView of(List<AuditEntry> entries, String root, Instant now) {
    return new AuditView(entries.stream().map(entry -> row(entry, root, now)).toList());
  }

  private static Row row(AuditEntry entry, String root, Instant now) {
    Frame.Result result = Frame.Result.of(entry.outcome());
    return new Row(
        entry.number(),
        Words.moment(entry.at(), now),
        entry.at().toString(),
        entry.who(),
        entry.from(),
        entry.action(),
        entry.target(),
        UploadId.parse(entry.target())
            .map(id -> root + "/dashboard/uploads/" + id.value())
            .orElse(""),
        entry.parameters(),
        result.level(),
        result.icon(),
        result.word(),
        entry.outcome().text(),
        Legible.duration(entry.took()));
  }
}
