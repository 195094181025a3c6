package dev.spillway.operate;

import dev.spillway.telemetry.Legible;
import dev.spillway.telemetry.LogText;
import java.lang.management.LockInfo;
import java.lang.management.MonitorInfo;
import java.lang.management.ThreadInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** A thread dump in the making: text of a bounded length, deadlocks first. One thread. */
final class ThreadText {

  static final int MOST_CHARACTERS = 1 << 20;

  private final Instant at;
  private final Set<Long> deadlocked;
  private final List<String> deadlocks = new ArrayList<>();
  private final StringBuilder others = new StringBuilder();
  private int threads;
  private int leftOut;

  /**
   * @param deadlocked the ids of threads that wait for each other; null when there are none
   */
  ThreadText(Instant at, long @Nullable [] deadlocked) {
    this.at = at;
    this.deadlocked =
        deadlocked == null
            ? Set.of()
            : LongStream.of(deadlocked).boxed().collect(Collectors.toSet());
  }

  /**
   * @param thread null for one that has ended in the meantime
   */
  void add(@Nullable ThreadInfo thread) {
    if (thread == null) {
      return;
    }
    threads++;
    String text = text(thread);
    if (others.length() + text.length() > MOST_CHARACTERS / 2) {
      leftOut++;
    } else {
      others.append(text);
    }
    if (deadlocked.contains(thread.getThreadId())) {
      deadlocks.add(nameOf(thread));
    }
  }

  String finish() {
    StringBuilder text = new StringBuilder(others.length() + 1000);
    text.append("All platform threads at ").append(Legible.moment(at)).append(": ").append(threads);
    text.append(". Virtual threads are not listed.\n");
    if (!deadlocks.isEmpty()) {
      text.append("DEADLOCK of ").append(deadlocks.size()).append(" threads: ");
      text.append(String.join(", ", deadlocks.subList(0, Math.min(50, deadlocks.size()))));
      text.append('\n');
    }
    text.append('\n').append(others);
    if (leftOut > 0) {
      text.append("(").append(leftOut).append(" more threads left out: the text is long enough)\n");
    }
    return text.toString();
  }

  /** A container names threads after what they are asked for. */
  private static String nameOf(ThreadInfo thread) {
    return Wording.quoted(thread.getThreadName(), 200) + " #" + thread.getThreadId();
  }

  private static String text(ThreadInfo thread) {
    StringBuilder text = new StringBuilder(2000).append(nameOf(thread));
    text.append(thread.isDaemon() ? " daemon" : "").append(" prio=").append(thread.getPriority());
    text.append(' ').append(thread.getThreadState());
    if (thread.isInNative()) {
      text.append(" (in native code)");
    }
    if (thread.getLockName() != null) {
      text.append(" on ").append(LogText.escape(thread.getLockName()));
    }
    if (thread.getLockOwnerName() != null) {
      text.append(" held by ").append(Wording.quoted(thread.getLockOwnerName(), 200));
      text.append(" #").append(thread.getLockOwnerId());
    }
    text.append('\n');
    appendStack(text, thread);
    appendSynchronizers(text, thread.getLockedSynchronizers());
    return text.append('\n').toString();
  }

  private static void appendStack(StringBuilder text, ThreadInfo thread) {
    StackTraceElement[] stack = thread.getStackTrace();
    for (int depth = 0; depth < stack.length; depth++) {
      text.append("    at ").append(stack[depth]).append('\n');
      for (MonitorInfo monitor : thread.getLockedMonitors()) {
        if (monitor.getLockedStackDepth() == depth) {
          text.append("    - holds ").append(monitor).append('\n');
        }
      }
    }
  }

  private static void appendSynchronizers(StringBuilder text, LockInfo[] locks) {
    for (LockInfo lock : locks) {
      text.append("    - holds ").append(lock).append('\n');
    }
  }
}
