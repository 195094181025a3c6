package dev.spillway.status;

import java.time.Instant;

/**
 * What one check says.
 *
 * @param name in lower case with hyphens; stable, machines may match it
 * @param kind what its trouble means for the verdict
 * @param sentence with the value, the good case included: "Buffers 34 % used, nobody waiting"
 * @param limits from where on it warns and is critical, in words; empty when there is nothing to
 *     set
 * @param since when it reached this level
 */
public record CheckResult(
    String name, Kind kind, Level level, String sentence, String limits, Instant since) {

  /** What trouble with it means. */
  public enum Kind {
    /** The server cannot take uploads; it is not ready. */
    READINESS,
    /** A bounded resource is nearly used up: clients are slowed down, nothing is lost. */
    SATURATION,
    /** Finished files do not get to their destination: they wait here, and uploads go on. */
    DELIVERY,
    /** Anything else that an operator wants to know. */
    SERVICE
  }
}
