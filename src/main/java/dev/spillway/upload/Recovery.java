package dev.spillway.upload;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings everything into one consistent state after a stop of any kind. Runs once, in the thread
 * that starts the server, before the first request.
 */
public final class Recovery {

  private static final Logger log = LoggerFactory.getLogger(Recovery.class);

  private final Catalog catalog;
  private final Storage storage;
  private final Finishing finishing;

  /**
   * What there was to do.
   *
   * @param completed uploads that were on their way to their final name
   * @param orphans files removed: empty ones that were never recorded, because the server stopped
   *     between the two, and those of uploads that have ended
   * @param unknown files with bytes that the catalogue does not know. No crash leaves them, but a
   *     catalogue that was lost or mistaken for another does, so they are kept
   */
  public record Recovered(int completed, int orphans, int unknown) {}

  public Recovery(Catalog catalog, Storage storage, Finishing finishing) {
    this.catalog = catalog;
    this.storage = storage;
    this.finishing = finishing;
  }

  /**
   * Does it.
   *
   * @param orphansBefore files written to later are left alone: where several servers share a
   *     directory, another one may be about to record them
   */
  public Recovered run(Instant orphansBefore) throws IOException {
    int completed = finishing.resume();
    AtomicInteger orphans = new AtomicInteger();
    AtomicInteger unknown = new AtomicInteger();
    storage.forEachUnfinished(
        orphansBefore,
        (id, length) -> {
          Optional<Upload> upload = catalog.find(id);
          if (upload.isEmpty() && length > 0) {
            unknown.incrementAndGet();
          } else if (upload.isEmpty() || hasEnded(upload.get())) {
            storage.discard(id);
            orphans.incrementAndGet();
          }
        });
    Recovered recovered = new Recovered(completed, orphans.get(), unknown.get());
    report(recovered);
    return recovered;
  }

  private static boolean hasEnded(Upload upload) {
    return upload.state() == UploadState.CANCELLED || upload.state() == UploadState.EXPIRED;
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
  }
}
