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
    return new RecordedTimer(timers.computeIfAbsent(name, unused -> new CopyOnWriteArrayList<>()));
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

  /** Forgets nothing: to a test, everything happened in the last minute. */
  private record RecordedTimer(List<Duration> recorded) implements Timer {

    @Override
    public void record(Duration elapsed) {
      recorded.add(elapsed);
    }

    @Override
    public Quantiles quantiles() {
      List<Duration> sorted = recorded.stream().sorted().toList();
      return sorted.isEmpty()
          ? Quantiles.NONE
          : new Quantiles(
              sorted.size(), nearest(sorted, 50), nearest(sorted, 99), nearest(sorted, 100));
    }

    private static Duration nearest(List<Duration> sorted, int percent) {
      return sorted.get(Math.max(0, (sorted.size() * percent + 99) / 100 - 1));
    }
  }
}
