package dev.spillway.status;

import dev.spillway.memory.MemoryLevel;
import dev.spillway.upkeep.PublishStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The numbers behind the tiles. Bytes and bytes a second; what is empty was not measured, or is not
 * known yet.
 *
 * @param publish empty when finished files stay where they are
 */
public record Figures(
    Queue queue,
    Heap heap,
    Buffers buffers,
    Stale stale,
    Open open,
    Flow flow,
    Latency chunks,
    Outcomes outcomes,
    Optional<Publish> publish) {

  /**
   * The queue for the disk.
   *
   * @param waiting how many wait for a permit
   * @param room how many may wait
   * @param writing permits in use
   */
  public record Queue(
      long waiting, long room, long writing, long permits, Duration oldestWait, Latency waits) {}

  /**
   * The heap, by what collections could not free.
   *
   * @param live empty until a collection has run
   * @param critical from where on new work is refused
   * @param used garbage included
   * @param collecting the share of the last minute that collections took
   */
  public record Heap(
      OptionalLong live,
      long max,
      long warning,
      long critical,
      long used,
      MemoryLevel level,
      List<String> reasons,
      OptionalDouble collecting) {}

  /** The transfer buffers. */
  public record Buffers(
      long leasedBytes, long capacityBytes, long leases, long waiting, Duration oldestWait) {}

  /**
   * Abandoned uploads that the next clean-up will end.
   *
   * @param uploads empty while the catalogue does not answer
   * @param nextCleanUp about when
   */
  public record Stale(OptionalLong uploads, OptionalLong bytes, Optional<Instant> nextCleanUp) {}

  /**
   * Uploads in progress.
   *
   * @param uploads on record as open; empty while the catalogue does not answer
   * @param moving chunks whose bytes are arriving
   * @param waiting chunks that wait for memory or for the disk
   * @param stalled chunks without a byte for a while
   * @param failed uploads that could not be finished, and are kept
   * @param missingBytes what open uploads have declared and not sent
   * @param oldest when the oldest open upload was opened
   * @param lastFinished when an upload was completed the last time
   */
  public record Open(
      OptionalLong uploads,
      long moving,
      long waiting,
      long stalled,
      OptionalLong failed,
      OptionalLong missingBytes,
      Optional<Instant> oldest,
      Optional<Instant> lastFinished) {}

  /**
   * Bytes a second since the last sample.
   *
   * @param received read from clients
   * @param stored written, durable by policy, and on record
   */
  public record Flow(OptionalDouble received, OptionalDouble stored) {}

  /** Durations of the last minute. */
  public record Latency(long samples, Duration p50, Duration p99, Duration max) {}

  /**
   * Requests of the last minute by how they ended. What clients did wrong is no error of the
   * server's.
   */
  public record Outcomes(
      long served, long refused, long serverErrors, long clientErrors, long aborted) {

    public long total() {
      return served + refused + serverErrors + clientErrors + aborted;
    }
  }

  /**
   * Finished files on their way to their destination.
   *
   * @param files how many are not there yet; empty while the catalogue does not answer
   * @param bytes what those hold on this disk
   * @param oldestWait how long the first of them has been waiting; empty when none is
   * @param room what this disk has room for beside them; empty while it does not answer
   * @param rate bytes a second that got there since the last sample
   */
  public record Publish(
      PublishStatus status,
      OptionalLong files,
      OptionalLong bytes,
      Optional<Duration> oldestWait,
      OptionalLong room,
      OptionalDouble rate) {

    /** Whether it is known that none is still to go: there is nothing to try the bucket with. */
    public boolean nothingToGo() {
      return files.isPresent() && files.getAsLong() == 0 && status.underway().isEmpty();
    }
  }
}
