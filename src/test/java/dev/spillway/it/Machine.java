package dev.spillway.it;

import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Assumptions;

/** What a test needs of the machine that it runs on. */
final class Machine {

  private Machine() {}

  /**
   * Skips the test where something is not possible; where continuous integration runs, fails it.
   *
   * @param why what is said then
   */
  static void require(boolean possible, String why) {
    if (!possible && "true".equals(System.getenv("CI"))) {
      fail("continuous integration must be able to run this test: " + why);
    }
    Assumptions.assumeTrue(possible, why);
  }
}
