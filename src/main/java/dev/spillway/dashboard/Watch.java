package dev.spillway.dashboard;

import dev.spillway.memory.LeakDetector;
import dev.spillway.memory.LiveHeap;
import dev.spillway.memory.LiveThresholds;
import dev.spillway.memory.MemoryCircuitBreaker;
import dev.spillway.memory.MemoryMonitor;
import dev.spillway.memory.ProbeCollections;
import dev.spillway.memory.Reading;
import dev.spillway.upkeep.OrphanSweeper;
import dev.spillway.upkeep.PublishStatus;
import dev.spillway.upkeep.StaleUploadCleaner;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the memory guard and the upkeep have to report. Any thread.
 *
 * @param thresholds from which the live heap is a worry, and new work refused
 * @param publishing how it stands; empty where files stay here
 */
public record Watch(
    MemoryMonitor monitor,
    MemoryCircuitBreaker breaker,
    LiveThresholds thresholds,
    ProbeCollections probes,
    LeakDetector leaks,
    StaleUploadCleaner cleaner,
    OrphanSweeper sweeper,
    Optional<Supplier<PublishStatus>> publishing) {

  /** Adds its figures to a report. */
  void report(Map<String, Object> report) {
    MemoryMonitor.Status status = monitor.status();
    report.put("memory", memory(status));
    status
        .reading()
        .ifPresent(
            reading -> {
              report.put("collections", reading.collecting());
              report.put("process", reading.process());
              report.put("machine", reading.machine());
              report.put("container", reading.container());
              report.put("disks", reading.disks());
              report.put("unfinishedBytes", reading.unfinishedBytes());
            });
    report.put("cleanUp", cleaner.last());
    report.put("sweep", sweeper.last());
    publishing.ifPresent(now -> report.put("publishing", publishing(now.get())));
  }

  /** Without names and ids: figures may be public, and an id is a key to its file. */
  private static Map<String, Object> publishing(PublishStatus status) {
    Map<String, Object> publishing = new LinkedHashMap<>();
    publishing.put("destination", status.destination());
    publishing.put("circuit", status.circuit());
    publishing.put("parallel", status.parallel());
    publishing.put("underway", status.underway().size());
    publishing.put(
        "underwaySentBytes",
        status.underway().stream().mapToLong(PublishStatus.Underway::sent).sum());
    publishing.put("retries", status.retries());
    publishing.put("memoryBytes", status.memoryBytes());
    publishing.put("pause", status.pause());
    publishing.put("totals", status.totals());
    return publishing;
  }

  private Map<String, Object> memory(MemoryMonitor.Status status) {
    Map<String, Object> memory = new LinkedHashMap<>();
    memory.put("level", status.level());
    memory.put("since", status.since());
    memory.put("reasons", status.reasons());
    memory.put("live", live(status.live()));
    memory.put("pools", status.reading().map(Reading::heap).map(Reading.Heap::pools));
    memory.put("outside", status.reading().map(Reading::outside));
    memory.put("breaker", breaker.stats());
    memory.put("lastProbe", probes.last());
    memory.put("leaks", leaks.suspicions());
    return memory;
  }

  private Map<String, Object> live(LiveHeap heap) {
    Map<String, Object> live = new LinkedHashMap<>();
    live.put("pool", heap.pool());
    live.put("bytes", heap.upperBytes());
    live.put("warning", thresholds.warning(heap.maxBytes()));
    live.put("critical", thresholds.critical(heap.maxBytes()));
    live.put("max", heap.maxBytes());
    live.put("exactBytes", heap.exactBytes());
    live.put("fullCollections", heap.fullCollections());
    live.put("pauseShare", heap.pauseShare());
    return live;
  }
}
