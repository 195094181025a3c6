package dev.spillway.admission;

import dev.spillway.telemetry.Telemetry;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/** What a {@link BufferPool} reports; its class comment tells how to read it. Any thread. */
record BufferMeters(
    Telemetry.Counter refused,
    Telemetry.Counter lost,
    Telemetry.Counter grown,
    Telemetry.Counter growthRefused,
    Telemetry.Timer waits) {

  private static final double NANOS_PER_SECOND = 1e9;

  static BufferMeters of(Telemetry telemetry, Supplier<BufferPool.Stats> stats) {
    telemetry.gauge(
        "admission.buffers.allocated.bytes",
        "Memory that the pool has taken from the system; it keeps it.",
        () -> stats.get().allocatedBytes());
    telemetry.gauge(
        "admission.buffers.leases", "Buffers that are leased.", () -> stats.get().leased());
    telemetry.measure(
        "admission.buffers.oldest.lease.seconds",
        "How long the oldest lease has been held.",
        () -> OptionalDouble.of(stats.get().oldestLease().toNanos() / NANOS_PER_SECOND));
    return new BufferMeters(
        telemetry.bound("buffer-bytes", () -> occupancy(stats.get())),
        telemetry.counter(
            "admission.buffers.lost", "Leases dropped without being closed: a defect."),
        telemetry.counter("admission.buffers.grown", "Transfers that got a larger buffer."),
        telemetry.counter(
            "admission.buffers.growth-refused",
            "Transfers that wanted a larger buffer when there was none."),
        telemetry.timer("admission.buffers.wait", "How long a transfer waited for its buffer."));
  }

  private static Telemetry.Occupancy occupancy(BufferPool.Stats now) {
    return new Telemetry.Occupancy(
        now.leasedBytes(), now.capacityBytes(), now.waiting(), now.oldestWait());
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
