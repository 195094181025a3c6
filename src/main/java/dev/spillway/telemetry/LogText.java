package dev.spillway.telemetry;

import java.util.Locale;

/**
 * Makes text safe for a log line: control characters, line ends, escape sequences and marks that
 * turn the direction of text become visible escapes, and very long text is cut.
 */
public final class LogText {

  /** Longer messages are cut: a client chooses how long a name is, not how large the log grows. */
  private static final int MAX_LENGTH = 4000;

  private LogText() {}

  /** The text as it may stand in a log line. */
  public static String escape(String text) {
    StringBuilder safe = new StringBuilder(Math.min(text.length(), MAX_LENGTH));
    text.codePoints()
        .limit(MAX_LENGTH)
        .forEach(
            c -> {
              if (isPlain(c)) {
                safe.appendCodePoint(c);
              } else {
                safe.append(String.format(Locale.ROOT, "\\u{%x}", c));
              }
            });
    if (text.length() > MAX_LENGTH) {
      safe.append("... (").append(text.length()).append(" characters)");
    }
    return safe.toString();
  }

  private static boolean isPlain(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
