package dev.spillway.telemetry;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A value that is read when somebody looks; null when it is not measured or cannot be read, because
 * one part's failure must not hide what all others report. Owned by the registry; any thread may
 * call.
 */
final class LiveGauge implements Gauge<@Nullable Number> {

  private static final Logger log = LoggerFactory.getLogger(LiveGauge.class);

  private final String name;
  private final Counter failures;
  private final AtomicBoolean logged = new AtomicBoolean();
  private volatile Supplier<? extends @Nullable Number> source = () -> null;

  /**
   * @param failures what failed reads are counted with; only the first is logged
   */
  LiveGauge(String name, Counter failures) {
    this.name = name;
    this.failures = failures;
  }

  /** From now on the value comes from here. */
  void readFrom(Supplier<? extends @Nullable Number> newSource) {
    source = newSource;
  }

  @Override
  public @Nullable Number getValue() {
    try {
      return source.get();
    } catch (RuntimeException e) {
      failures.inc();
      if (logged.compareAndSet(false, true)) {
        log.warn("The meter {} cannot be read and is left out; this is logged once", name, e);
      }
      return null;
    }
  }
}
