package dev.spillway.admission;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The threads of one test, for its own thread to start. Closing proves that all of them end. */
final class Callers implements AutoCloseable {

  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final List<Call<?>> calls = new ArrayList<>();

  /** Starts a call on a thread of its own. */
  <T> Call<T> call(Callable<T> task) {
    Call<T> call = new Call<>(task);
    calls.add(call);
    call.thread.start();
    return call;
  }

  /** Interrupts what still runs. */
  @Override
  public void close() {
    for (Call<?> call : calls) {
      call.interrupt();
      Eventually.holds(call.thread + " has ended", () -> !call.thread.isAlive());
    }
  }

  /** A call in progress. */
  static final class Call<T> {
    private final FutureTask<T> task;
    private final Thread thread;

    private Call(Callable<T> task) {
      this.task = new FutureTask<>(task);
      this.thread = new Thread(this.task, "caller");
      thread.setDaemon(true);
    }

    void interrupt() {
      thread.interrupt();
    }

    boolean isRunning() {
      return !task.isDone();
    }

    /** What it returned. */
    T result() throws Exception {
      try {
        return task.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        throw e.getCause() instanceof Exception cause ? cause : e;
      } catch (TimeoutException e) {
        throw new AssertionError("still running after " + DEADLINE, e);
      }
    }

    /** The refusal that it ended with. */
    AdmissionRefused refusal() throws Exception {
      try {
        T result = result();
        throw new AssertionError("not refused but " + result);
      } catch (AdmissionRefused refused) {
        return refused;
      }
    }
  }
}
