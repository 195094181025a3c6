package dev.spillway.upkeep;

import dev.spillway.telemetry.Telemetry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's only scheduled executor. A task that throws is logged and metered, and runs again at
 * its next time; a task never runs beside itself.
 *
 * <p>It has a thread for each of the four tasks that may take long (cleaning up, sweeping, a
 * collection of the heap, asking the catalogue and the disk how they are) and one more, so that the
 * short ones, which guard the server, never wait behind them.
 *
 * <p>Owned and closed by the composition root; closing waits a bounded time for tasks that are
 * running, without interrupting them. Any thread may call.
 */
public final class Schedule implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Schedule.class);

  private static final int THREADS = 5;
  private static final long STOP_SECONDS = 10;
  private static final double NANOS_PER_SECOND = 1e9;

  /** A task may take so long beside its pauses. */
  private static final Duration LATE = Duration.ofMinutes(1);

  private final ScheduledThreadPoolExecutor executor;
  private final Map<String, Planned> tasks = new ConcurrentHashMap<>();
  private final Telemetry telemetry;
  private final LongSupplier nanoTime;

  /**
   * @param nanoTime a clock that never goes back
   */
  public Schedule(Telemetry telemetry, LongSupplier nanoTime) {
    this.telemetry = telemetry;
    this.nanoTime = nanoTime;
    this.executor = new ScheduledThreadPoolExecutor(THREADS, threads());
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  private static ThreadFactory threads() {
    AtomicInteger number = new AtomicInteger();
    return work -> {
      Thread thread = new Thread(work, "spillway-upkeep-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * Runs a task again and again, for the first time after one pause.
   *
   * @param name in lower case with hyphens, for the log and the label of the meters
   * @param pause between the end of a run and the start of the next
   */
  public void every(String name, Duration pause, Runnable work) {
    Task task = new Task(name, work);
    long nanos = pause.toNanos();
    tasks.put(
        name,
        new Planned(
            task,
            pause,
            executor.scheduleWithFixedDelay(task, nanos, nanos, TimeUnit.NANOSECONDS)));
  }

  /** A task and when it comes next. */
  private record Planned(Task task, Duration pause, ScheduledFuture<?> next) {

    private boolean isOverdue(long now) {
      long late = pause.multipliedBy(2).plus(LATE).toNanos();
      return now - task.endedWell.get() > late;
    }
  }

  /** The tasks that have not ended well for two pauses and a minute, by their names. */
  public List<String> overdue() {
    long now = nanoTime.getAsLong();
    return tasks.entrySet().stream()
        .filter(task -> task.getValue().isOverdue(now))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** In what time a task runs again; empty when there is none of that name, or it is running. */
  public Optional<Duration> dueIn(String name) {
    return Optional.ofNullable(tasks.get(name))
        .map(planned -> planned.next().getDelay(TimeUnit.NANOSECONDS))
        .filter(nanos -> nanos >= 0)
        .map(Duration::ofNanos);
  }

  /**
   * Runs what somebody hands it once, as soon as a thread is free. After the end of the schedule it
   * refuses with a {@link RejectedExecutionException}.
   *
   * @param name as of {@link #every}
   */
  public Executor once(String name) {
    Telemetry.Counter failures = failures(name);
    return work -> executor.execute(() -> run(name, work, failures));
  }

  private Telemetry.Counter failures(String name) {
    return telemetry
        .labelled("task", name)
        .counter("upkeep.failures", "Runs of a scheduled task that failed.");
  }

  /** Whether it ended well. An error must not end the schedule: nothing would be cleaned up. */
  @SuppressWarnings("CatchingUnchecked")
  private static boolean run(String name, Runnable work, Telemetry.Counter failures) {
    try {
      work.run();
      return true;
    } catch (Throwable e) {
      failures.add(1);
      log.error("{} failed; it runs again at its next time", name, e);
      return false;
    }
  }

  /** A task with its meters. */
  private final class Task implements Runnable {

    private final String name;
    private final Runnable work;
    private final Telemetry.Counter failures;
    private final AtomicLong endedWell = new AtomicLong(nanoTime.getAsLong());

    private Task(String name, Runnable work) {
      this.name = name;
      this.work = work;
      this.failures = failures(name);
      telemetry
          .labelled("task", name)
          .measure(
              "upkeep.age.seconds",
              "How long ago a scheduled task last ended well.",
              () -> OptionalDouble.of((nanoTime.getAsLong() - endedWell.get()) / NANOS_PER_SECOND));
    }

    @Override
    public void run() {
      if (Schedule.run(name, work, failures)) {
        endedWell.set(nanoTime.getAsLong());
      }
    }
  }

  @Override
  public void close() {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        log.warn("a task of the upkeep does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
