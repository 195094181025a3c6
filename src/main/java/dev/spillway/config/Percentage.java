package dev.spillway.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A share of a whole, written {@code 25%}. Immutable, for any thread.
 *
 * @param value 0 to 100
 */
public record Percentage(int value) implements MemoryAmount, Comparable<Percentage> {

  private static final Pattern TEXT = Pattern.compile("([0-9]{1,3}) ?%");

  /** Refuses a number that is not from 0 to 100. */
  public Percentage {
    if (value < 0 || value > 100) {
      throw new IllegalArgumentException("is not from 0% to 100%");
    }
  }

  /**
   * Reads what a setting says.
   *
   * @throws IllegalArgumentException when the text is no whole number from 0 to 100 with a % sign
   */
  public static Percentage parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("is not a whole number with a % sign");
    }
    return new Percentage(Integer.parseInt(matcher.group(1)));
  }

  @Override
  public long of(long limitBytes, long automaticBytes) {
    return of(limitBytes);
  }

  /** This share of {@code whole}, rounded down; no {@code long} is too large. */
  public long of(long whole) {
    return whole / 100 * value + whole % 100 * value / 100;
  }

  @Override
  public int compareTo(Percentage other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return value + "%";
  }
}
