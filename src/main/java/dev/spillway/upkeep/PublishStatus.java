package dev.spillway.upkeep;

import dev.spillway.upload.UploadId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How publishing stands at one moment. Immutable; for any thread.
 *
 * @param destination its name, such as {@code gs://bucket/prefix}
 * @param circuit whether files are sent
 * @param underway those on their way now, the longest first
 * @param retries those that have failed and are tried again later
 * @param parallel how many may be on their way at once
 * @param memoryBytes what those may take beside the heap, all together
 * @param pause why nothing new is begun although the destination takes files; empty when it is
 * @param totals since the start
 */
public record PublishStatus(
    String destination,
    Circuit circuit,
    List<Underway> underway,
    Retries retries,
    int parallel,
    long memoryBytes,
    Optional<Pause> pause,
    Totals totals) {

  public PublishStatus {
    underway = List.copyOf(underway);
  }

  /** Whether files are sent. */
  public enum State {
    /** They are. */
    CLOSED,
    /** The destination cannot be reached: it is tried now and then. */
    OPEN,
    /** The destination refuses this server: somebody must act. It is tried with one file then. */
    REFUSED
  }

  /**
   * The publisher's own circuit.
   *
   * @param since when it came into this state
   * @param reason why it is not closed, as a sentence for people; empty when it is closed
   * @param failures how many attempts have failed in a row
   * @param nextTry when it is tried next; empty when it is closed, or just being tried
   */
  public record Circuit(
      State state, Instant since, String reason, int failures, Optional<Instant> nextTry) {}

  /**
   * A file on its way.
   *
   * @param sent bytes that are safe there
   * @param since when it was begun
   * @param trouble what is being tried again; empty when nothing is
   */
  public record Underway(
      UploadId id, String name, long size, long sent, Instant since, Optional<String> trouble) {}

  /**
   * Those that have failed and are tried again later, each at its own time.
   *
   * @param oldest the first few of them
   */
  public record Retries(int files, List<Retry> oldest) {

    public Retries {
      oldest = List.copyOf(oldest);
    }

    public static final Retries NONE = new Retries(0, List.of());
  }

  /**
   * A file that has failed and is tried again later.
   *
   * @param reason why it has failed the last time, as a sentence for people
   * @param failures how often
   * @param nextTry when it is tried next, unless nothing is sent then
   */
  public record Retry(UploadId id, String reason, int failures, Instant nextTry) {}

  /**
   * A pause between files.
   *
   * @param reason as a sentence for people, such as that memory is critical
   * @param published how many files had been published in a row before it
   */
  public record Pause(Instant since, String reason, long published) {}

  /**
   * What has been done since the start.
   *
   * @param failed files that were given up, and are kept here
   */
  public record Totals(long files, long bytes, long failed, Optional<Instant> lastPublished) {}
}
