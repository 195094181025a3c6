package dev.spillway.status;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A row of the saturation table: one bounded resource.
 *
 * @param name in lower case with hyphens, as in the label {@code bound} of the meters
 * @param label for people
 * @param unit what used and limit are counted in
 * @param used empty when it was not measured
 * @param limit empty when there is none
 * @param peak the most in use at any sample of the last hour
 * @param waiting how many wait for it; empty when nobody can
 * @param waitP99 of those who waited in the last minute
 * @param refused in the last five minutes; empty when it refuses nobody
 * @param level by the checks' limits
 */
public record Resource(
    String name,
    String label,
    Unit unit,
    OptionalLong used,
    OptionalLong limit,
    OptionalLong peak,
    OptionalLong waiting,
    Optional<Duration> oldestWait,
    Optional<Duration> waitP99,
    OptionalLong refused,
    Level level) {

  /** What is counted. */
  public enum Unit {
    BYTES,
    COUNT
  }

  /** The share in use, from 0 to 1 and above when it is overdrawn; empty when it is not known. */
  public OptionalDouble share() {
    return used.isPresent() && limit.isPresent() && limit.getAsLong() > 0
        ? OptionalDouble.of((double) used.getAsLong() / limit.getAsLong())
        : OptionalDouble.empty();
  }
}
