package dev.spillway.memory;

import com.sun.management.ThreadMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.lang.management.ThreadInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the virtual machine for an operator. Nothing runs between two looks. Whoever shows the
 * figures owns it; any thread may call.
 *
 * <p>A look at 2,400 threads takes 10 to 30 milliseconds, of which the others stand still for some
 * (measured on two busy processors), so all who ask within two seconds share one.
 */
public final class RuntimeReader {

  private static final long RECENT_NANOS = Duration.ofSeconds(2).toNanos();
  private static final int BUSIEST = 10;

  /** Threads beyond these are counted, and no more. */
  private static final int MOST_LOOKED_AT = 10_000;

  private static final int FIRST_JAVA_WITH_VIRTUAL_THREADS = 21;

  private final java.lang.management.ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final List<GarbageCollectorMXBean> collectors =
      ManagementFactory.getGarbageCollectorMXBeans();
  private final RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
  private final LongSupplier nanoTime;
  private final CpuShares shares;
  private final RuntimeFigures.Machine machine;
  private final List<String> arguments;

  // Guarded by this.
  private long lookedAt;
  private @Nullable ThreadFigures latest;

  /**
   * @param nanoTime a clock that never goes back
   */
  public RuntimeReader(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    shares = new CpuShares(nanoTime.getAsLong() - Duration.ofMillis(runtime.getUptime()).toNanos());
    machine =
        new RuntimeFigures.Machine(
            runtime.getVmName(),
            runtime.getVmVersion(),
            runtime.getVmVendor(),
            Runtime.version().toString());
    arguments = MaskedArguments.of(runtime.getInputArguments());
  }

  /** The virtual machine now; costs microseconds. */
  public RuntimeFigures runtime() {
    return new RuntimeFigures(
        machine,
        arguments,
        Duration.ofMillis(runtime.getUptime()),
        Runtime.getRuntime().availableProcessors(),
        Runtime.getRuntime().maxMemory(),
        collectors.stream().map(RuntimeReader::collector).toList());
  }

  private static RuntimeFigures.Collector collector(GarbageCollectorMXBean bean) {
    // Both are -1 where they are not measured.
    return new RuntimeFigures.Collector(
        bean.getName(),
        Math.max(0, bean.getCollectionCount()),
        Duration.ofMillis(Math.max(0, bean.getCollectionTime())));
  }

  /** The threads now, or up to two seconds ago. */
  public synchronized ThreadFigures threads() {
    long now = nanoTime.getAsLong();
    ThreadFigures last = latest;
    if (last != null && now - lookedAt < RECENT_NANOS) {
      return last;
    }
    ThreadFigures figures = look(now);
    lookedAt = now;
    latest = figures;
    return figures;
  }

  private ThreadFigures look(long now) {
    long[] all = threads.getAllThreadIds();
    long[] ids = Arrays.copyOf(all, Math.min(all.length, MOST_LOOKED_AT));
    // Without their stacks: those would cost a hundred times as much.
    @Nullable ThreadInfo[] infos = threads.getThreadInfo(ids, 0);
    Duration over = shares.since(now);
    List<CpuShares.Used> used = shares.busiest(ids, cpuNanos(ids), now);
    long[] deadlocked = threads.findDeadlockedThreads();
    return new ThreadFigures(
        all.length,
        threads.getDaemonThreadCount(),
        threads.getPeakThreadCount(),
        threads.getTotalStartedThreadCount(),
        states(infos),
        deadlocked == null ? 0 : deadlocked.length,
        busiest(used, infos),
        over,
        Runtime.version().feature() >= FIRST_JAVA_WITH_VIRTUAL_THREADS);
  }

  /** One call for all of them where there is one; not measured is -1. */
  private long[] cpuNanos(long[] ids) {
    if (!threads.isThreadCpuTimeSupported() || !threads.isThreadCpuTimeEnabled()) {
      return new long[0];
    }
    return threads instanceof ThreadMXBean bulk
        ? bulk.getThreadCpuTime(ids)
        : Arrays.stream(ids).map(threads::getThreadCpuTime).toArray();
  }

  private static Map<Thread.State, Integer> states(@Nullable ThreadInfo[] infos) {
    Map<Thread.State, Integer> states = new EnumMap<>(Thread.State.class);
    for (ThreadInfo info : infos) {
      if (info != null) {
        states.merge(info.getThreadState(), 1, Integer::sum);
      }
    }
    return Collections.unmodifiableMap(states);
  }

  private static List<ThreadFigures.Busy> busiest(
      List<CpuShares.Used> used, @Nullable ThreadInfo[] infos) {
    List<ThreadFigures.Busy> busiest = new ArrayList<>();
    for (CpuShares.Used each : used) {
      ThreadInfo info = infos[each.index()];
      if (info != null && busiest.size() < BUSIEST) {
        busiest.add(
            new ThreadFigures.Busy(info.getThreadName(), info.getThreadState(), each.share()));
      }
    }
    return List.copyOf(busiest);
  }
}
