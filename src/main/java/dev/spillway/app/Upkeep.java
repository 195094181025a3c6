package dev.spillway.app;

import dev.spillway.admission.AdmissionRefused;
import dev.spillway.config.SpillwayConfig;
import dev.spillway.config.UpkeepSettings;
import dev.spillway.memory.LeakDetector;
import dev.spillway.memory.MemoryMonitor;
import dev.spillway.memory.Reading;
import dev.spillway.memory.Signals;
import dev.spillway.storage.local.Spool;
import dev.spillway.telemetry.Telemetry;
import dev.spillway.upkeep.CleanUp;
import dev.spillway.upkeep.OrphanSweeper;
import dev.spillway.upkeep.Schedule;
import dev.spillway.upkeep.StaleUploadCleaner;
import dev.spillway.upkeep.Sweep;
import dev.spillway.upload.Catalog;
import dev.spillway.upload.Chunks;
import dev.spillway.upload.Expiry;
import dev.spillway.upload.Storage;
import dev.spillway.upload.Uploads;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;

/** Everything that runs on a schedule, built from the settings. It begins with {@link #start}. */
record Upkeep(
    MemoryMonitor monitor,
    LeakDetector leaks,
    StaleUploadCleaner cleaner,
    OrphanSweeper sweeper,
    Chunks chunks) {

  /** How often transfers whose clients are stuck are looked for. */
  private static final Duration STUCK_PAUSE = Duration.ofSeconds(1);

  /** A fast network fills the reserve of a small disk within seconds. */
  private static final Duration LOW_DISK_PAUSE = Duration.ofSeconds(5);

  /** At most; it has to be much shorter than the shortest idle time. */
  private static final Duration KEEP_ALIVE_PAUSE = Duration.ofMinutes(1);

  private static final double PERCENT = 100;

  /** What it works on. */
  record Parts(
      Uploads uploads, Chunks chunks, Catalog catalog, Storage storage, Spool spool, Clock clock) {}

  static Upkeep build(
      SpillwayConfig config, Parts parts, Bounds bounds, MemoryGuard guard, Telemetry telemetry) {
    LeakDetector leaks =
        new LeakDetector(
            config.memory().watch().leakWindow(),
            1 + config.memory().watch().leakFactor().value() / PERCENT,
            telemetry);
    MemoryMonitor monitor =
        new MemoryMonitor(
            new MemoryMonitor.Sources(
                signals(parts, guard)::read,
                guard.collectors()::live,
                guard::alarm,
                () -> bounds.buffers().stats().leasedBytes()),
            new MemoryMonitor.Settings(
                guard.thresholds(),
                config.memory().watch().sample(),
                config.memory().watch().log()),
            leaks,
            parts.clock(),
            telemetry);
    Runnable pressure =
        () -> {
          guard.breaker().check();
          if (bounds.admission().stats().draining()) {
            throw AdmissionRefused.draining();
          }
        };
    Expiry expiry =
        new Expiry(parts.uploads(), parts.catalog(), parts.storage(), parts.clock(), telemetry);
    return new Upkeep(
        monitor,
        leaks,
        cleaner(config, parts, expiry, pressure, telemetry),
        sweeper(config.upkeep(), parts, expiry, pressure, telemetry),
        parts.chunks());
  }

  private static Signals signals(Parts parts, MemoryGuard guard) {
    return new Signals(
        Path.of("/"),
        new Signals.Sources(
            guard.collectors()::collecting,
            Map.of(
                "data",
                () -> {
                  Storage.Space space = parts.storage().space();
                  return new Reading.Disk(space.total(), space.usable());
                },
                "spool",
                () -> disk(Files.getFileStore(parts.spool().directory()))),
            () -> OptionalLong.of(parts.catalog().unfinishedBytes())),
        parts.clock(),
        System::nanoTime);
  }

  private static Reading.Disk disk(FileStore volume) throws IOException {
    return new Reading.Disk(volume.getTotalSpace(), volume.getUsableSpace());
  }

  /** From low on, and until there is half as much again above the reserve. */
  private static StaleUploadCleaner cleaner(
      SpillwayConfig config, Parts parts, Expiry expiry, Runnable pressure, Telemetry telemetry) {
    long reserve = config.storage().reserve().bytes();
    long low = config.upkeep().lowDisk().bytes();
    return new StaleUploadCleaner(
        expiry,
        new StaleUploadCleaner.Disk(
            () -> parts.storage().space().usable(), reserve + low, reserve + low + low / 2),
        pressure,
        parts.clock(),
        telemetry);
  }

  private static OrphanSweeper sweeper(
      UpkeepSettings settings, Parts parts, Expiry expiry, Runnable pressure, Telemetry telemetry) {
    return new OrphanSweeper(
        new OrphanSweeper.Places(parts.catalog(), parts.storage(), parts.spool()::sweep),
        expiry,
        new OrphanSweeper.Ages(settings.orphanAge(), settings.retention(), settings.recordAge()),
        pressure,
        parts.clock(),
        telemetry);
  }

  /** From here on it runs. */
  void start(Schedule schedule, SpillwayConfig config) {
    schedule.every("stuck-transfers", STUCK_PAUSE, chunks::endStuck);
    schedule.every("keep-alive", keepAlivePause(config), chunks::keepAlive);
    monitor.sample();
    schedule.every("memory-samples", config.memory().watch().sample(), monitor::sample);
    schedule.every("low-disk", LOW_DISK_PAUSE, cleaner::whenDiskIsLow);
    schedule.every("stale-uploads", config.upkeep().stale(), () -> cleanUp("on schedule"));
    schedule.every("orphans", config.upkeep().orphans(), this::sweep);
  }

  private static Duration keepAlivePause(SpillwayConfig config) {
    Duration third = config.upload().idleExpiryLowDisk().dividedBy(3);
    return third.compareTo(KEEP_ALIVE_PAUSE) < 0 ? third : KEEP_ALIVE_PAUSE;
  }

  /** Ends abandoned uploads now. */
  CleanUp cleanUp(String why) {
    return monitor.logged("the clean-up of abandoned uploads", () -> cleaner.run(why));
  }

  /** Removes what belongs to nobody now. */
  Sweep sweep() {
    return monitor.logged("the sweep of leftovers", sweeper::run);
  }
}
