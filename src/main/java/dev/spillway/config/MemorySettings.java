package dev.spillway.config;

import java.time.Duration;
import java.util.Optional;

/**
 * How the memory is watched, and from when on new work is refused. Immutable, for any thread.
 *
 * @param warning share of the live heap's own pool
 * @param critical not below {@code warning}
 * @param warningLive a fixed size; empty for the default one, where it fits the heap
 * @param criticalLive likewise
 */
public record MemorySettings(
    Percentage warning,
    Percentage critical,
    Optional<DataSize> warningLive,
    Optional<DataSize> criticalLive,
    boolean breaker,
    boolean emergencyCollection,
    Watch watch) {

  /**
   * How often the memory is looked at, and what counts as a leak.
   *
   * @param sample between two samples
   * @param log between two lines of the log, when something has moved
   * @param leakFactor growth over the window, as a share of what there was at its start
   * @param leakWindow in samples
   */
  public record Watch(Duration sample, Duration log, Percentage leakFactor, int leakWindow) {}

  private static final String WARNING = "memory.warning";
  private static final String CRITICAL = "memory.critical";

  static MemorySettings read(SettingsReader in) {
    ValueType<Percentage> share = ValueType.percentage(10, 100);
    ValueType<Optional<DataSize>> fixed = ValueType.sizeOrAuto("16MiB", "1EiB");
    MemorySettings settings =
        new MemorySettings(
            in.read(
                WARNING,
                "70%",
                share,
                "From which share of its pool on the live heap is a warning: what the collector"
                    + " could not free, not what is used."),
            in.read(
                CRITICAL,
                "80%",
                share,
                "From which share on it is critical: once a full collection has confirmed it, new"
                    + " uploads and chunks are refused with 503."),
            in.read(
                "memory.warning-live",
                "auto",
                fixed,
                "The same as a size; the lower of the two counts. auto is 1GiB where that is at"
                    + " least half of the pool."),
            in.read(
                "memory.critical-live",
                "auto",
                fixed,
                "The same as a size; the lower of the two counts. auto is 2GiB where that is at"
                    + " least half of the pool."),
            in.read(
                "memory.breaker",
                "on",
                ValueType.onOrOff(),
                "Whether new work is refused when the memory is critical."),
            in.read(
                "memory.emergency-collection",
                "on",
                ValueType.onOrOff(),
                "Whether a collection is asked for when 95% of the heap is used and nobody knows how"
                    + " much of it is live."),
            watch(in));
    in.check(settings.warning.compareTo(settings.critical) <= 0, WARNING, "at most", CRITICAL);
    return settings;
  }

  private static Watch watch(SettingsReader in) {
    return new Watch(
        in.read(
            "memory.sample",
            "10s",
            ValueType.duration("1s", "5m"),
            "How often the memory is sampled; 360 samples are kept."),
        in.read(
            "memory.log",
            "30s",
            ValueType.duration("1s", "1d"),
            "How often the log tells the memory's figures, when something has moved."),
        in.read(
            "memory.leak-growth",
            "50%",
            ValueType.percentage(10, 100),
            "Steady growth over the window, from which on a leak is suspected: 50% is to 1.5 times as"
                + " much."),
        in.read(
            "memory.leak-window",
            "60",
            ValueType.integer(12, 360),
            "The window in samples: 60 samples of 10s are ten minutes."));
  }
}
