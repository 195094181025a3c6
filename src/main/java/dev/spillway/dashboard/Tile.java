package dev.spillway.dashboard;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of the large numbers at the top of the overview.
 *
 * @param key its texts begin with; the level has the same key
 * @param href the chart, table, or page with more about it
 * @param parts one number, or several small ones
 */
record Tile(String key, String label, String href, List<Part> parts, @Nullable Spark spark) {

  Tile {
    parts = List.copyOf(parts);
  }

  /**
   * A number.
   *
   * @param key of its text
   * @param label what it counts, when there is more than one; else empty
   */
  record Part(String key, String label) {}
}
