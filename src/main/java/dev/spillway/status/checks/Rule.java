package dev.spillway.status.checks;

import dev.spillway.status.CheckResult;
import java.util.function.Function;

/**
 * One thing to look at.
 *
 * @param name of the check
 * @param limits in words
 */
record Rule(
    String name,
    CheckResult.Kind kind,
    Function<Observation, String> limits,
    Function<Observation, Finding> look) {

  static Rule service(String name, String limits, Function<Observation, Finding> look) {
    return new Rule(name, CheckResult.Kind.SERVICE, unused -> limits, look);
  }

  static Rule saturation(String name, String limits, Function<Observation, Finding> look) {
    return new Rule(name, CheckResult.Kind.SATURATION, unused -> limits, look);
  }
}
