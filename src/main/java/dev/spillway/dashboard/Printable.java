package dev.spillway.dashboard;

/**
 * A client's text as it may stand on a page, beside the escaping that the template does: nothing
 * that is invisible or turns the direction of writing, and not too long.
 */
final class Printable {

  private static final String INSTEAD = "\ufffd";

  private Printable() {}

  /**
   * @param most code points; the rest is left out, with an ellipsis
   */
  static String text(String text, int most) {
    StringBuilder printable = new StringBuilder();
    int taken = 0;
    for (int i = 0; i < text.length(); ) {
      if (taken++ == most) {
        return printable.append('…').toString();
      }
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      if (isVisible(point)) {
        printable.appendCodePoint(point);
      } else {
        printable.append(INSTEAD);
      }
    }
    return printable.toString();
  }

  private static boolean isVisible(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
