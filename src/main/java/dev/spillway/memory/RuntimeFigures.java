package dev.spillway.memory;

import java.time.Duration;
import java.util.List;

/**
 * The virtual machine and what it was started with. Immutable; for any thread.
 *
 * @param arguments those of the virtual machine, secrets masked; not those of the program
 * @param processors how many it may use now
 * @param maxHeap in bytes
 */
public record RuntimeFigures(
    Machine machine,
    List<String> arguments,
    Duration uptime,
    int processors,
    long maxHeap,
    List<Collector> collectors) {

  /**
   * Which virtual machine it is.
   *
   * @param java the version of the Java platform
   */
  public record Machine(String name, String version, String vendor, String java) {}

  /**
   * A garbage collector, or a part of one.
   *
   * @param collections since the start
   * @param time that they took together; for collectors that work beside the program, not the time
   *     that it stood still
   */
  public record Collector(String name, long collections, Duration time) {}
}
