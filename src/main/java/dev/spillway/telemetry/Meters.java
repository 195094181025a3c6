package dev.spillway.telemetry;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Metric;
import com.codahale.metrics.MetricRegistry;
import dev.spillway.telemetry.MeterFamily.Kind;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All meters of one server, in a Dropwizard registry whose keys mean something only here: names
 * with labels do not fit into them, so exporters ask {@link #find} what a key stands for.
 *
 * <p>Owned and closed by the telemetry; any thread may call. Nothing that is registered is ever
 * replaced, so what was published stays published until it is closed.
 */
final class Meters implements AutoCloseable {

  private final MetricRegistry registry = new MetricRegistry();

  /** By each name that a family claims. Guarded by this. */
  private final Map<String, MeterFamily> families = new HashMap<>();

  /** Guarded by this. */
  private final Map<Meter, Registered> meters = new HashMap<>();

  private final Map<String, Registered> byKey = new ConcurrentHashMap<>();
  private final Counter failedReads;

  /** One time series: a family, and the values of its labels. */
  record Meter(MeterFamily family, SortedMap<String, String> labels) {

    Meter {
      labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }

    static Meter of(Kind kind, String name, String help, SortedMap<String, String> labels) {
      return new Meter(new MeterFamily(name, kind, help, labels.keySet()), labels);
    }

    @Override
    public String toString() {
      return labels.isEmpty() ? family.name() : family.name() + labels;
    }
  }

  /** A meter, and what keeps its value. */
  record Registered(Meter meter, Metric metric) {}

  Meters() {
    failedReads =
        metric(
            Meter.of(
                Kind.COUNTER,
                "telemetry.reads.failed",
                "Values that could not be read and were left out of an export.",
                Collections.emptySortedMap()),
            Counter.class,
            Counter::new);
  }

  MetricRegistry registry() {
    return registry;
  }

  /** Counts the gauges' failures. */
  Counter failedReads() {
    return failedReads;
  }

  /**
   * What keeps a meter's value, made when there is none.
   *
   * @throws IllegalArgumentException when the name is in use for something else
   */
  synchronized <M extends Metric> M metric(Meter meter, Class<M> type, Supplier<M> maker) {
    claim(meter.family());
    Registered known = meters.get(meter);
    if (known != null) {
      return type.cast(known.metric());
    }
    M made = maker.get();
    // The number keeps keys apart whatever their other characters become in an exporter.
    String key = meter.family().name() + "." + meters.size();
    Registered registered = new Registered(meter, made);
    meters.put(meter, registered);
    byKey.put(key, registered);
    return registry.register(key, made);
  }

  private void claim(MeterFamily family) {
    for (String name : family.claims()) {
      MeterFamily other = families.getOrDefault(name, family);
      if (!other.equals(family)) {
        throw new IllegalArgumentException("One name for two meters: " + family + ", " + other);
      }
    }
    family.claims().forEach(name -> families.put(name, family));
  }

  /**
   * The help text of a family that is known.
   *
   * @throws IllegalArgumentException when it is not
   */
  synchronized String help(Kind kind, String name) {
    return families.values().stream()
        .filter(family -> family.kind() == kind && family.name().equals(name))
        .map(MeterFamily::help)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("Nobody has registered " + name));
  }

  /** What a key of the registry stands for; nothing when that was just closed. */
  @Nullable Registered find(String key) {
    return byKey.get(key);
  }

  /** What collectors find the meters under, also those that have no value now. */
  synchronized SortedSet<String> published() {
    return families.values().stream()
        .map(MeterFamily::published)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Does what must not meet a registration. */
  synchronized void whileNothingRegisters(Runnable action) {
    action.run();
  }

  /** Lets go of every meter and of what the gauges look at. */
  @Override
  public synchronized void close() {
    registry.removeMatching((key, metric) -> true);
    byKey.clear();
    meters.clear();
    families.clear();
  }
}
