package dev.spillway.status.checks;

import dev.spillway.memory.Reading;
import dev.spillway.status.Figures;
import dev.spillway.telemetry.Telemetry;
import dev.spillway.upload.Storage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the checks look at, as it was at one moment.
 *
 * @param fiveMinutes how requests of the last five minutes ended
 * @param disk empty while it does not answer
 * @param reading the memory monitor's; empty before its first
 */
public record Observation(
    Figures figures,
    Figures.Outcomes fiveMinutes,
    Places places,
    Timings timings,
    Losses losses,
    Optional<Storage.Space> disk,
    Optional<Reading> reading,
    Order order) {

  /** Below this many samples there is no percentile. */
  public static final long FEW = 20;

  /** Places for chunks on their way in. */
  public record Places(long used, long limit) {}

  /** Of the last minute. */
  public record Timings(
      Telemetry.Quantiles bufferWaits, Telemetry.Quantiles commits, Telemetry.Quantiles forces) {}

  /** Bytes that were not what they should have been. */
  public record Losses(long mismatchesHour, long mismatchesDay, long failedForcesHour) {}

  /**
   * Whether the house is in order.
   *
   * @param clockJump by how much the clock has been set in the last minutes
   * @param overdue names of scheduled tasks that have not ended well in time
   */
  public record Order(Optional<Duration> clockJump, List<String> overdue) {}
}
