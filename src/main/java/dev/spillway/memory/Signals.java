package dev.spillway.memory;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Looks at everything that trouble with memory shows in: the virtual machine, its process, the
 * machine, the container's limits, and the disks. What a system does not have, or shows in a form
 * that is not understood, is empty in the reading.
 *
 * <p>Any thread may call. It holds no resource and needs no closing. A reading opens about twenty
 * small files, reads at most 64 KiB of each, and costs well under 5 ms, beside what the volumes and
 * the count of unfinished bytes cost.
 */
public final class Signals {

  /** Looks at a disk. */
  public interface Volume {
    Reading.Disk look() throws IOException;
  }

  /**
   * What is known inside of the program.
   *
   * @param collecting what the collectors did; kept in memory, so it has no reason to fail
   * @param volumes by what they hold; one that throws is left out of the reading
   * @param unfinishedBytes may throw any {@link RuntimeException}, and is empty then
   */
  public record Sources(
      Supplier<Reading.Collecting> collecting,
      Map<String, Volume> volumes,
      Supplier<OptionalLong> unfinishedBytes) {

    public Sources {
      volumes = Collections.unmodifiableMap(new LinkedHashMap<>(volumes));
    }
  }

  private final Sources sources;
  private final Clock clock;
  private final ProcFiles files;
  private final SwapTraffic swapTraffic;
  private final ControlGroup controlGroup;
  private final VirtualMachine virtualMachine = new VirtualMachine();

  /**
   * Looks below a root.
   *
   * @param root of the system's files, {@code /}; on a system without {@code /proc} any folder
   * @param nanos a clock that only goes forward, for rates
   */
  public Signals(Path root, Sources sources, Clock clock, LongSupplier nanos) {
    this.sources = sources;
    this.clock = clock;
    this.files = new ProcFiles(root);
    this.swapTraffic = new SwapTraffic(files, nanos);
    this.controlGroup = new ControlGroup(files);
  }

  /** Looks now. It never throws because of a source: what cannot be read is empty. */
  public Reading read() {
    MemoryFigures figures = MemoryFigures.read();
    return new Reading(
        clock.instant(),
        virtualMachine.heap(figures),
        virtualMachine.outside(figures),
        sources.collecting.get(),
        process(),
        machine(),
        controlGroup.read(),
        disks(),
        unfinishedBytes());
  }

  private Reading.OwnProcess process() {
    ProcFiles.Table status = files.sizes("/proc/self/status");
    return new Reading.OwnProcess(
        status.get("VmRSS"),
        status.get("VmSwap"),
        virtualMachine.openFiles(),
        virtualMachine.openFilesLimit(),
        virtualMachine.threads(),
        virtualMachine.cpuShare());
  }

  private Reading.Machine machine() {
    ProcFiles.Table memory = files.sizes("/proc/meminfo");
    SwapTraffic.Rates swapping = swapTraffic.read();
    OptionalLong swapTotal = memory.get("SwapTotal");
    return new Reading.Machine(
        memory.get("MemTotal"),
        memory.get("MemAvailable"),
        swapTotal,
        used(swapTotal, memory.get("SwapFree")),
        swapping.in(),
        swapping.out(),
        virtualMachine.cpuShareOfAll());
  }

  private static OptionalLong used(OptionalLong total, OptionalLong free) {
    return total.isPresent() && free.isPresent() && free.getAsLong() <= total.getAsLong()
        ? OptionalLong.of(total.getAsLong() - free.getAsLong())
        : OptionalLong.empty();
  }

  private Map<String, Reading.Disk> disks() {
    Map<String, Reading.Disk> disks = new LinkedHashMap<>();
    sources.volumes.forEach(
        (name, volume) -> {
          try {
            disks.put(name, volume.look());
          } catch (IOException | RuntimeException e) {
            // What is not in the map could not be looked at; the reading's reader says so.
          }
        });
    return Collections.unmodifiableMap(disks);
  }

  private OptionalLong unfinishedBytes() {
    try {
      return sources.unfinishedBytes.get();
    } catch (RuntimeException e) {
      return OptionalLong.empty();
    }
  }
}
