package dev.spillway.upkeep;

import dev.spillway.telemetry.Telemetry;
import dev.spillway.upload.Catalog;
import dev.spillway.upload.CatalogUnavailable;
import dev.spillway.upload.Expiry;
import dev.spillway.upload.Upload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the uploads that nobody goes on with, and frees their disk space: now and then, on demand,
 * and at once when the disk runs low. It works in small batches, stops early when the server is
 * under pressure, and says how far it came.
 *
 * <p>Holds nothing to close. Any thread may call; there is one run at a time, and nobody waits for
 * another's.
 */
public final class StaleUploadCleaner {

  private static final Logger log = LoggerFactory.getLogger(StaleUploadCleaner.class);

  private static final int BATCH = 100;

  /** When there was nothing to free, looking again at once frees nothing either. */
  private static final Duration PAUSE_WHEN_NOTHING_HELPS = Duration.ofSeconds(30);

  /** A question to the catalogue that people look at does not cost it more than this often. */
  private static final Duration PREVIEW_AGE = Duration.ofSeconds(10);

  private final Expiry expiry;
  private final Disk disk;
  private final Runnable pressure;
  private final Clock clock;
  private final Meters meters;

  private final ReentrantLock running = new ReentrantLock();
  private volatile @Nullable CleanUp last;
  private volatile Instant noUseBefore = Instant.EPOCH;
  private volatile @Nullable Glance glance;

  /** What is known of the disk that the uploads are on. */
  @FunctionalInterface
  public interface Volume {
    /** What this process may still write, in bytes. */
    long usableBytes() throws IOException;
  }

  /**
   * When the disk is low.
   *
   * @param lowBytes with less than this usable, it is
   * @param goodBytes with this much usable, it is not any more; not less than {@code lowBytes}
   */
  public record Disk(Volume volume, long lowBytes, long goodBytes) {

    /**
     * @throws IllegalArgumentException when the disk would be low and good at the same time
     */
    public Disk {
      if (goodBytes < lowBytes) {
        throw new IllegalArgumentException(
            "a disk is good from " + goodBytes + " bytes on and low below " + lowBytes);
      }
    }

    private long usable() {
      try {
        return volume.usableBytes();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot find out how much space the disk has", e);
      }
    }

    private boolean isLow() {
      return usable() < lowBytes;
    }

    private boolean isGood() {
      return usable() >= goodBytes;
    }
  }

  /**
   * What a run would find now.
   *
   * @param bytes what these uploads have received
   */
  public record Preview(long uploads, long bytes) {}

  private record Glance(Instant at, OptionalDouble uploads) {}

  private record Meters(
      Telemetry.Counter uploads, Telemetry.Counter bytes, Telemetry.Timer duration) {}

  /** What a run has achieved so far. One thread uses it. */
  private static final class Tally {
    private int expired;
    private long freedBytes;
    private int skipped;

    private void add(OptionalLong freed) {
      if (freed.isPresent()) {
        expired++;
        freedBytes += freed.getAsLong();
      } else {
        skipped++;
      }
    }
  }

  /**
   * @param pressure throws when the server needs its strength for other things: asked before each
   *     upload
   */
  public StaleUploadCleaner(
      Expiry expiry, Disk disk, Runnable pressure, Clock clock, Telemetry telemetry) {
    this.expiry = expiry;
    this.disk = disk;
    this.pressure = pressure;
    this.clock = clock;
    this.meters =
        new Meters(
            telemetry.counter("upkeep.cleaned.uploads", "Abandoned uploads that have been ended."),
            telemetry.counter("upkeep.cleaned.bytes", "Bytes that abandoned uploads had received."),
            telemetry.timer("upkeep.clean", "How long it took to clean up abandoned uploads."));
    telemetry.measure(
        "uploads.stale", "Abandoned uploads that the next clean-up will end.", this::stale);
  }

  /**
   * Ends all uploads whose time is up.
   *
   * @param why what it is for, for people
   */
  public CleanUp run(String why) {
    return runUnlessRunning(why, false, () -> true)
        .orElseGet(() -> CleanUp.notBegun(clock.instant(), why, "another clean-up is on its way"));
  }

