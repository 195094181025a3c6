package dev.spillway.dashboard;

import dev.spillway.memory.ThreadFigures;
import dev.spillway.telemetry.Legible;
import java.util.ArrayList;
import java.util.List;

/**
 * The threads at one moment, without their stacks, in words. Immutable.
 *
 * @param summary how many there are, and in which states
 * @param over which time the busiest ones were watched
 * @param busiest those that use the processor most
 */
record ThreadTable(String summary, String over, List<Busy> busiest) {

  private static final int LONGEST = 80;

  /** A thread with the share of one processor that it uses. */
  record Busy(String name, String state, String share) {}

  static ThreadTable of(ThreadFigures now) {
    List<String> parts = new ArrayList<>();
    parts.add(Legible.counted(now.live(), "thread"));
    now.states().forEach((state, count) -> parts.add(Legible.count(count) + " " + words(state)));
    parts.add(now.deadlocked() == 0 ? "none deadlocked" : now.deadlocked() + " DEADLOCKED");
    parts.add(Legible.count(now.peak()) + " at most so far");
    return new ThreadTable(
        String.join(", ", parts)
            + (now.withoutVirtual() ? ". Virtual threads are not counted." : "."),
        Legible.duration(now.over()),
        now.busiest().stream()
            .map(
                thread ->
                    new Busy(
                        Printable.text(thread.name(), LONGEST),
                        words(thread.state()),
                        Legible.percent(thread.share())))
            .toList());
  }

  private static String words(Thread.State state) {
    return switch (state) {
      case NEW -> "new";
      case RUNNABLE -> "running or ready";
      case BLOCKED -> "blocked by a lock";
      case WAITING -> "waiting";
      case TIMED_WAITING -> "waiting for a time";
      case TERMINATED -> "ended";
    };
  }
}
