package dev.spillway.upload;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the local files of uploads that are in their destination: a stop between the record and
 * the removal leaves them. It asks the catalogue about many at once. One that cannot be removed
 * keeps no server from starting: whoever sweeps while it runs tries again. One thread uses it,
 * once.
 */
final class PublishedFiles implements Storage.Visitor {

  private static final Logger log = LoggerFactory.getLogger(PublishedFiles.class);

  private static final int BATCH = 500;

  private final Catalog catalog;
  private final Storage storage;
  private final List<UploadId> batch = new ArrayList<>(BATCH);
  private int removed;
  private int failed;

  PublishedFiles(Catalog catalog, Storage storage) {
    this.catalog = catalog;
    this.storage = storage;
  }

  @Override
  public void visit(UploadId id, long length, Instant writtenAt) {
    batch.add(id);
    if (batch.size() == BATCH) {
      decide();
    }
  }

  /**
   * Looks at the last ones.
   *
   * @return how many files have been removed in all
   */
  int end() {
    decide();
    if (failed > 1) {
      log.warn("as many local files of published uploads could not be removed: {}", failed);
    }
    return removed;
  }

  private void decide() {
    for (var upload : catalog.standings(batch).entrySet()) {
      if (upload.getValue().isElsewhere()) {
        remove(upload.getKey());
      }
    }
    batch.clear();
  }

  private void remove(UploadId id) {
    try {
      storage.discardFinished(id);
      removed++;
    } catch (IOException e) {
      failed++;
      // A volume that takes no writes fails for each of them.
      if (failed == 1) {
        log.warn(
            "upload {} is published, but its local file could not be removed; it will be later: {}",
            id,
            e.toString());
      }
    }
  }
}
