package dev.spillway.admission;

import dev.spillway.telemetry.Telemetry;
import java.util.function.Supplier;

/** What a {@link BufferPool} reports; its class comment tells how to read it. Any thread. */
record BufferMeters(
    Telemetry.Counter refused,
    Telemetry.Counter lost,
    Telemetry.Counter grown,
    Telemetry.Counter growthRefused,
    Telemetry.Timer waits) {

  static BufferMeters of(Telemetry telemetry, Supplier<BufferPool.Stats> stats) {
    telemetry.gauge("admission.buffers.capacity.bytes", () -> stats.get().capacityBytes());
    telemetry.gauge("admission.buffers.leased.bytes", () -> stats.get().leasedBytes());
    telemetry.gauge("admission.buffers.allocated.bytes", () -> stats.get().allocatedBytes());
    telemetry.gauge("admission.buffers.leases", () -> stats.get().leased());
    telemetry.gauge("admission.buffers.waiting", () -> stats.get().waiting());
    telemetry.gauge(
        "admission.buffers.oldest-lease.millis", () -> stats.get().oldestLease().toMillis());
    return new BufferMeters(
        telemetry.counter("admission.buffers.refused"),
        telemetry.counter("admission.buffers.lost"),
        telemetry.counter("admission.buffers.grown"),
        telemetry.counter("admission.buffers.growth-refused"),
        telemetry.timer("admission.buffers.wait"));
  }

  /** Of somebody who had one size class and wanted another, above it or the same. */
  void countGrowth(int from, int wanted, int got) {
    if (got > from) {
      grown.add(1);
    }
    if (got < wanted) {
      growthRefused.add(1);
    }
  }
}
