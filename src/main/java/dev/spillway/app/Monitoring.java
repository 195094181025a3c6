package dev.spillway.app;

import dev.spillway.config.SpillwayConfig;
import dev.spillway.operate.AbandonedUploads;
import dev.spillway.operate.Drainage;
import dev.spillway.operate.LogLevels;
import dev.spillway.operate.Operations;
import dev.spillway.operate.Services;
import dev.spillway.status.Requests;
import dev.spillway.status.UploadLine;
import dev.spillway.status.UploadLists;
import dev.spillway.status.checks.ReadinessChecks;
import dev.spillway.status.sampling.Sampler;
import dev.spillway.status.sampling.Sources;
import dev.spillway.telemetry.DropwizardTelemetry;
import dev.spillway.upkeep.CleanUp;
import dev.spillway.upkeep.PublishStatus;
import dev.spillway.upkeep.Schedule;
import dev.spillway.upkeep.StaleUploadCleaner;
import dev.spillway.upload.Catalog;
import dev.spillway.upload.Storage;
import dev.spillway.upload.UploadPolicy;
import dev.spillway.upload.UploadQuery;
import dev.spillway.upload.UploadState;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/** What sees the running server and lets operators act on it. It begins with {@link #start}. */
record Monitoring(
    ReadinessChecks readiness,
    Requests requests,
    UploadLists lists,
    Sampler sampler,
    LogLevels logLevels,
    Operations operations) {

  private static final int WORST = 10;
  private static final int INSTANCE_BYTES = 6;
  private static final int ACTIONS_A_MINUTE = 10;
  private static final Duration LOG_LEVELS_PAUSE = Duration.ofSeconds(5);
  private static final String CLEAN_UP = "stale-uploads";

  /**
   * What it looks at, and what it acts through.
   *
   * @param publishing empty where finished files stay
   */
  record Parts(
      UploadServer.Parts services,
      Catalog catalog,
      Storage storage,
      Upkeep upkeep,
      Optional<Supplier<PublishStatus>> publishing,
      Schedule schedule,
      DropwizardTelemetry telemetry,
      Clock clock) {}

  static Monitoring build(SpillwayConfig config, Parts parts) {
    Clock clock = parts.clock();
    SecureRandom random = new SecureRandom();
    UploadServer.Parts services = parts.services();
    ReadinessChecks readiness =
        new ReadinessChecks(
            new ReadinessChecks.Work(
                services.bounds().admission(),
                parts.catalog(),
                parts.storage(),
                services.bounds().disk()),
            new ReadinessChecks.Memory(parts.upkeep().monitor(), services.guard().breaker()),
            System::nanoTime);
    Requests requests = new Requests(parts.telemetry(), System::nanoTime);
    UploadLists lists =
        new UploadLists(
            services.uploads(),
            services.chunks(),
            parts.catalog(),
            clock,
            config.checks().stalledAfter());
    Sampler sampler =
        new Sampler(
            sources(config, parts, readiness, requests, lists),
            new Sampler.Settings(
                Thresholds.of(config.checks()), config.dashboard().sample(), instance(random)),
            clock,
            System::nanoTime,
            parts.telemetry());
    LogLevels logLevels = new LogLevels(LoggerFactory.getILoggerFactory(), System::nanoTime);
    Operations operations =
        new Operations(
            new Services(
                new Drainage(services.bounds().admission(), clock),
                new OperatorUploads(services, sampler),
                abandoned(parts.upkeep(), services.uploads().policy().lifetimes()),
                logLevels),
            new Operations.Rules(config.dashboard().readOnly(), ACTIONS_A_MINUTE),
            new Operations.Time(clock, System::nanoTime),
            random,
            parts.telemetry());
    return new Monitoring(readiness, requests, lists, sampler, logLevels, operations);
  }

  private static String instance(SecureRandom random) {
    byte[] bytes = new byte[INSTANCE_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static AbandonedUploads abandoned(Upkeep upkeep, UploadPolicy.Lifetimes lifetimes) {
    return new AbandonedUploads() {
      @Override
      public StaleUploadCleaner.Preview preview() {
        return upkeep.cleaner().preview();
      }

      @Override
      public CleanUp purge(String why) {
        return upkeep.cleanUp(why);
      }

      @Override
      public UploadPolicy.Lifetimes lifetimes() {
        return lifetimes;
      }
    };
  }

  private static Sources sources(
      SpillwayConfig config,
      Parts parts,
      ReadinessChecks readiness,
      Requests requests,
      UploadLists lists) {
    UploadServer.Parts services = parts.services();
    Bounds bounds = services.bounds();
    Schedule schedule = parts.schedule();
    Duration patience = Sampler.patience(config.dashboard().sample());
    return new Sources(
        new Sources.Work(
            bounds.admission()::stats,
            bounds.writes()::stats,
            config.writes().waiting(),
            bounds.buffers()::stats,
            services.chunks()::underway),
        new Sources.Slow(
            readiness::look,
            parts.catalog()::counts,
            parts.catalog()::clients,
            () -> worst(lists),
            parts.upkeep().cleaner()::preview,
            parts.storage()::space,
            parts.telemetry()::bounds),
        new Sources.House(
            () -> readiness.known(patience),
            parts.upkeep().monitor()::status,
            services.guard().thresholds(),
            () -> schedule.dueIn(CLEAN_UP).map(parts.clock().instant()::plus),
            schedule::overdue),
        traffic(parts.telemetry(), requests),
        parts.publishing());
  }

  private static Sources.Traffic traffic(DropwizardTelemetry telemetry, Requests requests) {
    return new Sources.Traffic(
        requests,
        telemetry.counter("upload.read.bytes")::total,
        telemetry.counter("upload.received.bytes")::total,
        telemetry.counter("upload.forces.failed")::total,
        new Sources.Times(
            telemetry.timer("admission.writes.wait")::quantiles,
            telemetry.timer("admission.buffers.wait")::quantiles,
            telemetry.timer("catalog.commit")::quantiles,
            telemetry.timer("upload.force")::quantiles));
  }

  private static List<UploadLine> worst(UploadLists lists) {
    Set<UploadState> open = EnumSet.of(UploadState.RECEIVING);
    return lists
        .list(
            new UploadQuery(
                open,
                Optional.empty(),
                Optional.empty(),
                UploadQuery.Order.LAST_ACTIVITY,
                true,
                1,
                WORST))
        .lines();
  }

  /** From here on it looks. The first look is taken at once. */
  void start(Schedule schedule, Duration sample) {
    sampler.inquire();
    sampler.sample();
    schedule.every("status-questions", sample, sampler::inquire);
    schedule.every("status-samples", sample, sampler::sample);
    schedule.every("log-levels", LOG_LEVELS_PAUSE, logLevels::revertDue);
  }
}
