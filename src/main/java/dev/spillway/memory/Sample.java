package dev.spillway.memory;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What the monitor looked at once. As numbers, what was not measured is not a number.
 *
 * @param leased bytes of buffers that are on loan; empty when nobody counts them
 */
record Sample(Reading reading, LiveHeap live, OptionalLong leased) {

  /** No heap holds nothing: before the first collection its live data is not known. */
  double liveBytes() {
    return live.upperBytes() > 0 ? live.upperBytes() : Double.NaN;
  }

  /** Below zero, the virtual machine says that there is none. */
  double heapMax() {
    return reading.heap().max() < 0 ? Double.NaN : reading.heap().max();
  }

  Optional<Reading.Pool> pool(String name) {
    return reading.heap().pools().stream().filter(pool -> pool.name().equals(name)).findFirst();
  }

  Optional<Reading.Disk> disk(String name) {
    return Optional.ofNullable(reading.disks().get(name));
  }

  static double number(OptionalLong measured) {
    return measured.isPresent() ? measured.getAsLong() : Double.NaN;
  }

  static double number(OptionalDouble measured) {
    return measured.orElse(Double.NaN);
  }

  static OptionalDouble measured(double number) {
    return Double.isNaN(number) ? OptionalDouble.empty() : OptionalDouble.of(number);
  }
}
