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
   * @param orphans files that no open upload has: a stop between making the file and recording it,
   *     or between ending an upload and removing its file
   */
  public record Recovered(int completed, int orphans) {}

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
    Recovered recovered = new Recovered(finishing.resume(), removeOrphans(orphansBefore));
    if (recovered.completed() > 0 || recovered.orphans() > 0) {
      log.info(
          "recovered: {} uploads completed that were on their way, {} files removed that no upload"
              + " has",
          recovered.completed(),
          recovered.orphans());
    }
    return recovered;
  }

  private int removeOrphans(Instant before) throws IOException {
    AtomicInteger removed = new AtomicInteger();
    storage.forEachUnfinished(
        before,
        id -> {
          if (isOrphan(id)) {
            storage.discard(id);
            removed.incrementAndGet();
          }
        });
    return removed.get();
  }

  private boolean isOrphan(UploadId id) {
    Optional<Upload> upload = catalog.find(id);
    return upload.isEmpty()
        || upload.get().state() == UploadState.CANCELLED
        || upload.get().state() == UploadState.EXPIRED;
  }
}
