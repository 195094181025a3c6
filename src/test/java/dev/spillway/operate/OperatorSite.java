package dev.spillway.operate;

import ch.qos.logback.classic.LoggerContext;
import dev.spillway.admission.Admission;
import dev.spillway.admission.DiskBudget;
import dev.spillway.telemetry.RecordedTelemetry;
import dev.spillway.telemetry.Telemetry;
import dev.spillway.upkeep.CleanUp;
import dev.spillway.upkeep.StaleUploadCleaner;
import dev.spillway.upload.SetClock;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadPolicy;
import dev.spillway.upload.UploadState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Operations on services that only note what was asked of them. */
final class OperatorSite {

  static final Operator ANN = new Operator("ann", "192.0.2.1", true);
  static final Operator VIEWER = new Operator("vic", "192.0.2.2", false);
  static final int PER_MINUTE = 10;
  static final String LOGGER = "dev.spillway.upload";

  final SetClock clock = new SetClock();
  final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  final RecordedTelemetry telemetry = new RecordedTelemetry();
  final LoggerContext loggers = new LoggerContext();
  final Admission admission =
      new Admission(
          new Admission.Limits(() -> 3, 2, 5, 1000),
          new DiskBudget(() -> 10_000, () -> 0, 0, System::nanoTime, Telemetry.NONE),
          client -> new Admission.Usage(0, 0),
          Admission.Gate.OPEN,
          Telemetry.NONE);
  final FakeUploads uploads = new FakeUploads();
  final FakeAbandoned abandoned = new FakeAbandoned();
  final LogLevels logLevels = new LogLevels(loggers, nanos::get);
  final Operations operations = operations(false);

  OperatorSite() {
    loggers.getLogger(LOGGER + ".Chunks");
  }

  Operations operations(boolean readOnly) {
    return new Operations(
        new Services(new Drainage(admission, clock), uploads, abandoned, logLevels),
        new Operations.Rules(readOnly, PER_MINUTE),
        new Operations.Time(clock, nanos::get),
        new Random(1),
        telemetry);
  }

  /** What a form sends that has just been shown. */
  AuditEntry perform(Action action, Map<String, String> parameters) {
    return operations.perform(
        new Attempt(action, ANN, parameters, operations.confirm(action, parameters).token()));
  }

  AuditEntry perform(Action action) {
    return perform(action, Map.of());
  }

  void advance(Duration time) {
    nanos.addAndGet(time.toNanos());
    clock.advance(time);
  }

  /** An upload that is on record. */
  UploadId upload(UploadState state, long received, @Nullable String failure) {
    UploadId id = UploadId.random(new Random(uploads.known.size()));
    Instant now = clock.instant();
    uploads.known.put(
        id,
        new Upload(
            id,
            "film\u202e.mov",
            5L << 30,
            null,
            8 << 20,
            state,
            null,
            "client",
            null,
            null,
            Map.of(),
            now,
            now,
            received,
            failure,
            null));
    return id;
  }

  static Map<String, String> id(UploadId id) {
    return Map.of("id", id.value());
  }

  /** Uploads in memory. */
  static final class FakeUploads implements UploadActions {

    final Map<UploadId, Upload> known = new ConcurrentHashMap<>();
    final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    volatile Runnable during = () -> {};
    volatile Optional<Open> open = Optional.empty();
    volatile boolean publishes = true;

    @Override
    public Optional<Upload> find(UploadId id) {
      return Optional.ofNullable(known.get(id));
    }

    @Override
    public void cancel(UploadId id) {
      call("cancel", id);
      become(id, UploadState.CANCELLED);
    }

    @Override
    public boolean publishes() {
      return publishes;
    }

    @Override
    public void retry(UploadId id) {
      call("retry", id);
      become(id, UploadState.COMPLETED);
    }

    @Override
    public Instant extend(UploadId id) {
      call("extend", id);
      return Instant.parse("2030-01-02T03:04:05Z");
    }

    @Override
    public Optional<Open> open() {
      return open;
    }

    private void call(String what, UploadId id) {
      during.run();
      calls.add(what + " " + id);
    }

    private void become(UploadId id, UploadState state) {
      known.computeIfPresent(
          id,
          (same, upload) ->
              new Upload(
                  id,
                  upload.name(),
                  upload.size(),
                  upload.type(),
                  upload.chunkSize(),
                  state,
                  upload.owner(),
                  upload.client(),
                  upload.expected(),
                  upload.crc32c(),
                  upload.metadata(),
                  upload.createdAt(),
                  upload.lastActivityAt(),
                  upload.receivedBytes(),
                  null,
                  null));
    }

    void openNow(long uploads, long missing, double rate) {
      open = Optional.of(new Open(uploads, missing, OptionalDouble.of(rate)));
    }
  }

  /** An upkeep that does as it is told. */
  static final class FakeAbandoned implements AbandonedUploads {

    volatile StaleUploadCleaner.Preview found = new StaleUploadCleaner.Preview(0, 0);
    volatile CleanUp next = cleanUp(0, 0, 0, 0, null);
    final List<String> runs = Collections.synchronizedList(new ArrayList<>());

    @Override
    public StaleUploadCleaner.Preview preview() {
      return found;
    }

    @Override
    public CleanUp purge(String why) {
      runs.add(why);
      return next;
    }

    @Override
    public UploadPolicy.Lifetimes lifetimes() {
      return new UploadPolicy.Lifetimes(
          Duration.ofHours(24), Duration.ofMinutes(30), Duration.ofDays(7));
    }
  }

  static CleanUp cleanUp(
      int expired, long freed, int failed, int skipped, @Nullable String stopped) {
    return new CleanUp(
        Instant.EPOCH,
        Duration.ZERO,
        "test",
        expired + failed + skipped,
        expired,
        freed,
        failed,
        skipped,
        stopped == null,
        stopped);
  }
}
