package dev.spillway.it;

/**
 * How much the tests do that could go on for ever, or that repeat themselves: as much as everybody
 * can wait for, or, with {@code -Dspillway.test.full=true}, all of it.
 */
final class Effort {

  static final boolean FULL = Boolean.getBoolean("spillway.test.full");

  private Effort() {}

  static int of(int usual, int full) {
    return FULL ? full : usual;
  }

  /**
   * A number that can be set by itself, too.
   *
   * @param property its name
   */
  static int of(String property, int usual, int full) {
    return Integer.getInteger(property, of(usual, full));
  }
}
