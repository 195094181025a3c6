package dev.spillway.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * One look at everything that trouble with memory shows in. Sizes are bytes, shares go from 0 to 1.
 * What is empty was not measured on this system; it is never zero instead.
 *
 * @param disks by what they hold: {@code data} and {@code spool}; one that could not be looked at
 *     is left out
 * @param unfinishedBytes what unfinished uploads hold on the disk
 */
public record Reading(
    Instant at,
    Heap heap,
    Outside outside,
    Collecting collecting,
    OwnProcess process,
    Machine machine,
    Container container,
    Map<String, Disk> disks,
    OptionalLong unfinishedBytes) {

  /** The heap. Used and committed hold garbage, too. */
  public record Heap(long used, long committed, long max, List<Pool> pools) {}

  /**
   * A part of the heap.
   *
   * @param live what was left after the pool was last collected, which may be long ago; empty when
   *     it never was
   * @param max empty when it has none of its own
   */
  public record Pool(String name, long used, OptionalLong live, OptionalLong max) {}

  /** What the virtual machine uses beside the heap. */
  public record Outside(
      long nonHeapUsed, OptionalLong metaspaceUsed, long direct, long directLimit, long mapped) {}

  /**
   * What the collectors did.
   *
   * @param count collections since the start
   * @param time what they have stopped the program for since then
   * @param shareOfLastMinute of the last minute's time
   * @param freedInLastMinute bytes
   */
  public record Collecting(
      long count, Duration time, double shareOfLastMinute, long freedInLastMinute) {}

  /**
   * This process as the operating system sees it.
   *
   * @param resident what of it is in memory, files that it has mapped included
   * @param openFiles empty also when not even one more could be opened to count them
   * @param openFilesLimit empty also when there is none
   * @param cpuShare of all processors together
   */
  public record OwnProcess(
      OptionalLong resident,
      OptionalLong swapped,
      OptionalLong openFiles,
      OptionalLong openFilesLimit,
      int threads,
      OptionalDouble cpuShare) {}

  /**
   * The machine around it.
   *
   * @param available what programs could still get without swapping; page cache counts as available
   * @param swappedInPerSecond bytes, since the reading before; empty for the first one, and after
   *     the counter went back
   * @param swappedOutPerSecond likewise
   * @param cpuShare of all processors that the virtual machine sees: in a container, the
   *     container's
   */
  public record Machine(
      OptionalLong total,
      OptionalLong available,
      OptionalLong swapTotal,
      OptionalLong swapUsed,
      OptionalDouble swappedInPerSecond,
      OptionalDouble swappedOutPerSecond,
      OptionalDouble cpuShare) {}

  /**
   * The container's limits (control groups, version 1 or 2).
   *
   * @param limit the lowest of the own group's and those around it; empty when there is none
   * @param used by the group that has this limit, or by the own one when there is none; page cache
   *     included
   * @param workingSet what of that the kernel cannot get back easily: without inactive page cache
   * @param someStalled share of the last ten seconds that some tasks waited for memory
   * @param allStalled share of the last ten seconds that all tasks did
   * @param stallsOfMachine whether these two are the whole machine's, neighbours included; says
   *     nothing when they are empty
   */
  public record Container(
      OptionalLong limit,
      OptionalLong used,
      OptionalLong workingSet,
      OptionalDouble someStalled,
      OptionalDouble allStalled,
      boolean stallsOfMachine) {}

  /** A disk. */
  public record Disk(long total, long usable) {}
}