  /**
   * Frees space when the disk is low: ends uploads that have been idle for the shorter time, those
   * with the oldest activity first, until there is enough. Called every few seconds by the upkeep.
   *
   * @return what it did; empty when there was no need or no use, or another run is on its way
   */
  public Optional<CleanUp> whenDiskIsLow() {
    if (!disk.isLow() || clock.instant().isBefore(noUseBefore)) {
      return Optional.empty();
    }
    Optional<CleanUp> done = runUnlessRunning("the disk runs low", true, () -> !disk.isGood());
    if (done.isPresent() && done.get().freedBytes() == 0) {
      noUseBefore = clock.instant().plus(PAUSE_WHEN_NOTHING_HELPS);
    }
    return done;
  }

  /** What the last run did; empty when there has been none. */
  public Optional<CleanUp> last() {
    return Optional.ofNullable(last);
  }

  /** Asks the catalogue what a run would find now. */
  public Preview preview() {
    Catalog.Holding due = expiry.holding(clock.instant());
    return new Preview(due.uploads(), due.bytes());
  }

  private OptionalDouble stale() {
    Instant now = clock.instant();
    Glance known = glance;
    if (known == null || Duration.between(known.at(), now).abs().compareTo(PREVIEW_AGE) >= 0) {
      known = new Glance(now, staleNow());
      glance = known;
    }
    return known.uploads();
  }

  private OptionalDouble staleNow() {
    try {
      return OptionalDouble.of((double) preview().uploads());
    } catch (CatalogUnavailable e) {
      return OptionalDouble.empty();
    }
  }

  private Optional<CleanUp> runUnlessRunning(
      String why, boolean diskIsLow, BooleanSupplier isNeeded) {
    if (!running.tryLock()) {
      return Optional.empty();
    }
    try {
      Instant begun = clock.instant();
      Pass pass = new Pass(pressure);
      Tally tally = new Tally();
      try {
        clean(diskIsLow, isNeeded, pass, tally);
      } catch (CatalogUnavailable | UncheckedIOException e) {
        pass.stop(Pass.text(e));
      }
      CleanUp done = result(begun, why, pass, tally);
      report(done);
      return Optional.of(done);
    } finally {
      running.unlock();
    }
  }

  private void clean(boolean diskIsLow, BooleanSupplier isNeeded, Pass pass, Tally tally) {
    Instant now = clock.instant();
    List<Upload> batch = expiry.due(now, diskIsLow, null, BATCH);
    while (!batch.isEmpty()) {
      for (Upload upload : batch) {
        if (!pass.mayGoOn() || !isNeeded.getAsBoolean()) {
          return;
        }
        pass.examine("upload " + upload.id(), () -> tally.add(expiry.expire(upload, diskIsLow)));
      }
      // Goes on behind the last one: those that failed or were skipped are not met again.
      batch = expiry.due(now, diskIsLow, batch.get(batch.size() - 1), BATCH);
    }
  }

  private CleanUp result(Instant begun, String why, Pass pass, Tally tally) {
    return new CleanUp(
        begun,
        Duration.between(begun, clock.instant()),
        why,
        pass.examined(),
        tally.expired,
        tally.freedBytes,
        pass.failed(),
        tally.skipped,
        pass.complete(),
        pass.stoppedBecause());
  }

  private void report(CleanUp done) {
    last = done;
    glance = null;
    meters.uploads().add(done.expired());
    meters.bytes().add(done.freedBytes());
    meters.duration().record(done.took());
    if (done.isWorthTelling()) {
      log.info(
          "clean-up ({}): {} of {} abandoned uploads ended, {} bytes freed, {} skipped, {} failed{}",
          done.why(),
          done.expired(),
          done.examined(),
          done.freedBytes(),
          done.skipped(),
          done.failed(),
          done.complete() ? "" : "; stopped early: " + done.stoppedBecause());
    }
  }
}
