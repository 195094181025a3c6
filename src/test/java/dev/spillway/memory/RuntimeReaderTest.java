package dev.spillway.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On the virtual machine of the test. */
@Timeout(60)
class RuntimeReaderTest {

  private static final long BUSY_NANOS = 50_000_000;

  private final AtomicLong nanos = new AtomicLong(System.nanoTime());
  private final RuntimeReader reader = new RuntimeReader(nanos::get);

  @Test
  void everyThreadIsInAState() {
    ThreadFigures figures = reader.threads();

    int inStates = figures.states().values().stream().mapToInt(Integer::intValue).sum();
    assertThat(inStates).isBetween(1, figures.live());
    assertThat(figures.states()).containsKey(Thread.State.RUNNABLE);
  }

  @Test
  void daemonsAreSomeOfTheThreadsAndPeakIsTheMost() {
    ThreadFigures figures = reader.threads();

    assertThat(figures.daemons()).isLessThanOrEqualTo(figures.live());
    assertThat(figures.peak()).isGreaterThanOrEqualTo(figures.daemons());
    assertThat(figures.started()).isGreaterThanOrEqualTo(figures.live());
  }

  @Test
  void whoAsksWithinTwoSecondsGetsTheSameFigures() {
    ThreadFigures first = reader.threads();

    pass(Duration.ofMillis(1_999));

    assertThat(reader.threads()).isSameAs(first);
  }

  @Test
  void afterTwoSecondsThereIsANewLook() {
    ThreadFigures first = reader.threads();

    pass(Duration.ofSeconds(2));

    assertThat(reader.threads()).isNotSameAs(first);
  }

  @Test
  void theBusiestThreadsAreKnownByNameAndShare() throws InterruptedException {
    AtomicBoolean ended = new AtomicBoolean();
    Thread busy = new Thread(() -> spin(ended), "a busy one");
    reader.threads();
    busy.start();
    try {
      while (ManagementFactory.getThreadMXBean().getThreadCpuTime(busy.getId()) < BUSY_NANOS) {
        Thread.onSpinWait();
      }
      pass(Duration.ofSeconds(2));
      ThreadFigures figures = reader.threads();

      assertThat(figures.over()).isEqualTo(Duration.ofSeconds(2));
      assertThat(figures.busiest())
          .hasSizeLessThanOrEqualTo(10)
          .anySatisfy(
              each -> {
                assertThat(each.name()).isEqualTo("a busy one");
                assertThat(each.share()).isGreaterThanOrEqualTo(0.025);
              });
    } finally {
      ended.set(true);
      busy.join();
    }
  }

  @Test
  void threadsThatWaitForEachOtherAreCounted() throws InterruptedException {
    ReentrantLock one = new ReentrantLock();
    ReentrantLock other = new ReentrantLock();
    CountDownLatch bothHold = new CountDownLatch(2);
    Thread first = new Thread(() -> take(one, other, bothHold), "deadlock 1");
    Thread second = new Thread(() -> take(other, one, bothHold), "deadlock 2");
    first.start();
    second.start();
    try {
      while (reader.threads().deadlocked() < 2) {
        pass(Duration.ofSeconds(2));
      }
    } finally {
      first.interrupt();
      second.interrupt();
      first.join();
      second.join();
    }
    pass(Duration.ofSeconds(2));
    assertThat(reader.threads().deadlocked()).isZero();
  }

  @Test
  void theVirtualMachineIsKnown() {
    RuntimeFigures figures = reader.runtime();

    assertThat(figures.machine().java()).startsWith(Integer.toString(Runtime.version().feature()));
    assertThat(figures.maxHeap()).isEqualTo(Runtime.getRuntime().maxMemory());
    assertThat(figures.processors()).isPositive();
    assertThat(figures.uptime()).isPositive();
  }

  @Test
  void collectorsAreCountedByName() {
    assertThat(reader.runtime().collectors())
        .isNotEmpty()
        .allSatisfy(collector -> assertThat(collector.name()).isNotBlank());
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private static void spin(AtomicBoolean ended) {
    while (!ended.get()) {
      Thread.onSpinWait();
    }
  }

  private static void take(ReentrantLock first, ReentrantLock second, CountDownLatch bothHold) {
    first.lock();
    try {
      bothHold.countDown();
      bothHold.await();
      second.lockInterruptibly();
      second.unlock();
    } catch (InterruptedException e) {
      // The way out of the deadlock.
    } finally {
      first.unlock();
    }
  }
}
