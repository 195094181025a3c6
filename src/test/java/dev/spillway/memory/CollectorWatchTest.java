package dev.spillway.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.telemetry.CapturedLog;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** With the collectors of this virtual machine; what they collect is not this test's alone. */
class CollectorWatchTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final CollectorWatch watch = new CollectorWatch(System::nanoTime);

  @AfterEach
  void close() {
    watch.close();
  }

  @Test
  void aFullCollectionIsSeen() {
    System.gc();

    await(() -> watch.live().fullCollections() > 0);
  }

  @Test
  void afterAFullCollectionTheLiveDataIsKnown() {
    byte[] kept = new byte[20 << 20];
    collect();

    assertThat(watch.live().exactBytes().orElseThrow())
        .isGreaterThanOrEqualTo(kept.length)
        .isLessThanOrEqualTo(watch.live().maxBytes());
  }

  @Test
  void whatMayBeLiveIsNotMoreThanThePoolHolds() {
    collect();

    assertThat(watch.live().upperBytes()).isPositive().isLessThanOrEqualTo(watch.live().maxBytes());
  }

  @Test
  void whatWasFreedIsCounted() {
    long before = watch.collecting().freedInLastMinute();
    WeakReference<byte[]> garbage = new WeakReference<>(new byte[20 << 20]);

    await(
        () -> {
          System.gc();
          return garbage.get() == null && watch.collecting().freedInLastMinute() > before;
        });
  }

  @Test
  void collectionsAreCounted() {
    long before = watch.collecting().count();

    collect();

    assertThat(watch.collecting().count()).isGreaterThan(before);
  }

  @Test
  void pausesAreAShare() {
    collect();

    assertThat(watch.live().pauseShare()).isBetween(0.0, 1.0);
  }

  @Test
  void aLookFollowsACollection() {
    AtomicInteger looks = new AtomicInteger();
    watch.onCollection(looks::incrementAndGet);

    System.gc();

    await(() -> looks.get() > 0);
  }

  @Test
  void aLookThatFailsStopsNoOther() {
    AtomicInteger looks = new AtomicInteger();
    watch.onCollection(
        () -> {
          throw new IllegalStateException("test");
        });
    watch.onCollection(looks::incrementAndGet);

    try (CapturedLog log = new CapturedLog(CollectorWatch.class)) {
      System.gc();
      await(() -> looks.get() > 0);
    } finally {
      watch.close();
    }
  }

  @Test
  void anErrorInALookDoesNotEndTheListening() {
    AtomicInteger looks = new AtomicInteger();
    watch.onCollection(
        () -> {
          looks.incrementAndGet();
          throw new OutOfMemoryError("test");
        });

    await(
        () -> {
          System.gc();
          return looks.get() > 1;
        });
  }

  /** Another watch shows that the virtual machine has told of the collection. */
  @Test
  void afterCloseNothingIsCalledAnyMore() {
    AtomicInteger looks = new AtomicInteger();
    watch.onCollection(looks::incrementAndGet);
    watch.close();
    letBeTold();
    int before = looks.get();

    collectUnderAnotherWatch();

    assertThat(looks).hasValue(before);
  }

  @Test
  void afterCloseNothingIsKnownAnyMore() {
    watch.close();
    letBeTold();
    long before = watch.live().fullCollections();

    collectUnderAnotherWatch();

    assertThat(watch.live().fullCollections()).isEqualTo(before);
  }

  /** Otherwise an undeployed application's classes would stay. */
  @Test
  void afterCloseTheVirtualMachineDoesNotReferToIt() {
    WeakReference<CollectorWatch> closed = closedWatch();

    await(
        () -> {
          System.gc();
          return closed.get() == null;
        });
  }

  @Test
  void closingTwiceIsNoError() {
    watch.close();
    watch.close();

    assertThat(ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class)).isNotEmpty();
  }

  private static WeakReference<CollectorWatch> closedWatch() {
    CollectorWatch watch = new CollectorWatch(System::nanoTime);
    watch.onCollection(() -> {});
    watch.close();
    return new WeakReference<>(watch);
  }

  private void collect() {
    long before = watch.live().fullCollections();
    System.gc();
    await(() -> watch.live().fullCollections() > before);
  }

  /**
   * One thread of the virtual machine tells all watches, one collection after the other: what it
   * was telling when a watch was closed, it has told when it tells of a later one.
   */
  private static void letBeTold() {
    collectUnderAnotherWatch();
  }

  private static void collectUnderAnotherWatch() {
    try (CollectorWatch other = new CollectorWatch(System::nanoTime)) {
      System.gc();
      await(() -> other.live().fullCollections() > 0);
    }
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("not within %s", PATIENCE).isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }
}
