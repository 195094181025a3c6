package dev.spillway.dashboard;

import dev.spillway.admission.Admission;
import dev.spillway.admission.BufferPool;
import dev.spillway.admission.DiskBudget;
import dev.spillway.admission.WriteQueue;
import dev.spillway.memory.MemoryBudget;
import dev.spillway.memory.MemoryFigures;
import dev.spillway.status.checks.Check;
import dev.spillway.status.checks.ReadinessChecks;
import dev.spillway.telemetry.Telemetry;
import dev.spillway.upload.CatalogUnavailable;
import dev.spillway.upload.Recovery;
import dev.spillway.upload.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The checks with the figures behind them, as one JSON document. Any thread; looks are cheap. */
public final class Health {

  private final ReadinessChecks checks;
  private final Storage storage;
  private final Bounds bounds;
  private final Watch watch;
  private final Start start;
  private final Clock clock;

  /** The bounded resources whose figures are shown. */
  public record Bounds(
      Admission admission,
      BufferPool buffers,
      WriteQueue writes,
      DiskBudget disk,
      MemoryBudget memory) {}

  /** What is known since the start. */
  public record Start(String version, Instant at, Recovery.Recovered recovered) {}

  public Health(
      ReadinessChecks checks,
      Storage storage,
      Bounds bounds,
      Watch watch,
      Start start,
      Clock clock) {
    this.checks = checks;
    this.storage = storage;
    this.bounds = bounds;
    this.watch = watch;
    this.start = start;
    this.clock = clock;
  }

  /** Everything that must hold for new uploads to be taken. */
  List<Check> checks() {
    return checks.look();
  }

  /** The checks and the figures behind them. */
  Map<String, Object> report(List<Check> checks) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("status", checks.stream().allMatch(Check::ok) ? "UP" : "DOWN");
    report.put("version", start.version());
    report.put("uptimeSeconds", Duration.between(start.at(), clock.instant()).toSeconds());
    report.put("recovered", start.recovered());
    report.put("checks", checks);
    MemoryFigures now = MemoryFigures.read();
    report.put("heap", now.heap());
    report.put("nonHeap", now.nonHeap());
    report.put("direct", Map.of("used", now.direct()));
    report.put("transfers", bounds.admission().stats());
    report.put("buffers", buffers());
    report.put("queue", queue());
    report.put("storage", storageFigures());
    watch.report(report);
    return report;
  }

  private Map<String, Object> buffers() {
    BufferPool.Stats stats = bounds.buffers().stats();
    Map<String, Object> buffers = new LinkedHashMap<>();
    buffers.put("capacityBytes", stats.capacityBytes());
    buffers.put("capacityWorkedOut", bounds.memory().toString());
    buffers.put("leasedBytes", stats.leasedBytes());
    buffers.put("allocatedBytes", stats.allocatedBytes());
    buffers.put("leased", stats.leased());
    buffers.put("waiting", stats.waiting());
    buffers.put("oldestWaitMillis", stats.oldestWait().toMillis());
    buffers.put("oldestLeaseMillis", stats.oldestLease().toMillis());
    buffers.put("lost", stats.lost());
    return buffers;
  }

  private Map<String, Object> queue() {
    WriteQueue.Stats stats = bounds.writes().stats();
    Map<String, Object> queue = new LinkedHashMap<>();
    queue.put("permits", stats.permits());
    queue.put("depth", stats.depth());
    queue.put("waiting", stats.waiting());
    queue.put("oldestWaitMillis", stats.oldestWait().toMillis());
    Telemetry.Quantiles waits = bounds.writes().waits();
    queue.put("waitP50Micros", TimeUnit.NANOSECONDS.toMicros(waits.p50().toNanos()));
    queue.put("waitP99Micros", TimeUnit.NANOSECONDS.toMicros(waits.p99().toNanos()));
    queue.put("waitMaxMicros", TimeUnit.NANOSECONDS.toMicros(waits.max().toNanos()));
    return queue;
  }

  private Map<String, Object> storageFigures() {
    Map<String, Object> figures = new LinkedHashMap<>();
    try {
      Storage.Space space = storage.space();
      figures.put("total", space.total());
      figures.put("usable", space.usable());
      DiskBudget.Stats disk = bounds.disk().stats();
      figures.put("reserve", disk.reserveBytes());
      figures.put("outstanding", disk.outstandingBytes());
    } catch (IOException | UncheckedIOException | CatalogUnavailable e) {
      figures.put("error", "not measured: the data directory or the catalogue does not answer");
    }
    return figures;
  }
}
