package dev.spillway.dashboard;

import dev.spillway.status.ClientLine;
import dev.spillway.telemetry.Legible;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** How a line about a client reads. */
final class ClientRow {

  private static final int LONGEST = 60;

  private ClientRow() {}

  static Row of(ClientLine line, String root) {
    Map<String, String> cells = new LinkedHashMap<>();
    cells.put("client", Printable.text(line.client(), LONGEST));
    cells.put("uploads", Legible.count(line.uploads()));
    cells.put("received", Legible.bytes(line.receivedBytes()));
    cells.put("missing", Legible.bytes(line.missingBytes()));
    cells.put("refused", Legible.count(line.refused()));
    cells.put("errors", Legible.count(line.errors()));
    String level = line.errors() > 0 || line.refused() > 0 ? Levels.WARNING : Levels.OK;
    String href =
        root
            + "/dashboard/uploads?client="
            + URLEncoder.encode(line.client(), StandardCharsets.UTF_8);
    return new Row(line.client(), href, level, 0, cells);
  }
}
