package dev.spillway.upload;

import dev.spillway.upload.UploadPolicy.Durability;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings everything into one consistent state after a stop of any kind. Runs once, in the thread
 * that starts the server, before the first request.
 *
 * <p>Open uploads and unfinished files are gone through side by side, in the order of their ids, so
 * that neither all of them have to be held nor each be looked up.
 */
public final class Recovery {

  private static final Logger log = LoggerFactory.getLogger(Recovery.class);

  private static final int PAGE = 1000;

  private final Catalog catalog;
  private final Storage storage;
  private final Finishing finishing;
  private final Durability durability;
  private final Clock clock;

  /**
   * What there was to do.
   *
   * @param completed uploads that were on their way to their final name
   * @param orphans files removed: empty ones that were never recorded, because the server stopped
   *     between the two, and those of uploads that have ended, or whose file is in its destination
   * @param unknown files with bytes that the catalogue does not know. No crash leaves them, but a
   *     catalogue that was lost or mistaken for another does, so they are kept
   * @param lost open uploads whose file is missing, or shorter than what they have received: no
   *     crash does this either. They are {@code FAILED}
   * @param forgotten open uploads that have lost bytes which were never forced to the disk, as a
   *     power cut does where the policy allows it. They are open, with nothing received
   */
  public record Recovered(int completed, int orphans, int unknown, int lost, int forgotten) {}

  /**
   * @param durability under which the open uploads received their bytes
   */
  public Recovery(
      Catalog catalog, Storage storage, Finishing finishing, Durability durability, Clock clock) {
    this.catalog = catalog;
    this.storage = storage;
    this.finishing = finishing;
    this.durability = durability;
    this.clock = clock;
  }

  /**
   * Does it.
   *
   * @param before files written to and uploads opened later are left alone: where several servers
   *     share a directory, another one may be at work on them
   */
  public Recovered run(Instant before) throws IOException {
    int completed = finishing.resume();
    Walk walk = new Walk(before);
    storage.forEachUnfinished(walk);
    walk.end();
    int orphans = walk.orphans + removePublished();
    Recovered recovered =
        new Recovered(completed, orphans, walk.unknown, walk.lost, walk.forgotten);
    report(recovered);
    return recovered;
  }

  /** Where finished files stay here, there may be many, and there is nothing to be found. */
  private int removePublished() throws IOException {
    if (!finishing.publishes()) {
      if (!catalog.inState(UploadState.PUBLISHING, 1).isEmpty()) {
        log.warn(
            "finished uploads were on their way to a destination, and none is set now: they wait"
                + " until it is set again, or their finish is asked for once more");
      }
      return 0;
    }
    PublishedFiles published = new PublishedFiles(catalog, storage);
    storage.forEachFinished(published);
    return published.end();
  }

  /** Goes through the open uploads as far as the files have come. */
  private final class Walk implements Storage.Visitor {

    private final Instant before;
    private final Deque<Upload> page = new ArrayDeque<>();
    private @Nullable UploadId last;
    private int orphans;
    private int unknown;
    private int lost;
    private int forgotten;

    private Walk(Instant before) {
      this.before = before;
    }

    @Override
    public void visit(UploadId id, long length, Instant writtenAt) throws IOException {
      Upload next = next();
      while (next != null && next.id().value().compareTo(id.value()) < 0) {
        fail(page.remove(), "its file is missing");
        next = next();
      }
      if (next != null && next.id().equals(id)) {
        requireLength(page.remove(), length);
      } else if (writtenAt.isBefore(before)) {
        withoutOpenUpload(id, length);
      }
    }

    private void end() {
      while (next() != null) {
        fail(page.remove(), "its file is missing");
      }
    }

    /** The first open upload that has not been met yet; null when there is no more. */
    private @Nullable Upload next() {
      if (page.isEmpty()) {
        List<Upload> more = catalog.openAfter(last, PAGE);
        page.addAll(more);
        if (!more.isEmpty()) {
          last = more.get(more.size() - 1).id();
        }
      }
      return page.peek();
    }

    private void requireLength(Upload upload, long length) {
      if (length >= upload.receivedBytes()) {
        return;
      }
      if (durability == Durability.CHUNK) {
        fail(upload, "its file is shorter than what had been received");
      } else if (upload.createdAt().isBefore(before) && catalog.forgetReceived(upload.id())) {
        forgotten++;
      }
    }

    private void fail(Upload upload, String reason) {
      if (!upload.createdAt().isBefore(before)) {
        return;
      }
      Catalog.Change failed = new Catalog.Change(UploadState.FAILED, null, reason, clock.instant());
      if (catalog.transition(upload.id(), UploadState.RECEIVING, failed)) {
        lost++;
      }
    }

    private void withoutOpenUpload(UploadId id, long length) throws IOException {
      Optional<Upload> upload = catalog.find(id);
      if (upload.isEmpty() && length > 0) {
        unknown++;
      } else if (upload.isEmpty() || upload.get().state().isGone()) {
        storage.discard(id);
        orphans++;
      }
    }
  }

  private static void report(Recovered recovered) {
    if (recovered.completed() > 0 || recovered.orphans() > 0) {
      log.info(
          "recovered: {} uploads completed that were on their way, {} leftover files removed",
          recovered.completed(),
          recovered.orphans());
    }
    if (recovered.unknown() > 0) {
      log.warn(
          "{} unfinished files are not in this catalogue and were kept: is it the right one?",
          recovered.unknown());
    }
    if (recovered.forgotten() > 0) {
      log.warn(
          "{} open uploads have lost bytes that were never forced to the disk; they are to be sent"
              + " again",
          recovered.forgotten());
    }
    if (recovered.lost() > 0) {
      log.error(
          "{} open uploads have lost their files and failed: is this the right data directory?",
          recovered.lost());
    }
  }
}
