package dev.spillway.telemetry;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Figures as people read them: bytes, shares, numbers, durations and moments, the same on every
 * page and in every sentence, whatever the machine's language. Between a number and its unit is a
 * space (U+00A0) at which no line breaks: {@code Legible.bytes(123_731_968)} is {@code 118 MiB},
 * {@code Legible.duration(Duration.ofSeconds(252))} is {@code 4 min 12 s}.
 *
 * <p>It writes figures that are known; what stands for an unknown one is up to the page. For people
 * only: log lines and machines get plain numbers. Has no state, so nobody owns it, and any thread
 * may call.
 */
public final class Legible {

  private static final char SPACE = '\u00a0';
  private static final double STEP = 1024;
  private static final String PREFIXES = "KMGTPE";
  private static final double PERCENT = 100;
  private static final double MILLIS_PER_SECOND = 1e3;
  private static final double NANOS_PER_MILLI = 1e6;

  /** Far less than a share is shown with, and far more than a product of two numbers is off by. */
  private static final double NOTHING = 1e-9;

  /** Below this, digits are not grouped: {@code 1284}, {@code 12 840}. */
  private static final long GROUPED_FROM = 10_000;

  private static final DateTimeFormatter MINUTE = formatter("HH:mm 'UTC'");
  private static final DateTimeFormatter TIME = formatter("HH:mm:ss 'UTC'");
  private static final DateTimeFormatter MOMENT = formatter("uuuu-MM-dd HH:mm:ss 'UTC'");

  private Legible() {}

  private static DateTimeFormatter formatter(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }

  /** In units of 1024: {@code 512 B}, {@code 1.00 GiB}, {@code 61.0 GiB}, {@code 118 MiB}. */
  public static String bytes(long bytes) {
    return bytes((double) bytes);
  }

  /** The same of a figure that need not be whole, such as an average. */
  public static String bytes(double bytes) {
    // What would be rounded up to the next prefix's "1024" is written with that prefix.
    double rest = bytes;
    int prefix = -1;
    while (Math.abs(rest) >= STEP - 0.5 && prefix < PREFIXES.length() - 1) {
      rest /= STEP;
      prefix++;
    }
    return prefix < 0
        ? with(Math.round(bytes), "B")
        : with(threeDigits(rest), PREFIXES.charAt(prefix) + "iB");
  }

  /** Such as {@code 118 MiB/s}. */
  public static String rate(double bytesPerSecond) {
    return bytes(bytesPerSecond) + "/s";
  }

  /** Such as {@code 1284}, {@code 65 536}. */
  public static String count(long count) {
    return Math.abs(count) < GROUPED_FROM
        ? Long.toString(count)
        : String.format(Locale.ROOT, "%,d", count).replace(',', SPACE);
  }

  /** Such as {@code 1 upload}, {@code 12 uploads}; for words that form their plural with an s. */
  public static String counted(long count, String one) {
    return counted(count, one, one + "s");
  }

  /** Such as {@code 1 chunk waits}, {@code 12 chunks wait}. */
  public static String counted(long count, String one, String many) {
    return with(count(count), count == 1 ? one : many);
  }

  /** A number that need not be whole: {@code 2.50}, {@code 118}. */
  public static String number(double number) {
    return number == Math.rint(number) ? count((long) number) : threeDigits(number);
  }

  /** A share of a whole: {@code 93 %}, {@code 7.2 %}, {@code < 0.1 %}. */
  public static String percent(double share) {
    double percent = share * PERCENT;
    // Not quite full is not full, and very little is not nothing.
    if (percent > 99 && percent < PERCENT) {
      return with("99", "%");
    }
    if (percent > 0 && percent < 0.05) {
      return "<" + SPACE + with("0.1", "%");
    }
    boolean whole = Math.abs(percent) >= 9.95 || Math.abs(percent - Math.rint(percent)) < NOTHING;
    return with(String.format(Locale.ROOT, whole ? "%.0f" : "%.1f", percent), "%");
  }

  /** In its two largest units: {@code 180 ms}, {@code 2.4 s}, {@code 4 min 12 s}, {@code 2 d}. */
  public static String duration(Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      return with(0, "s");
    }
    double millis =
        duration.toSeconds() * MILLIS_PER_SECOND + duration.toNanosPart() / NANOS_PER_MILLI;
    if (millis < 1000) {
      return with(millis < 10 ? threeDigits(millis) : Long.toString(Math.round(millis)), "ms");
    }
    if (millis < 10_000) {
      return with(String.format(Locale.ROOT, "%.1f", Math.floor(millis / 100) / 10), "s");
    }
    if (duration.toMinutes() < 1) {
      return with(duration.toSeconds(), "s");
    }
    if (duration.toHours() < 1) {
      return two(duration.toMinutes(), "min", duration.toSecondsPart(), "s");
    }
    return duration.toDays() < 1
        ? two(duration.toHours(), "h", duration.toMinutesPart(), "min")
        : two(duration.toDays(), "d", duration.toHoursPart(), "h");
  }

  /** In one unit, coarse on purpose: {@code 12 s}, {@code 4 min}, {@code 24 h}, {@code 2 d}. */
  public static String about(Duration duration) {
    if (duration.toMinutes() < 1) {
      return with(Math.max(0, duration.toSeconds()), "s");
    }
    if (duration.toHours() < 1) {
      return with(duration.toMinutes(), "min");
    }
    return duration.toDays() < 2 ? with(duration.toHours(), "h") : with(duration.toDays(), "d");
  }

  /** Such as {@code 11:58 UTC}. */
  public static String minute(Instant at) {
    return MINUTE.format(at);
  }

  /** Such as {@code 12:00:05 UTC}. */
  public static String time(Instant at) {
    return TIME.format(at);
  }

  /** Such as {@code 2026-11-21 16:40:12 UTC}. */
  public static String moment(Instant at) {
    return MOMENT.format(at);
  }

  private static String threeDigits(double number) {
    double size = Math.abs(number);
    String format = size >= 99.95 ? "%.0f" : size >= 9.995 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, number);
  }

  private static String two(long large, String unit, long small, String smallUnit) {
    String first = with(large, unit);
    return small == 0 ? first : first + SPACE + with(small, smallUnit);
  }

  private static String with(long number, String unit) {
    return with(Long.toString(number), unit);
  }

  private static String with(String number, String unit) {
    return number + SPACE + unit;
  }
}
