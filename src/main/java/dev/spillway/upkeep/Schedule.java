package dev.spillway.upkeep;

import dev.spillway.telemetry.Telemetry;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's only scheduled thread. A task that throws is logged and metered, and runs again at
 * its next time.
 *
 * <p>Owned and closed by the composition root; closing waits a bounded time for the task that is
 * running. Tasks are short: they take turns.
 */
public final class Schedule implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Schedule.class);

  private static final long STOP_SECONDS = 10;

  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(Schedule::thread);
  private final Telemetry telemetry;

  public Schedule(Telemetry telemetry) {
    this.telemetry = telemetry;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "spillway-upkeep");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Runs a task again and again, for the first time after one period.
   *
   * @param name in lower case with hyphens, for the log and the label of the meter {@code
   *     upkeep.failures}
   * @param pause between the end of a run and the start of the next
   */
  @SuppressWarnings("FutureReturnValueIgnored") // run() lets nothing through
  public void every(String name, Duration pause, Runnable task) {
    Telemetry.Counter failures =
        telemetry
            .labelled("task", name)
            .counter("upkeep.failures", "Runs of a scheduled task that failed.");
    executor.scheduleWithFixedDelay(
        () -> run(name, task, failures), pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  // An error must not end the schedule: without it, nothing is ever cleaned up again.
  @SuppressWarnings("CatchingUnchecked")
  private static void run(String name, Runnable task, Telemetry.Counter failures) {
    try {
      task.run();
    } catch (Throwable e) {
      failures.add(1);
      log.error("{} failed; it runs again at its next time", name, e);
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
