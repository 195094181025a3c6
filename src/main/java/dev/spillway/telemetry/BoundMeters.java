package dev.spillway.telemetry;

import dev.spillway.telemetry.Telemetry.Counter;
import dev.spillway.telemetry.Telemetry.Occupancy;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/** The meters of a bounded resource, the same for each of them. */
final class BoundMeters {

  private static final double NANOS_PER_SECOND = 1e9;

  private BoundMeters() {}

  /** Registers them, and returns the counter of refusals. */
  static Counter register(Telemetry telemetry, String name, Supplier<Occupancy> now) {
    Telemetry bound = telemetry.labelled("bound", name);
    bound.gauge("bound.used", "How much of a bounded resource is in use.", () -> now.get().used());
    bound.gauge("bound.limit", "How much of a bounded resource there is.", () -> now.get().limit());
    bound.gauge(
        "bound.waiting", "How many wait for a bounded resource.", () -> now.get().waiting());
    bound.measure(
        "bound.oldest.wait.seconds",
        "How long the first of those who wait for a bounded resource has been waiting.",
        () -> OptionalDouble.of(now.get().oldestWait().toNanos() / NANOS_PER_SECOND));
    return bound.counter("bound.refused", "How often a bounded resource was refused.");
  }
}
