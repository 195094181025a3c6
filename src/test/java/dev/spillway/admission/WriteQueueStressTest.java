package dev.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.admission.Callers.Call;
import dev.spillway.telemetry.Telemetry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many threads, few permits: every attempt ends as a write or as a refusal, and permits come back.
 */
@Timeout(120)
class WriteQueueStressTest {

  private static final int THREADS = 12;
  private static final int ATTEMPTS = 4_000;
  private static final int PERMITS = 3;

  private final CyclicBarrier start = new CyclicBarrier(THREADS);
  private final AtomicInteger started = new AtomicInteger();
  private final AtomicInteger writing = new AtomicInteger();
  private final AtomicInteger written = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  @Test
  void nobodyIsRefusedWhenThereIsRoomAndTimeToWait() throws Exception {
    try (WriteQueue queue = queue(THREADS, Duration.ofSeconds(30));
        Callers callers = new Callers()) {
      for (Call<?> writer : startWriters(queue, callers)) {
        writer.result();
      }

      assertThat(written).hasValue(THREADS * ATTEMPTS);
      assertThat(queue.stats()).isEqualTo(new WriteQueue.Stats(PERMITS, 0, 0, Duration.ZERO));
    }
  }

  @Test
  void refusalsAndInterruptionsLoseNoPermit() throws Exception {
    try (WriteQueue queue = queue(THREADS / 2, Duration.ofNanos(20_000));
        Callers callers = new Callers()) {
      List<Call<Boolean>> writers = startWriters(queue, callers);
      Eventually.holds("all have started", () -> started.get() == THREADS);
      while (writers.stream().anyMatch(Call::isRunning)) {
        writers.forEach(Call::interrupt);
        Thread.onSpinWait();
      }
      for (Call<Boolean> writer : writers) {
        writer.result();
      }

      assertThat(written.get() + refused.get()).isEqualTo(THREADS * ATTEMPTS);
      assertThat(queue.stats()).isEqualTo(new WriteQueue.Stats(PERMITS, 0, 0, Duration.ZERO));
    }
  }

  @Test
  void closeInTheMiddleEndsEverybodyAndLosesNoPermit() throws Exception {
    WriteQueue queue = queue(THREADS, Duration.ofSeconds(30));
    try (Callers callers = new Callers()) {
      List<Call<Boolean>> writers = startWriters(queue, callers);
      Eventually.holds("writes are happening", () -> written.get() > THREADS);

      queue.close();

      for (Call<Boolean> writer : writers) {
        writer.result();
      }
      assertThat(written.get() + refused.get()).isEqualTo(THREADS * ATTEMPTS);
      assertThat(queue.stats()).isEqualTo(new WriteQueue.Stats(PERMITS, 0, 0, Duration.ZERO));
    }
  }

  private List<Call<Boolean>> startWriters(WriteQueue queue, Callers callers) {
    List<Call<Boolean>> writers = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      writers.add(
          callers.call(
              () -> {
                start.await(30, TimeUnit.SECONDS);
                started.incrementAndGet();
                for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                  write(queue);
                }
                return true;
              }));
    }
    return writers;
  }

  private void write(WriteQueue queue) {
    try {
      WriteQueue.Permit permit = queue.acquire();
      try {
        if (writing.incrementAndGet() > PERMITS) {
          throw new AssertionError("more writes at once than permits");
        }
        // Gives the others time to ask.
        LockSupport.parkNanos(1_000);
        writing.decrementAndGet();
        written.incrementAndGet();
      } finally {
        permit.close();
      }
    } catch (AdmissionRefused e) {
      refused.incrementAndGet();
      // The flag is cleared, or every later wait would end at once.
      Thread.interrupted();
    }
  }

  private static WriteQueue queue(int maxWaiting, Duration maxWait) {
    return new WriteQueue(
        new WriteQueue.Bounds(PERMITS, maxWaiting, maxWait), Telemetry.NONE, System::nanoTime);
  }
}
