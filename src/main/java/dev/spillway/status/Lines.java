package dev.spillway.status;

import dev.spillway.status.UploadLine.Phase;
import dev.spillway.upload.Underway;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadPolicy.Lifetimes;
import dev.spillway.upload.UploadState;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/** Makes the table's lines out of what is on record and what is on its way. Any thread may call. */
final class Lines {

  /** The phases of single chunks; of those of an upload's, the first one in this list is shown. */
  private static final List<Phase> MOST_ACTIVE_FIRST =
      List.of(
          Phase.RECEIVING,
          Phase.STORING,
          Phase.WAITING_FOR_DISK,
          Phase.WAITING_FOR_MEMORY,
          Phase.STALLED);

  private final Lifetimes lifetimes;
  private final Duration stalledAfter;

  Lines(Lifetimes lifetimes, Duration stalledAfter) {
    this.lifetimes = lifetimes;
    this.stalledAfter = stalledAfter;
  }

  /**
   * @param underway the upload's chunks
   */
  UploadLine of(Upload upload, List<Underway> underway) {
    return new UploadLine(
        upload,
        phase(upload, underway),
        underway.size(),
        rate(underway),
        upload.state() == UploadState.FAILED
            ? lifetimes.failedExpiresAt(upload)
            : lifetimes.expiresAt(upload));
  }

  private Phase phase(Upload upload, List<Underway> underway) {
    return switch (upload.state()) {
      case RECEIVING ->
          underway.stream()
              .map(this::phase)
              .min(Comparator.comparing(MOST_ACTIVE_FIRST::indexOf))
              .orElse(Phase.QUIET);
      case FINISHING -> Phase.FINISHING;
      case PUBLISHING -> Phase.PUBLISHING;
      case FAILED -> Phase.FAILED;
      case COMPLETED -> Phase.COMPLETED;
      case CANCELLED -> Phase.CANCELLED;
      case EXPIRED -> Phase.EXPIRED;
    };
  }

  /** A chunk that has just been let in is not stalled before its client had the time to begin. */
  private Phase phase(Underway chunk) {
    return switch (chunk.phase()) {
      case READING -> chunk.silent().compareTo(stalledAfter) < 0 ? Phase.RECEIVING : Phase.STALLED;
      case WRITING, COMMITTING -> Phase.STORING;
      case WAITING_FOR_DISK -> Phase.WAITING_FOR_DISK;
      case WAITING_FOR_MEMORY -> Phase.WAITING_FOR_MEMORY;
    };
  }

  private static OptionalDouble rate(List<Underway> underway) {
    return underway.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(underway.stream().mapToDouble(Lines::rate).sum());
  }

  private static double rate(Underway chunk) {
    return chunk.age().isZero() ? 0 : chunk.received() / (chunk.age().toNanos() / 1e9);
  }
}
