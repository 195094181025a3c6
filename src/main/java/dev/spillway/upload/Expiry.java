package dev.spillway.upload;

import dev.spillway.telemetry.Telemetry;
import dev.spillway.upload.Catalog.Idle;
import dev.spillway.upload.UploadPolicy.Lifetimes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Ends uploads whose time is up and frees their disk space. The catalogue decides by one
 * conditional update: an upload that receives, is finished or is cancelled in the same moment
 * either wins, and stays, or finds that it has expired. A stop between the update and the removal
 * leaves a file that the next start removes, or the upkeep.
 *
 * <p>Any thread may call.
 */
public final class Expiry {

  private static final Comparator<Upload> LONGEST_IDLE_FIRST =
      Comparator.comparing(Upload::lastActivityAt).thenComparing(upload -> upload.id().value());

  private final Uploads uploads;
  private final Catalog catalog;
  private final Storage storage;
  private final Clock clock;
  private final Telemetry.Counter expired;

  public Expiry(
      Uploads uploads, Catalog catalog, Storage storage, Clock clock, Telemetry telemetry) {
    this.uploads = uploads;
    this.catalog = catalog;
    this.storage = storage;
    this.clock = clock;
    this.expired =
        telemetry
            .labelled("outcome", "expired")
            .counter("upload.ended", "Uploads that have come to an end.");
  }

  /**
   * Unfinished uploads whose time is up, those with the oldest activity first, then by their ids.
   *
   * @param diskIsLow whether the shorter idle time holds
   * @param after those that come behind this one in this order; null for the first ones
   */
  public List<Upload> due(Instant now, boolean diskIsLow, @Nullable Upload after, int limit) {
    List<Upload> due = new ArrayList<>(catalog.idle(open(now, diskIsLow), after, limit));
    due.addAll(catalog.idle(failed(now), after, limit));
    due.sort(LONGEST_IDLE_FIRST);
    return List.copyOf(due.subList(0, Math.min(limit, due.size())));
  }

  /** What the uploads hold whose time is up. */
  public Catalog.Holding holding(Instant now) {
    return catalog.holding(open(now, false)).plus(catalog.holding(failed(now)));
  }

  private Idle open(Instant now, boolean diskIsLow) {
    Lifetimes lifetimes = lifetimes();
    Instant quietSince = before(now, lifetimes.idleWhenDiskIsLow());
    return diskIsLow
        ? Idle.since(UploadState.RECEIVING, quietSince)
        : new Idle(
            UploadState.RECEIVING,
            quietSince,
            before(now, lifetimes.idle()),
            before(now, lifetimes.most()));
  }

  /**
   * What has failed before it was whole waits for somebody to try again, but not for ever. A whole
   * file stays: its finish has been acknowledged, and only people may give it up.
   */
  private Idle failed(Instant now) {
    return Idle.opened(
        UploadState.FAILED,
        before(now, lifetimes().most()),
        before(now, lifetimes().idleWhenDiskIsLow()));
  }

  private Lifetimes lifetimes() {
    return uploads.policy().lifetimes();
  }

  private static Instant before(Instant now, Duration time) {
    Duration sinceTheEpoch = Duration.between(Instant.EPOCH, now);
    return time.compareTo(sinceTheEpoch) < 0 ? now.minus(time) : Instant.EPOCH;
  }

  /**
   * Ends an upload if its time is still up, and no request of this process is at work on it.
   *
   * @param seen as it was {@link #due}
   * @param diskIsLow as it was asked for
   * @return the bytes that it had received; empty when it was left as it is
   * @throws UncheckedIOException when it has expired but its file cannot be removed
   */
  public OptionalLong expire(Upload seen, boolean diskIsLow) {
    Instant now = clock.instant();
    Optional<ExpiryNote> note = note(seen, now, diskIsLow);
    if (note.isEmpty()
        || uploads.activity().concerns(seen.id())
        || !catalog.expire(seen, note.get().onRecord(), now)) {
      return OptionalLong.empty();
    }
    expired.add(1);
    try {
      storage.discard(seen.id());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the file of upload " + seen.id(), e);
    }
    return OptionalLong.of(seen.receivedBytes());
  }

  private Optional<ExpiryNote> note(Upload seen, Instant now, boolean diskIsLow) {
    Lifetimes lifetimes = lifetimes();
    boolean failed = seen.state() == UploadState.FAILED;
    Duration quiet = Duration.between(seen.lastActivityAt(), now);
    boolean left = quiet.compareTo(lifetimes.idleWhenDiskIsLow()) >= 0;
    boolean ends = failed ? seen.crc32c() == null : seen.state() == UploadState.RECEIVING;
    if (!left || !ends) {
      return Optional.empty();
    }
    if (!failed && quiet.compareTo(lifetimes.idle()) >= 0) {
      return Optional.of(ExpiryNote.idle(lifetimes.idle()));
    }
    if (lifetimes.isTooOld(seen, now)) {
      ExpiryNote age = ExpiryNote.age(lifetimes.most());
      return Optional.of(seen.failure() == null ? age : age.after(seen.failure()));
    }
    return !failed && diskIsLow
        ? Optional.of(ExpiryNote.diskLow(lifetimes.idleWhenDiskIsLow()))
        : Optional.empty();
  }

  /**
   * Uploads that were finished at a moment or before, the oldest first.
   *
   * @param after those that come behind this one in this order; null for the first ones
   */
  public List<Upload> finishedBy(Instant moment, @Nullable Upload after, int limit) {
    return catalog.idle(Idle.since(UploadState.COMPLETED, moment), after, limit);
  }

  /**
   * Removes a finished file. Those who are just downloading it get all of it. One that is in a
   * {@link Destination} stays there, by that place's own rules; this server lets go of it.
   *
   * @param seen as it was one of {@link #finishedBy}
   * @param retention how long finished files are kept
   * @return the bytes that this frees here; empty when it had been removed before
   * @throws UncheckedIOException when it has expired but its file cannot be removed
   */
  public OptionalLong removeFinished(Upload seen, Duration retention) {
    if (!catalog.expire(seen, ExpiryNote.retention(retention).onRecord(), clock.instant())) {
      return OptionalLong.empty();
    }
    try {
      storage.discardFinished(seen.id());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the finished file " + seen.id(), e);
    }
    return OptionalLong.of(seen.isElsewhere() ? 0 : seen.size());
  }
}
