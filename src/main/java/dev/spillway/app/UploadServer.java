package dev.spillway.app;

import dev.spillway.catalog.CatalogSettings;
import dev.spillway.catalog.SqlCatalog;
import dev.spillway.config.DatabaseSettings;
import dev.spillway.config.SpillwayConfig;
import dev.spillway.config.StorageSettings;
import dev.spillway.config.UploadSettings;
import dev.spillway.dashboard.Health;
import dev.spillway.dashboard.Watch;
import dev.spillway.memory.MemoryMonitor;
import dev.spillway.storage.local.DataDirectoryLock;
import dev.spillway.storage.local.LocalStorage;
import dev.spillway.storage.local.Spool;
import dev.spillway.telemetry.DropwizardTelemetry;
import dev.spillway.upkeep.Schedule;
import dev.spillway.upload.Chunks;
import dev.spillway.upload.Downloads;
import dev.spillway.upload.Finishing;
import dev.spillway.upload.Recovery;
import dev.spillway.upload.Storage;
import dev.spillway.upload.UploadPolicy;
import dev.spillway.upload.Uploads;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition root: builds every part of the server in the order in which they need each other,
 * and closes them in reverse. It knows nothing of servlets, so tests start it as they like.
 *
 * <p>Started and closed by one thread at a time; the parts it hands out are for any thread.
 */
