package dev.spillway.memory;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The threads of the virtual machine at one moment. Immutable; for any thread.
 *
 * @param live how many there are, daemons included
 * @param daemons how many of those do not keep the virtual machine running
 * @param peak the most that there have been at a time
 * @param started how many there have been since the start
 * @param states how many are in each state, in the order of the states; those left out that none is
 *     in
 * @param deadlocked how many wait for each other and will for ever
 * @param busiest at most ten that have used a processor since the look before, the busiest first;
 *     empty when the virtual machine does not measure this
 * @param over the time since the look before, which the shares are of; since the start at the first
 * @param withoutVirtual whether this Java has virtual threads, which are in none of these figures
 */
public record ThreadFigures(
    int live,
    int daemons,
    int peak,
    long started,
    Map<Thread.State, Integer> states,
    int deadlocked,
    List<Busy> busiest,
    Duration over,
    boolean withoutVirtual) {

  /**
   * A thread that uses a processor.
   *
   * @param share of one processor: 1 when it has one all the time
   */
  public record Busy(String name, Thread.State state, double share) {}
}
