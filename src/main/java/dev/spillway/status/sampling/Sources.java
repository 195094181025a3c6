package dev.spillway.status.sampling;

import dev.spillway.admission.Admission;
import dev.spillway.admission.BufferPool;
import dev.spillway.admission.WriteQueue;
import dev.spillway.memory.LiveThresholds;
import dev.spillway.memory.MemoryMonitor;
import dev.spillway.status.Requests;
import dev.spillway.status.UploadLine;
import dev.spillway.status.checks.Check;
import dev.spillway.telemetry.Bound;
import dev.spillway.telemetry.Telemetry;
import dev.spillway.upkeep.PublishStatus;
import dev.spillway.upkeep.StaleUploadCleaner;
import dev.spillway.upload.Catalog;
import dev.spillway.upload.Storage;
import dev.spillway.upload.Underway;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Where the sampler gets its figures. One that throws leaves its figures empty. Those of {@link
 * Slow} may wait, for a bounded time; all others must answer at once.
 *
 * @param publishing empty when finished files stay where they are
 */
public record Sources(
    Work work,
    Slow slow,
    House house,
    Traffic traffic,
    Optional<Supplier<PublishStatus>> publishing) {

  /**
   * What is under way.
   *
   * @param writesRoom how many may wait for the disk
   */
  public record Work(
      Supplier<Admission.Stats> admission,
      Supplier<WriteQueue.Stats> writes,
      int writesRoom,
      Supplier<BufferPool.Stats> buffers,
      Supplier<List<Underway>> underway) {}

  /**
   * What the catalogue, the disk and all meters of bounds are asked for.
   *
   * @param readiness waits until the catalogue and the disk have answered
   * @param clients those with the most open uploads, at most so many
   * @param worst open uploads without a byte for the longest time, at most ten
   */
  public record Slow(
      Supplier<List<Check>> readiness,
      Supplier<Catalog.Counts> counts,
      IntFunction<List<Catalog.ClientUse>> clients,
      Supplier<List<UploadLine>> worst,
      Supplier<StaleUploadCleaner.Preview> stale,
      Volume volume,
      Supplier<List<Bound>> bounds) {}

  /** What is known of the disk with the uploads. */
  @FunctionalInterface
  public interface Volume {
    Storage.Space space() throws IOException;
  }

  /**
   * How the process is, and what is scheduled.
   *
   * @param readiness what is known of it without asking
   * @param overdue names of tasks that are late
   */
  public record House(
      Supplier<List<Check>> readiness,
      Supplier<MemoryMonitor.Status> memory,
      LiveThresholds thresholds,
      Supplier<Optional<Instant>> nextCleanUp,
      Supplier<List<String>> overdue) {}

  /**
   * Counters since the start, and times of the last minute.
   *
   * @param received bytes read from clients
   * @param stored bytes that are on record
   * @param failedForces how often bytes could not be forced to the disk
   */
  public record Traffic(
      Requests requests,
      LongSupplier received,
      LongSupplier stored,
      LongSupplier failedForces,
      Times times) {}

  /** Timers of the last minute. */
  public record Times(
      Supplier<Telemetry.Quantiles> writeWaits,
      Supplier<Telemetry.Quantiles> bufferWaits,
      Supplier<Telemetry.Quantiles> commits,
      Supplier<Telemetry.Quantiles> forces) {}
}
