package dev.spillway.config;

import java.util.regex.Pattern;

/**
 * What was written in a source, made fit to be printed: one line, of bounded length, no secrets.
 */
final class Shown {

  static final String MASK = "******";

  private static final int MAX_LENGTH = 200;

  /** Control and invisible characters, which could forge a line or turn its direction. */
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

  /** Drivers take a password in the URL; some people write one before the host. */
  private static final Pattern URL_SECRET = Pattern.compile("(?is)(password=)[^&]*|//.*@");

  private Shown() {}

  static String text(String written) {
    String line = UNPRINTABLE.matcher(written).replaceAll("?");
    return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "…";
  }

  static String secret(String written) {
    return written.isEmpty() ? "" : MASK;
  }

  static String url(String written) {
    String masked =
        URL_SECRET
            .matcher(written)
            .replaceAll(
                found -> found.group(1) == null ? "//" + MASK + "@" : found.group(1) + MASK);
    return text(masked);
  }
}
