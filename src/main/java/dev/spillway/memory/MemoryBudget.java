package dev.spillway.memory;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * How much memory transfers may work in beside the heap, worked out from what there really is.
 * Every step stays at 0 or above, however small the machine.
 *
 * @param machineBytes what the machine, or the container's limit, has
 * @param heapBytes the largest heap
 * @param reserveBytes left to the page cache, the JVM's own needs and other programs
 * @param directLimitBytes the JVM's limit on direct memory
 * @param buffersBytes the result
 */
public record MemoryBudget(
    OptionalLong machineBytes,
    long heapBytes,
    long reserveBytes,
    long directLimitBytes,
    long buffersBytes) {

  private static final long MIB = 1L << 20;

  /** A thousand fast transfers of 272 KiB; more do not make two cores and a disk faster. */
  private static final long MOST = 256 * MIB;

  /** A dozen fast transfers, or four hundred slow ones. */
  private static final long LEAST = 4 * MIB;

  private static final long LEAST_RESERVE = 64 * MIB;

  /**
   * Works it out: a quarter of what the heap and the reserve leave of the machine, at most half of
   * the direct memory that the JVM allows.
   *
   * @param machineBytes empty when it cannot be measured
   */
  static MemoryBudget of(OptionalLong machineBytes, long heapBytes, long directLimitBytes) {
    long ofJvm = directLimitBytes / 2;
    long reserve = 0;
    long ofMachine = MOST;
    if (machineBytes.isPresent()) {
      long machine = Math.max(0, machineBytes.getAsLong());
      reserve = Math.max(LEAST_RESERVE, machine / 4);
      ofMachine = Math.max(0, machine - Math.min(machine, heapBytes) - reserve) / 4;
    }
    long least = Math.min(LEAST, ofJvm);
    long buffers = Math.max(least, Math.min(Math.min(ofMachine, ofJvm), MOST));
    return new MemoryBudget(machineBytes, heapBytes, reserve, directLimitBytes, buffers);
  }

  /** Looks at this machine and this JVM. */
  public static MemoryBudget ofThisMachine() {
    return of(machine(), Runtime.getRuntime().maxMemory(), MemoryFigures.directLimit());
  }

  /** The JVM reads the container's limit itself, of both versions of cgroups. */
  private static OptionalLong machine() {
    var system = ManagementFactory.getOperatingSystemMXBean();
    return system instanceof com.sun.management.OperatingSystemMXBean measured
        ? OptionalLong.of(measured.getTotalMemorySize())
        : OptionalLong.empty();
  }

  /** The arithmetic, for an operator. */
  @Override
  public String toString() {
    String machine =
        machineBytes.isPresent() ? inMiB(machineBytes.getAsLong()) : "a machine not measured";
    return String.format(
        Locale.ROOT,
        "%s - heap %s - reserve %s, a quarter of it; at most half of direct memory %s; at most %s,"
            + " at least %s: %s",
        machine,
        inMiB(heapBytes),
        inMiB(reserveBytes),
        inMiB(directLimitBytes),
        inMiB(MOST),
        inMiB(Math.min(LEAST, directLimitBytes / 2)),
        inMiB(buffersBytes));
  }

  private static String inMiB(long bytes) {
    return bytes / MIB + " MiB";
  }
}
