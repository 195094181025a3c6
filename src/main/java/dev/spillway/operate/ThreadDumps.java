package dev.spillway.operate;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Takes thread dumps and keeps the last ones. One is taken at a time; any thread may call. */
final class ThreadDumps {

  static final int KEPT = 3;

  /** Deeper stacks are endless recursions. */
  private static final int DEPTH = 200;

  private final Clock clock;
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Deque<ThreadDump> kept = new ArrayDeque<>();
  private int last;

  ThreadDumps(Clock clock) {
    this.clock = clock;
  }

  synchronized ThreadDump take() {
    Instant at = clock.instant();
    ThreadText text = new ThreadText(at, threads.findDeadlockedThreads());
    for (var thread : threads.dumpAllThreads(true, true, DEPTH)) {
      text.add(thread);
    }
    last++;
    ThreadDump dump = new ThreadDump(last, at, text.finish());
    kept.addFirst(dump);
    if (kept.size() > KEPT) {
      kept.removeLast();
    }
    return dump;
  }

  /** Newest first. */
  synchronized List<ThreadDump> list() {
    return List.copyOf(kept);
  }

  synchronized Optional<ThreadDump> find(int number) {
    return kept.stream().filter(dump -> dump.number() == number).findFirst();
  }
}