public final class UploadServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(UploadServer.class);

  /** Where other servers may be at work, only what no request can still need is a leftover. */
  private static final Duration LEFTOVER_AGE = Duration.ofHours(1);

  private final Closeables open;
  private final SpillwayConfig config;
  private final DropwizardTelemetry telemetry;
  private final Parts parts;
  private final Health health;
  private final Upkeep upkeep;
  private final Optional<Publication> publication;
  private final Monitoring monitoring;
  private final Spool spool;

  /** The services that requests are handled by, and what bounds them. */
  record Parts(
      Bounds bounds,
      MemoryGuard guard,
      Uploads uploads,
      Chunks chunks,
      Finishing finishing,
      Downloads downloads) {}

  private UploadServer(SpillwayConfig config, String jmxDomain, Closeables open)
      throws IOException {
    this.open = open;
    this.config = config;
    StorageSettings files = config.storage();
    Clock clock = Clock.systemUTC();
    telemetry = open.add("telemetry", new DropwizardTelemetry());
    Schedule schedule = new Schedule(telemetry, System::nanoTime);
    MemoryGuard guard = MemoryGuard.build(config.memory(), schedule, telemetry, open);

    boolean alone = !config.database().url().startsWith("jdbc:postgresql:");
    if (alone) {
      open.add("data directory", DataDirectoryLock.acquire(files.dataDir()));
    }
    LocalStorage storage = new LocalStorage(files.dataDir());
    spool =
        sweptSpool(files.dataDir(), alone ? clock.instant() : clock.instant().minus(LEFTOVER_AGE));
    SqlCatalog catalog = open.add("catalogue", SqlCatalog.open(catalogSettings(config), telemetry));

    Bounds bounds =
        Bounds.build(
            config,
            new Bounds.Below(catalog, storage, new MemoryGate(guard.breaker())),
            telemetry,
            open);
    Uploads uploads =
        new Uploads(
            catalog,
            storage,
            bounds.admission(),
            policy(config.upload(), files),
            clock,
            new SecureRandom(),
            telemetry);
    Chunks chunks =
        new Chunks(
            uploads,
            catalog,
            storage,
            new Chunks.Bounds(bounds.buffers(), bounds.writes(), bounds.rate()),
            clock,
            telemetry);
    upkeep =
        Upkeep.build(
            config,
            new Upkeep.Parts(uploads, chunks, catalog, storage, spool, clock),
            bounds,
            guard,
            telemetry);
    publication =
        Publication.build(
            config,
            new Publication.Parts(uploads, catalog, storage, guard.breaker()::check, clock),
            bounds.publishing(),
            telemetry,
            open);
    Finishing finishing =
        new Finishing(
            uploads,
            catalog,
            new Finishing.Places(storage, publication.map(Publication::publishing)),
            bounds.buffers(),
            clock,
            new Finishing.Reports(telemetry, upkeep.monitor()));
    Downloads downloads =
        new Downloads(uploads, storage, publication.map(Publication::reads), bounds.buffers());
    parts = new Parts(bounds, guard, uploads, chunks, finishing, downloads);

    // A server that is alone has nobody to leave a young file for.
    Recovery.Recovered recovered =
        new Recovery(catalog, storage, finishing, uploads.policy().durability(), clock)
            .run(alone ? Instant.MAX : clock.instant().minus(LEFTOVER_AGE));
    monitoring =
        Monitoring.build(
            config,
            new Monitoring.Parts(
                parts,
                catalog,
                storage,
                upkeep,
                publication.map(it -> it::status),
                schedule,
                telemetry,
                clock));
    open.add("log levels", monitoring.logLevels());
    health = health(storage, new Health.Start(Version.TEXT, clock.instant(), recovered));

    open.add("upkeep", schedule);
    guard.start(schedule);
    upkeep.start(schedule, config);
    monitoring.start(schedule, config.dashboard().sample());
    publication.ifPresent(it -> it.start(schedule, open));
    if (config.metrics().jmx()) {
      telemetry.publishOverJmx(jmxDomain);
      open.add("operations over JMX", JmxOperations.register(jmxDomain, upkeep));
    }
    open.add("drain", new Drain(bounds.admission(), chunks, config.transfers().drain()));
  }

  private Health health(Storage storage, Health.Start start) {
    Bounds bounds = parts.bounds();
    MemoryGuard guard = parts.guard();
    return new Health(
        monitoring.readiness(),
        storage,
        new Health.Bounds(
            bounds.admission(), bounds.buffers(), bounds.writes(), bounds.disk(), bounds.memory()),
        new Watch(
            upkeep.monitor(),
            guard.breaker(),
            guard.thresholds(),
            guard.probes(),
            upkeep.leaks(),
            upkeep.cleaner(),
            upkeep.sweeper(),
            publication.map(it -> it::status)),
        start,
        Clock.systemUTC());
  }

  /**
   * Builds and starts everything. When a part fails, those before it are closed.
   *
   * @param jmxDomain under which its meters are published; another one for each server of a virtual
   *     machine
   * @throws IOException when the data directory cannot be used
   */
  public static UploadServer start(SpillwayConfig config, String jmxDomain) throws IOException {
    Closeables open = new Closeables();
    boolean started = false;
    try {
      UploadServer server = new UploadServer(config, jmxDomain, open);
      started = true;
      return server;
    } finally {
      if (!started) {
        open.close();
      }
    }
  }

  private static Spool sweptSpool(Path dataDir, Instant before) throws IOException {
    Spool spool = new Spool(dataDir);
    int removed = spool.sweep(before);
    if (removed > 0) {
      log.info("removed {} leftovers from the spool", removed);
    }
    return spool;
  }

  private static CatalogSettings catalogSettings(SpillwayConfig config) {
    DatabaseSettings database = config.database();
    String url =
        database.url().isEmpty()
            ? "jdbc:sqlite:" + config.storage().dataDir().resolve("catalog.db")
            : database.url();
    return new CatalogSettings(
        url,
        database.user(),
        database.password(),
        database.poolSize(),
        database.timeout(),
        database.commitQueue());
  }

  private static UploadPolicy policy(UploadSettings settings, StorageSettings files) {
    return new UploadPolicy(
        settings.maxSize().bytes(),
        new UploadPolicy.ChunkSizes(
            settings.chunkSizeMin().bytes(),
            settings.chunkSizeDefault().bytes(),
            settings.chunkSizeMax().bytes()),
        switch (files.durability()) {
          case CHUNK -> UploadPolicy.Durability.CHUNK;
          case FINISH -> UploadPolicy.Durability.FINISH;
          case NONE -> UploadPolicy.Durability.NONE;
        },
        new UploadPolicy.Lifetimes(
            settings.idleExpiry(), settings.idleExpiryLowDisk(), settings.maxAge()));
  }

  SpillwayConfig config() {
    return config;
  }

  Parts parts() {
    return parts;
  }

  Health health() {
    return health;
  }

  MemoryMonitor memory() {
    return upkeep.monitor();
  }

  Monitoring monitoring() {
    return monitoring;
  }

  DropwizardTelemetry telemetry() {
    return telemetry;
  }

  /** Where chunks wait whose place is not known yet. */
  Path spool() {
    return spool.directory();
  }

  /** Closes everything, in reverse order. Repeating it changes nothing. */
  @Override
  public void close() {
    open.close();
  }
}
