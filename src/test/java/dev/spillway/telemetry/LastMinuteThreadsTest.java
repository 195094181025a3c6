package dev.spillway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Many threads record at once, and every duration is counted exactly once. */
class LastMinuteThreadsTest {

  private static final int THREADS = 8;
  private static final long MILLISECOND = 1_000_000L;

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  @AfterEach
  void stop() throws InterruptedException {
    threads.shutdownNow();
    assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void nothingIsLostWithinASlot() throws Exception {
    LastMinute durations = new LastMinute(() -> 0);

    allRecord(durations, 100_000);

    assertThat(durations.size()).isEqualTo(THREADS * 100_000);
  }

  /**
   * Each look at the clock moves it, so that the threads meet at the changes: after 20 s and 40 s.
   */
  @RepeatedTest(200)
  void nothingIsLostWhenOneSlotMakesRoomForTheNext() throws Exception {
    int each = 250;
    LastMinute durations = new LastMinute(ticking(55_000 * MILLISECOND / THREADS / each));

    allRecord(durations, each);

    assertThat(durations.size()).isEqualTo(THREADS * each);
  }

  /** Here every place is taken again and again; what is left is at most what the window held. */
  @Test
  void whatIsReadWhileOthersRecordIsNeverMoreThanAMinuteHeld() throws Exception {
    long tick = 10 * MILLISECOND;
    LastMinute durations = new LastMinute(ticking(tick));
    Future<?> recording = threads.submit(() -> recordMany(durations, 200_000));

    List<Snapshot> read = new ArrayList<>();
    do {
      read.add(durations.getSnapshot());
    } while (!recording.isDone() && read.size() < 2_000);
    recording.get(60, TimeUnit.SECONDS);

    assertThat(read)
        .allSatisfy(
            snapshot -> {
              assertThat(snapshot.size()).isLessThanOrEqualTo((int) (60_000 * MILLISECOND / tick));
              assertThat(snapshot.getMedian()).isLessThanOrEqualTo((double) snapshot.getMax());
            });
  }

  private void allRecord(LastMinute durations, int each) throws Exception {
    CyclicBarrier start = new CyclicBarrier(THREADS);
    List<Future<?>> recording = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      recording.add(
          threads.submit(
              () -> {
                start.await(30, TimeUnit.SECONDS);
                recordMany(durations, each);
                return true;
              }));
    }
    for (Future<?> thread : recording) {
      thread.get(60, TimeUnit.SECONDS);
    }
  }

  private static void recordMany(LastMinute durations, int count) {
    for (int i = 0; i < count; i++) {
      durations.update(i * 1_000L);
    }
  }

  private static LongSupplier ticking(long step) {
    AtomicLong now = new AtomicLong(-step);
    return () -> now.addAndGet(step);
  }
}
