package dev.spillway.upkeep;

import dev.spillway.upload.Catalog;
import dev.spillway.upload.Catalog.Standing;
import dev.spillway.upload.CatalogUnavailable;
import dev.spillway.upload.Storage;
import dev.spillway.upload.UploadId;
import java.io.IOException;
import java.io.Serial;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Goes through files, and asks the catalogue about many of them at once: after it has seen them, so
 * that a file without a row is one whose row had not been there yet, or is not there any more. One
 * thread uses it, once.
 */
final class FileWalk implements Storage.Visitor {

  private static final int BATCH = 500;

  private final Catalog catalog;
  private final Pass pass;
  private final String kind;
  private final Decision decision;
  private final List<Found> batch = new ArrayList<>(BATCH);

  /** A file that has been met. */
  record Found(UploadId id, long length, Instant writtenAt) {}

  /** What becomes of a file. */
  interface Decision {
    /**
     * Takes one file.
     *
     * @param upload how its upload stands; null when there is no such upload
     */
    void on(Found file, @Nullable Standing upload);
  }

  /** A way through the files of a storage. */
  interface Way {
    void forEach(Storage.Visitor visitor) throws IOException;
  }

  /** Ends a walk that may not go on. */
  private static final class Stopped extends IOException {
    @Serial private static final long serialVersionUID = 1L;
  }

  /**
   * @param kind what such a file is called in the log
   */
  FileWalk(Catalog catalog, Pass pass, String kind, Decision decision) {
    this.catalog = catalog;
    this.pass = pass;
    this.kind = kind;
    this.decision = decision;
  }

  /** Goes all the way, or as far as the pass may go. */
  void along(Way files) {
    if (!pass.mayGoOn()) {
      return;
    }
    try {
      files.forEach(this);
      decide();
    } catch (Stopped e) {
      // The pass knows why.
      batch.clear();
    } catch (IOException e) {
      pass.stop("the files cannot be listed: " + Pass.text(e));
    } catch (CatalogUnavailable e) {
      pass.stop(Pass.text(e));
    }
  }

  @Override
  public void visit(UploadId id, long length, Instant writtenAt) throws IOException {
    batch.add(new Found(id, length, writtenAt));
    if (batch.size() == BATCH) {
      decide();
    }
  }

  private void decide() throws Stopped {
    Map<UploadId, Standing> uploads = catalog.standings(batch.stream().map(Found::id).toList());
    for (Found file : batch) {
      if (!pass.mayGoOn()) {
        throw new Stopped();
      }
      pass.examine(kind + " " + file.id(), () -> decision.on(file, uploads.get(file.id())));
    }
    batch.clear();
  }
}
