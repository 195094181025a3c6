package dev.spillway.dashboard;

import java.util.Map;

/**
 * A row of a table whose cells change while the page is open.
 *
 * @param key stays the same as long as the row is about the same thing
 * @param href where it leads
 * @param level of the whole row
 * @param share done, from 0 to 1
 * @param cells the texts by the name of their cell
 */
record Row(String key, String href, String level, double share, Map<String, String> cells) {

  /** What a script makes new rows of. */
  static final Row BLANK = new Row("", "#", Levels.IDLE, 0, Map.of());
}
