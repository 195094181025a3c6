package dev.spillway.status;

import dev.spillway.status.UploadDetail.Event;
import dev.spillway.upload.Underway;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadPolicy.Lifetimes;
import dev.spillway.upload.UploadState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Tells what has happened to an upload and what is going to, from what is on record. When a
 * finished file will be removed is not told: that is the upkeep's own. Any thread may call.
 */
final class Timelines {

  /** An end that is nearer than this is worth a warning. */
  private static final Duration SOON = Duration.ofHours(1);

  private final Lifetimes lifetimes;
  private final Clock clock;

  Timelines(Lifetimes lifetimes, Clock clock) {
    this.lifetimes = lifetimes;
    this.clock = clock;
  }

  /**
   * @param underway the upload's chunks
   */
  List<Event> of(Upload upload, List<Underway> underway) {
    Instant now = clock.instant();
    List<Event> events = new ArrayList<>();
    events.add(new Event(upload.createdAt(), "Opened", Level.OK));
    if (upload.state() == UploadState.RECEIVING) {
      lastActivity(upload, underway, now).ifPresent(events::add);
      events.addAll(ahead(upload, now));
    } else {
      events.add(turn(upload));
      if (upload.state() == UploadState.FAILED) {
        events.add(end(lifetimes.failedExpiresAt(upload), "Removed unless it is finished", now));
      }
    }
    return List.copyOf(events);
  }

  /** What the record calls the last activity may also be that an operator has extended its life. */
  private static Optional<Event> lastActivity(Upload upload, List<Underway> underway, Instant now) {
    Optional<Instant> lastByte =
        underway.stream()
            .filter(chunk -> chunk.received() > 0)
            .map(chunk -> now.minus(chunk.silent()))
            .max(Comparator.naturalOrder())
            .filter(at -> at.isAfter(upload.lastActivityAt()));
    if (lastByte.isPresent()) {
      return lastByte.map(at -> new Event(at, "Last byte, of a chunk on its way", Level.OK));
    }
    return upload.lastActivityAt().equals(upload.createdAt())
        ? Optional.empty()
        : Optional.of(new Event(upload.lastActivityAt(), "Last bytes, or life extended", Level.OK));
  }

  private static String where(Upload upload) {
    return upload.location() == null ? "" : "; its file is at " + upload.location();
  }

  private List<Event> ahead(Upload upload, Instant now) {
    Instant idle = upload.lastActivityAt().plus(lifetimes.idle());
    Instant old = upload.createdAt().plus(lifetimes.most());
    List<Event> events = new ArrayList<>();
    if (idle.isBefore(old)) {
      events.add(end(idle, "Expires if nothing more arrives", now));
    }
    events.add(end(old, "Expires unless it is finished", now));
    return events;
  }

  private static Event end(Instant at, String what, Instant now) {
    return at.isAfter(now)
        ? new Event(at, what, at.isAfter(now.plus(SOON)) ? Level.OK : Level.WARNING)
        : new Event(at, what + ": due, the next clean-up does it", Level.WARNING);
  }

  /** How it came into the state in which it is. */
  private static Event turn(Upload upload) {
    Instant at = upload.lastActivityAt();
    String why = upload.reason().map(reason -> ": " + reason).orElse("");
    return switch (upload.state()) {
      case FINISHING -> new Event(at, "All bytes verified; the file gets its name", Level.OK);
      case PUBLISHING -> new Event(at, "On its way to its destination", Level.OK);
      case COMPLETED -> new Event(at, "Completed" + where(upload), Level.OK);
      case CANCELLED -> new Event(at, "Cancelled", Level.WARNING);
      case EXPIRED -> new Event(at, "Expired" + why, Level.WARNING);
      case FAILED -> new Event(at, "Could not be finished" + why, Level.CRITICAL);
      case RECEIVING -> throw new IllegalArgumentException("upload " + upload.id() + " is open");
    };
  }
}
