package dev.spillway.config;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whole numbers with a unit, as people write them: read into the smallest unit, and printed in the
 * largest one that leaves no remainder. Immutable, for any thread.
 *
 * @param units from the smallest, whose factor is 1, to the largest
 */
record UnitScale(List<Unit> units) {

  static final UnitScale BYTES =
      new UnitScale(
          List.of(
              new Unit("B", 1),
              new Unit("KiB", 1L << 10),
              new Unit("MiB", 1L << 20),
              new Unit("GiB", 1L << 30),
              new Unit("TiB", 1L << 40),
              new Unit("PiB", 1L << 50),
              new Unit("EiB", 1L << 60)));

  static final UnitScale MILLISECONDS =
      new UnitScale(
          List.of(
              new Unit("ms", 1),
              new Unit("s", 1_000),
              new Unit("m", 60_000),
              new Unit("h", 3_600_000),
              new Unit("d", 86_400_000)));

  private static final Pattern NUMBER_AND_UNIT = Pattern.compile("([0-9]+) ?([A-Za-z]*)");

  /** A unit's sign and how many of the smallest unit it is. */
  record Unit(String sign, long factor) {}

  /** What was written, before it is known whether the unit is one of the scale's. */
  record Parts(String digits, String sign) {}

  UnitScale {
    units = List.copyOf(units);
  }

  /**
   * @throws IllegalArgumentException when it is not a whole number and, perhaps, letters
   */
  static Parts split(String text) {
    Matcher matcher = NUMBER_AND_UNIT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("is not a whole number with a unit");
    }
    return new Parts(matcher.group(1), matcher.group(2));
  }

  /**
   * @return the amount in the smallest unit
   * @throws IllegalArgumentException when the unit is unknown or the amount is 2^63 or more
   */
  long amount(Parts parts) {
    for (Unit unit : units) {
      if (unit.sign.equals(parts.sign)) {
        try {
          return Math.multiplyExact(Long.parseLong(parts.digits), unit.factor);
        } catch (NumberFormatException | ArithmeticException e) {
          throw new IllegalArgumentException("is too large", e);
        }
      }
    }
    String signs = String.join(", ", units.stream().map(Unit::sign).toList());
    throw new IllegalArgumentException("needs one of the units " + signs);
  }

  /** The shortest text that is exact. */
  String format(long amount) {
    Unit best = units.get(0);
    if (amount != 0) {
      for (Unit unit : units) {
        if (amount % unit.factor == 0) {
          best = unit;
        }
      }
    }
    return amount / best.factor + best.sign;
  }
}
