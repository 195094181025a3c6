package dev.spillway.upkeep;

import dev.spillway.telemetry.Telemetry;
import dev.spillway.upload.Catalog;
import dev.spillway.upload.Catalog.Standing;
import dev.spillway.upload.CatalogUnavailable;
import dev.spillway.upload.Expiry;
import dev.spillway.upload.Storage;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what no upload stands for: files without a row, chunks that were kept aside and
 * forgotten, finished files whose retention is over or that have been published, and in the end the
 * records of uploads that are gone. It stops early when the server is under pressure, and says how
 * far it came.
 *
 * <p>Bytes that the catalogue does not know may be the last copy of somebody's file, behind a
 * catalogue that was lost or mistaken for another. They are kept until this server has not known
 * them for days on end.
 *
 * <p>Holds nothing to close. Any thread may call; there is one run at a time, and nobody waits for
 * another's.
 */
public final class OrphanSweeper {

  private static final Logger log = LoggerFactory.getLogger(OrphanSweeper.class);

  private static final int BATCH = 100;

  /** No request needs longer from the file to the row, or leaves a chunk alone for longer. */
  private static final Duration LEFTOVER_AGE = Duration.ofHours(1);

  private final Places places;
  private final Expiry expiry;
  private final Ages ages;
  private final Runnable pressure;
  private final Clock clock;
  private final SweepMeters meters;

  private final ReentrantLock running = new ReentrantLock();
  private final UnknownFiles unknownUnfinished;
  private final UnknownFiles unknownFinished;
  private volatile @Nullable Sweep last;

  /** Where leftovers may lie. */
  public record Places(Catalog catalog, Storage storage, Leftovers spool) {}

  /** Files that are nobody's once they are old. */
  @FunctionalInterface
  public interface Leftovers {
    /**
     * Removes those last written before a moment.
     *
     * @return how many
     */
    int sweep(Instant before) throws IOException;
  }

  /**
   * How long things are kept.
   *
   * @param orphans files with bytes that the catalogue does not know
   * @param retention finished files; empty for ever
   * @param records of uploads that have ended without a file, or whose file is gone
   */
  public record Ages(Duration orphans, Optional<Duration> retention, Duration records) {}

  /**
   * @param pressure throws when the server needs its strength for other things: asked before each
   *     file
   */
  public OrphanSweeper(
      Places places,
      Expiry expiry,
      Ages ages,
      Runnable pressure,
      Clock clock,
      Telemetry telemetry) {
    this.places = places;
    this.expiry = expiry;
    this.ages = ages;
    this.pressure = pressure;
    this.clock = clock;
    this.meters = new SweepMeters(telemetry);
    this.unknownUnfinished = new UnknownFiles(ages.orphans());
    this.unknownFinished = new UnknownFiles(ages.orphans());
  }

  /** Removes all that there is to remove. */
  public Sweep run() {
    if (!running.tryLock()) {
      return Sweep.notBegun(clock.instant(), "another sweep is on its way");
    }
    try {
      Run run = new Run(clock.instant(), new Pass(pressure));
      run.everything();
      Sweep done = run.result();
      report(done);
      return done;
    } finally {
      running.unlock();
    }
  }

  /** What the last run did; empty when there has been none. */
  public Optional<Sweep> last() {
    return Optional.ofNullable(last);
  }

  private void report(Sweep done) {
    last = done;
    meters.record(done);
    if (done.isWorthTelling()) {
      log.info(
          "sweep: removed {}, {} bytes freed, {} unknown files kept, {} failed{}",
          done.removed(),
          done.freedBytes(),
          done.unknown(),
          done.failed(),
          done.complete() ? "" : "; stopped early: " + done.stoppedBecause());
    }
  }

  /** One run. One thread uses it, once. */
  private final class Run {

    private final Instant begun;
    private final Pass pass;
    private int unfinished;
    private int finished;
    private int spooled;
    private int retired;
    private int records;
    private int unknown;
    private long freedBytes;

    private Run(Instant begun, Pass pass) {
      this.begun = begun;
      this.pass = pass;
    }

