package dev.spillway.admission;

import dev.spillway.telemetry.Telemetry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Keeps what is reported, for tests to read. Any thread may call. */
final class RecordedTelemetry implements Telemetry {

  private final Map<String, AtomicLong> counters = new ConcurrentHashMap<>();
  private final Map<String, List<Duration>> timers = new ConcurrentHashMap<>();
  private final Map<String, LongSupplier> gauges = new ConcurrentHashMap<>();

  @Override
  public Counter counter(String name) {
    return counters.computeIfAbsent(name, unused -> new AtomicLong())::addAndGet;
  }

  @Override
  public Timer timer(String name) {
    return timers.computeIfAbsent(name, unused -> new CopyOnWriteArrayList<>())::add;
  }

  @Override
  public void gauge(String name, LongSupplier value) {
    gauges.put(name, value);
  }

  long counted(String name) {
    return Objects.requireNonNull(counters.get(name), name).get();
  }

  List<Duration> timed(String name) {
    return Objects.requireNonNull(timers.get(name), name);
  }

  long gauged(String name) {
    return Objects.requireNonNull(gauges.get(name), name).getAsLong();
  }
}
