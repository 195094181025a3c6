package dev.spillway.memory;

import java.time.Duration;
import java.util.Locale;

/** Figures as people read them in a log line. */
final class InWords {

  private static final double PERCENT = 100;
  private static final long STEP = 1024;
  private static final String PREFIXES = "KMGTPE";
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private InWords() {}

  /** Such as {@code 62.1 MiB}. */
  static String bytes(double bytes) {
    if (Math.abs(bytes) < STEP) {
      return Math.round(bytes) + " B";
    }
    double rest = bytes / STEP;
    int prefix = 0;
    while (Math.abs(rest) >= STEP && prefix < PREFIXES.length() - 1) {
      rest /= STEP;
      prefix++;
    }
    return String.format(Locale.ROOT, "%.1f %ciB", rest, PREFIXES.charAt(prefix));
  }

  /** Such as {@code 62.1 MiB}. */
  static String bytes(long bytes) {
    return bytes((double) bytes);
  }

  /** Such as {@code +62.1 MiB}. */
  static String change(long bytes) {
    return (bytes < 0 ? "" : "+") + bytes(bytes);
  }

  /** Such as {@code 1,140}. */
  static String count(double count) {
    return String.format(Locale.ROOT, "%,d", Math.round(count));
  }

  /** Such as {@code 12.3 %}. */
  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", share * PERCENT);
  }

  /** Such as {@code 12 ms}, {@code 1.2 s}, {@code 10 min}, {@code 3 h 20 min}. */
  static String duration(Duration duration) {
    if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
      return duration.toMillis() + " ms";
    }
    if (duration.compareTo(MINUTE) < 0) {
      return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1e3);
    }
    return duration.toHours() == 0
        ? duration.toMinutes() + " min"
        : duration.toHours() + " h " + duration.toMinutesPart() + " min";
  }
}