    /** Records go last: a file is removed because its upload's record says so. */
    private void everything() {
      try {
        spool();
        unfinishedFiles();
        retire();
        finishedFiles();
        forget(UploadState.CANCELLED);
        forget(UploadState.EXPIRED);
      } catch (CatalogUnavailable e) {
        pass.stop(Pass.text(e));
      }
    }

    private void spool() {
      if (pass.mayGoOn()) {
        pass.examine("the spool", () -> unchecked(this::sweepSpool));
      }
    }

    private void sweepSpool() throws IOException {
      spooled += places.spool().sweep(begun.minus(LEFTOVER_AGE));
    }

    private void unfinishedFiles() {
      new FileWalk(places.catalog(), pass, "unfinished file", this::unfinished)
          .along(places.storage()::forEachUnfinished);
      unknownUnfinished.lookedAt(pass.complete());
    }

    private void unfinished(FileWalk.Found file, @Nullable Standing upload) {
      if (upload == null ? isLeftover(file) : upload.needsNoFile()) {
        remove(() -> places.storage().discard(file.id()), file.length());
        unfinished++;
      }
    }

    /** An empty file is what a stop between the file and its row leaves behind. */
    private boolean isLeftover(FileWalk.Found file) {
      return file.length() == 0
          ? file.writtenAt().isBefore(begun.minus(LEFTOVER_AGE))
          : isUnknownForLong(unknownUnfinished, file, "unfinished");
    }

    private boolean isUnknownForLong(UnknownFiles files, FileWalk.Found file, String kind) {
      boolean forLong = files.isToBeRemoved(file.id(), file.writtenAt(), begun);
      if (forLong) {
        log.warn(
            "removing the {} file {} of {} bytes, last written at {}: the catalogue does not know it",
            kind,
            file.id(),
            file.length(),
            file.writtenAt());
      } else {
        unknown++;
      }
      return forLong;
    }

    private void retire() {
      if (ages.retention().isEmpty() || !pass.mayGoOn()) {
        return;
      }
      Duration retention = ages.retention().get();
      List<Upload> batch = finishedBy(begun.minus(retention), null);
      while (!batch.isEmpty()) {
        for (Upload upload : batch) {
          if (!pass.mayGoOn()) {
            return;
          }
          pass.examine("finished file " + upload.id(), () -> retire(upload, retention));
        }
        // Goes on behind the last one: those that failed are not met again.
        batch = finishedBy(begun.minus(retention), batch.get(batch.size() - 1));
      }
    }

    private List<Upload> finishedBy(Instant moment, @Nullable Upload after) {
      return expiry.finishedBy(moment, after, BATCH);
    }

    private void retire(Upload upload, Duration retention) {
      expiry
          .removeFinished(upload, retention)
          .ifPresent(
              length -> {
                retired++;
                freedBytes += length;
              });
    }

    private void finishedFiles() {
      new FileWalk(places.catalog(), pass, "finished file", this::finished)
          .along(places.storage()::forEachFinished);
      unknownFinished.lookedAt(pass.complete());
    }

    private void finished(FileWalk.Found file, @Nullable Standing upload) {
      if (upload == null
          ? isUnknownForLong(unknownFinished, file, "finished")
          : upload.needsNoFile()) {
        remove(() -> places.storage().discardFinished(file.id()), file.length());
        finished++;
      }
    }

    private void remove(Removal removal, long length) {
      unchecked(removal);
      freedBytes += length;
    }

    private void forget(UploadState state) {
      int deleted = BATCH;
      while (deleted == BATCH && pass.mayGoOn()) {
        deleted = places.catalog().deleteGone(state, begun.minus(ages.records()), BATCH);
        records += deleted;
      }
    }

    private Sweep result() {
      return new Sweep(
          begun,
          Duration.between(begun, clock.instant()),
          pass.examined(),
          new Sweep.Removed(unfinished, finished, spooled, retired, records),
          freedBytes,
          unknown,
          pass.failed(),
          pass.complete(),
          pass.stoppedBecause());
    }
  }

  private interface Removal {
    void run() throws IOException;
  }

  private static void unchecked(Removal removal) {
    try {
      removal.run();
    } catch (IOException e) {
      throw new UncheckedIOException(Pass.text(e), e);
    }
  }
}
