package dev.spillway.it;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of the page that tells what operators did.
 *
 * @param result the word for it, and what it says
 */
record AuditLine(long number, String action, String result, String who, String target) {

  private static final Pattern ROW =
      Pattern.compile("(?s)<tr data-level=[^>]*>\\s*<th[^>]*>([0-9]+)</th>(.*?)</tr>");
  private static final Pattern CELL = Pattern.compile("(?s)<td[^>]*>(.*?)</td>");

  /** All of the page, the newest first. */
  static List<AuditLine> read(OperatorClient client) throws Exception {
    Matcher row = ROW.matcher(client.get("dashboard/audit").requireStatus(200).text());
    List<AuditLine> lines = new ArrayList<>();
    while (row.find()) {
      List<String> cells = CELL.matcher(row.group(2)).results().map(c -> text(c.group(1))).toList();
      lines.add(
          new AuditLine(
              Long.parseLong(row.group(1)),
              cells.get(1),
              cells.get(2),
              cells.get(3),
              cells.get(5)));
    }
    return lines;
  }

  private static String text(String html) {
    return html.replaceAll("<[^>]*>", " ").replaceAll("\\s+", " ").strip();
  }

  /** Whether it says that nothing was done because of who asked, or how. */
  boolean isRefusal() {
    return result.contains("Refused.");
  }
}
