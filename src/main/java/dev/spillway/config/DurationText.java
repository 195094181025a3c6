package dev.spillway.config;

import java.time.Duration;

/**
 * Durations as settings write them: {@code 500ms}, {@code 30s}, {@code 10m}, {@code 2h}, {@code
 * 7d}.
 */
final class DurationText {

  private DurationText() {}

  /**
   * @throws IllegalArgumentException when the text is no duration, saying how it is written
   */
  static Duration parse(String text) {
    return Duration.ofMillis(UnitScale.MILLISECONDS.amount(UnitScale.split(text)));
  }

  static String format(Duration duration) {
    return UnitScale.MILLISECONDS.format(duration.toMillis());
  }
}
