package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.telemetry.Telemetry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ForcesTest {

  private final Forces forces = new Forces(Telemetry.NONE, System::nanoTime);
  private final UploadId id = UploadId.random(new Random(1));
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() throws InterruptedException {
    threads.shutdownNow();
    assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }

  /** A file whose forces take as long as the test wants, and fail when it wants. */
  private static final class SlowFile implements UploadFile {
    private final Semaphore mayEnd = new Semaphore(0);
    private final CountDownLatch begun = new CountDownLatch(1);
    private final AtomicInteger count = new AtomicInteger();
    private volatile boolean failing;

    @Override
    public void force() throws IOException {
      count.incrementAndGet();
      begun.countDown();
      mayEnd.acquireUninterruptibly();
      if (failing) {
        throw new IOException("the disk says no");
      }
    }

    @Override
    public void write(ByteBuffer source, long position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void readFully(ByteBuffer target, long position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  private Callable<Void> force(UploadId of, UploadFile file) {
    return () -> {
      forceOnce(of, file);
      return null;
    };
  }

  private void forceOnce(UploadId of, UploadFile file) throws IOException {
    try (Forces.Share share = forces.join(of)) {
      share.force(file);
    }
  }

  /** Starts a force, and waits until so many more wait for the next one. */
  private List<Future<Void>> oneRunningAndWaiting(SlowFile file, int waiting) throws Exception {
    List<Future<Void>> all = new ArrayList<>();
    all.add(threads.submit(force(id, file)));
    assertThat(file.begun.await(10, TimeUnit.SECONDS)).isTrue();
    CountDownLatch started = new CountDownLatch(waiting);
    List<Thread> waiters = new ArrayList<>();
    for (int i = 0; i < waiting; i++) {
      all.add(
          threads.submit(
              () -> {
                synchronized (waiters) {
                  waiters.add(Thread.currentThread());
                }
                started.countDown();
                forceOnce(id, file);
                return null;
              }));
    }
    assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!waiters.stream().allMatch(t -> t.getState() == Thread.State.TIMED_WAITING)) {
      assertThat(System.nanoTime()).as("they all wait").isLessThan(deadline);
      Thread.onSpinWait();
    }
    return all;
  }

  @Test
  void thoseWhoComeWhileAForceRunsShareTheNextOne() throws Exception {
    SlowFile file = new SlowFile();
    List<Future<Void>> all = oneRunningAndWaiting(file, 16);
    file.mayEnd.release(2);
    for (Future<Void> each : all) {
      each.get(10, TimeUnit.SECONDS);
    }
    assertThat(file.count).hasValue(2);
  }

  @Test
  void nobodyReliesOnAForceThatHadBegunBefore() throws Exception {
    SlowFile file = new SlowFile();
    List<Future<Void>> all = oneRunningAndWaiting(file, 1);
    file.mayEnd.release(1);
    all.get(0).get(10, TimeUnit.SECONDS);
    assertThat(all.get(1).isDone()).isFalse();
    file.mayEnd.release(1);
    all.get(1).get(10, TimeUnit.SECONDS);
  }

  @Test
  void whenAForceFailsEverybodyWhoReliedOnItFails() throws Exception {
    SlowFile file = new SlowFile();
    List<Future<Void>> all = oneRunningAndWaiting(file, 4);
    file.mayEnd.release(1);
    all.get(0).get(10, TimeUnit.SECONDS);
    file.failing = true;
    file.mayEnd.release(1);
    for (Future<Void> each : all.subList(1, 5)) {
      assertThatThrownBy(() -> each.get(10, TimeUnit.SECONDS))
          .hasRootCauseMessage("the disk says no");
    }
    assertThat(file.count).as("forces; the failed one is not repeated").hasValue(2);
  }

  @Test
  void afterAFailureTheNextForceIsANewOne() throws Exception {
    SlowFile file = new SlowFile();
    file.failing = true;
    file.mayEnd.release(2);
    assertThatThrownBy(() -> forceOnce(id, file)).isInstanceOf(IOException.class);
    file.failing = false;
    forceOnce(id, file);
    assertThat(file.count).hasValue(2);
  }

  @Test
  void aWriterThatWasUnderWayWhenAForceFailedHasLostItsBytesToo() throws IOException {
    SlowFile file = new SlowFile();
    file.mayEnd.release(3);
    try (Forces.Share underWay = forces.join(id)) {
      file.failing = true;
      assertThatThrownBy(() -> forceOnce(id, file)).isInstanceOf(IOException.class);
      file.failing = false;
      assertThatThrownBy(() -> underWay.force(file))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("under way");
      forceOnce(id, file);
    }
  }

  @Test
  void filesDoNotWaitForEachOther() throws Exception {
    SlowFile stuck = new SlowFile();
    Future<Void> waiting = threads.submit(force(id, stuck));
    assertThat(stuck.begun.await(10, TimeUnit.SECONDS)).isTrue();
    SlowFile other = new SlowFile();
    other.mayEnd.release(1);
    forceOnce(UploadId.random(new Random(2)), other);
    stuck.mayEnd.release(1);
    waiting.get(10, TimeUnit.SECONDS);
  }
}
