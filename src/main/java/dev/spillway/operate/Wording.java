package dev.spillway.operate;

import dev.spillway.telemetry.LogText;

/** Texts that somebody else has chosen, as an operator may read them. */
final class Wording {

  private Wording() {}

  /** A text that somebody else has chosen, cut and without marks that a page or a log obeys. */
  static String foreign(String text, int most) {
    return LogText.escape(cut(text, most));
  }

  /** The same in quotation marks that it cannot get out of. */
  static String quoted(String text, int most) {
    String inside = cut(text, most).replace("\\", "\\\\").replace("\"", "\\\"");
    return '"' + LogText.escape(inside) + '"';
  }

  private static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    // Not through the middle of a character that has two halves.
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return text.substring(0, end) + "…";
  }
}
