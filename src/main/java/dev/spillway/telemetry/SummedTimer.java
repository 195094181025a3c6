package dev.spillway.telemetry;

import com.codahale.metrics.Reservoir;
import com.codahale.metrics.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.DoubleAdder;

/**
 * A Dropwizard timer that also knows how long all of its events took together, since the start and
 * not in the last minute: a collector divides the growth of the sum by that of the count. Only what
 * comes through {@link #update(long, TimeUnit)} is in the sum. Owned by the registry; any thread
 * may call.
 */
final class SummedTimer extends Timer {

  private static final double NANOS_PER_SECOND = 1e9;

  /** Not nanoseconds in a long: a thousand waiting clients would overflow it in 107 days. */
  private final DoubleAdder seconds = new DoubleAdder();

  SummedTimer(Reservoir window) {
    super(window);
  }

  @Override
  public void update(long duration, TimeUnit unit) {
    if (duration >= 0) {
      super.update(duration, unit);
      seconds.add(unit.toNanos(duration) / NANOS_PER_SECOND);
    }
  }

  double sumSeconds() {
    return seconds.sum();
  }
}
