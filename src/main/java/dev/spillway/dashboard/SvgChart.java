package dev.spillway.dashboard;

import java.util.List;

/**
 * A chart as the server draws it, complete without scripts. The drawing has no text: it is
 * stretched to its place, and the labels around it stay readable on any screen. Immutable.
 *
 * @param name for scripts
 * @param caption one sentence with the latest numbers; its key in the live texts is {@code
 *     chart.NAME.caption}
 * @param empty said instead of a drawing when there are no points yet
 * @param top what the upper edge stands for
 * @param right what the upper edge stands for to the series of the right scale; empty without one
 * @param times below the left edge, the middle, and the right edge
 * @param marks vertical lines
 * @param columns of the table of numbers
 */
record SvgChart(
    String name,
    String title,
    String caption,
    String empty,
    String top,
    String right,
    List<String> times,
    List<Series> series,
    List<Mark> marks,
    List<String> columns,
    List<Line> table) {

  static final int WIDTH = 300;
  static final int HEIGHT = 100;

  SvgChart {
    times = List.copyOf(times);
    series = List.copyOf(series);
    marks = List.copyOf(marks);
    columns = List.copyOf(columns);
    table = List.copyOf(table);
  }

  /**
   * One line, or one colour of the columns.
   *
   * @param style of the line: its number from 1, or {@code limit}
   * @param dash pattern, so that colour is not all that tells them apart
   * @param area filled below the line; may be empty
   * @param width of columns; 0 for a line
   */
  record Series(
      String label, String style, String dash, String path, String area, int width, String note) {}

  /** A moment at which something happened. */
  record Mark(int x, String what) {}

  /** A row of the table of numbers. */
  record Line(String time, List<String> cells) {}
}
