package dev.spillway.upload;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Removes the local files of uploads that are in their destination: a stop between the record and
 * the removal leaves them. It asks the catalogue about many at once. One thread uses it, once.
 */
final class PublishedFiles implements Storage.Visitor {

  private static final int BATCH = 500;

  private final Catalog catalog;
  private final Storage storage;
  private final List<UploadId> batch = new ArrayList<>(BATCH);
  private int removed;

  PublishedFiles(Catalog catalog, Storage storage) {
    this.catalog = catalog;
    this.storage = storage;
  }

  @Override
  public void visit(UploadId id, long length, Instant writtenAt) throws IOException {
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
  int end() throws IOException {
    decide();
    return removed;
  }

  private void decide() throws IOException {
    for (var upload : catalog.standings(batch).entrySet()) {
      if (upload.getValue().isElsewhere()) {
        storage.discardFinished(upload.getKey());
        removed++;
      }
    }
    batch.clear();
  }
}
