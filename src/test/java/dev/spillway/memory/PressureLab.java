package dev.spillway.memory;

import com.sun.management.GarbageCollectionNotificationInfo;
import dev.spillway.memory.MemoryCircuitBreaker.State;
import dev.spillway.telemetry.Telemetry;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/**
 * A virtual machine of its own with a small heap, in which the real circuit breaker watches a load.
 * Prints one line of facts, {@code name=value} each.
 *
 * <p>{@code garbage SECONDS}: a steady load without a leak. {@code leak SECONDS}: keeps what it
 * allocates for ever, for so long after the breaker has opened; then frees everything and does
 * nothing until the breaker has closed.
 */
final class PressureLab {

  private static final int BLOCK = 32 << 10;
  private static final int THREADS = 2;
  private static final Duration TICK = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final int HISTORY = 2_000;
  private static final int FULL_PERCENT = 90;

  private final long began = System.nanoTime();
  private final List<String> history = new CopyOnWriteArrayList<>();
  private final long max = Runtime.getRuntime().maxMemory();
  private final AtomicLong operations = new AtomicLong();
  private final AtomicLong refusals = new AtomicLong();
  private final AtomicLong errors = new AtomicLong();
  private final AtomicLong fullest = new AtomicLong();
  private final Clocks clocks = new Clocks(Clock.systemUTC(), System::nanoTime);
  private final ScheduledExecutorService schedule = Executors.newScheduledThreadPool(2);
  private final CollectorWatch watch = new CollectorWatch(System::nanoTime);
  private final MemoryCircuitBreaker breaker;

  private PressureLab() {
    ProbeCollections probes =
        new ProbeCollections(
            watch::live, new ProbeCollections.Runner(schedule, true), clocks, Telemetry.NONE);
    breaker =
        new MemoryCircuitBreaker(
            watch::live,
            new MemoryCircuitBreaker.Rules(
                new LiveThresholds(0.7, 0.8, OptionalLong.empty(), OptionalLong.empty()), true),
            probes,
            clocks,
            Telemetry.NONE);
    watch.onCollection(breaker::look);
    rememberFullest();
  }

  public static void main(String[] arguments) throws Exception {
    PressureLab lab = new PressureLab();
    var ticks =
        lab.schedule.scheduleWithFixedDelay(
            lab.breaker::look, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    Duration time = Duration.ofSeconds(Long.parseLong(arguments[1]));
    String facts = arguments[0].equals("garbage") ? lab.garbage(time) : lab.leak(time);
    ticks.cancel(false);
    lab.schedule.shutdown();
    lab.watch.close();
    if (lab.breaker.stats().trips() > 0) {
      lab.history.forEach(System.out::println);
    }
    System.out.println("FACTS " + facts + " " + lab.common());
  }

  private void rememberFullest() {
    Set<String> heap =
        LivePool.heapPools().stream().map(pool -> pool.getName()).collect(Collectors.toSet());
    for (var bean : ManagementFactory.getGarbageCollectorMXBeans()) {
      ((NotificationEmitter) bean)
          .addNotificationListener(
              (notification, handback) -> {
                var info =
                    GarbageCollectionNotificationInfo.from(
                        (CompositeData) notification.getUserData());
                long before = 0;
                for (Map.Entry<String, MemoryUsage> part :
                    info.getGcInfo().getMemoryUsageBeforeGc().entrySet()) {
                  before += heap.contains(part.getKey()) ? part.getValue().getUsed() : 0;
                }
                fullest.accumulateAndGet(before, Math::max);
                remember(info, before, heap);
              },
              null,
              null);
    }
  }

  /** What to show when the breaker has opened; kept in memory, as a log would change the course. */
  private void remember(GarbageCollectionNotificationInfo info, long before, Set<String> heap) {
    if (history.size() < HISTORY) {
      long after = 0;
      for (Map.Entry<String, MemoryUsage> part :
          info.getGcInfo().getMemoryUsageAfterGc().entrySet()) {
        after += heap.contains(part.getKey()) ? part.getValue().getUsed() : 0;
      }
      history.add(
          String.format(
              "%d ms %s (%s) took %d ms: %d to %d MiB; %s, at most %d live, %d views",
              (System.nanoTime() - began) / 1_000_000,
              info.getGcName(),
              info.getGcCause(),
              info.getGcInfo().getDuration(),
              before >> 20,
              after >> 20,
              breaker.state(),
              watch.live().upperBytes() >> 20,
              watch.live().fullCollections()));
    }
  }

  /**
   * More than a third of the heap live, some of it renewed all the time: what is replaced has lived
   * long enough to be garbage among the old. With the virtual machine's own objects, that leaves
   * room to where the breaker opens, which with nearly half it did not.
   */
  private String garbage(Duration time) throws InterruptedException {
    byte[][] kept = new byte[(int) (max * 38 / 100 / BLOCK)][];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = new byte[BLOCK];
    }
    long end = System.nanoTime() + time.toNanos();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Thread thread = new Thread(() -> churn(kept, end));
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return "live=" + (long) kept.length * BLOCK / (max / 100);
  }

  /** Some 200 MB/s of garbage, and 50 MB/s that replace what is kept. */
  private void churn(byte[][] kept, long end) {
    while (churnsOn(end)) {
      attempt(
          () -> {
            byte[] work = new byte[BLOCK];
            for (int i = 0; i < 3; i++) {
              work = new byte[BLOCK];
            }
            kept[ThreadLocalRandom.current().nextInt(kept.length)] = work;
          });
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(1_000));
    }
  }

  /** On a busy machine it takes the longer until garbage has filled the heap. */
  private boolean churnsOn(long end) {
    long late = System.nanoTime() - end;
    return late < 0 || (fullestPercent() < FULL_PERCENT && late < PATIENCE.toNanos());
  }

  private long fullestPercent() {
    return fullest.get() / (max / 100);
  }

  private String leak(Duration time) {
    List<byte[]> kept = new ArrayList<>();
    long began = System.nanoTime();
    long openedAfter = -1;
    long openedAt = 0;
    while (goesOn(began, openedAfter, time)) {
      attempt(
          () -> {
            kept.add(new byte[BLOCK]);
            kept.add(new byte[BLOCK / 2]);
            byte[] unused = new byte[BLOCK];
            unused[0] = 1;
          });
      if (openedAfter < 0 && breaker.state() == State.OPEN) {
        openedAfter = System.nanoTime() - began;
        openedAt = bytes(kept);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
    long held = bytes(kept);
    State atEnd = breaker.state();
    kept.clear();
    return String.format(
        "openedAfterMs=%d openedAtPercent=%d heldPercent=%d atEnd=%s closedAfterMs=%d",
        openedAfter / 1_000_000, openedAt / (max / 100), held / (max / 100), atEnd, untilClosed());
  }

  /** On a busy machine it takes the longer until the heap is full. */
  private static boolean goesOn(long began, long openedAfter, Duration time) {
    long elapsed = System.nanoTime() - began;
    return openedAfter < 0 ? elapsed < PATIENCE.toNanos() : elapsed - openedAfter < time.toNanos();
  }

  private long untilClosed() {
    long began = System.nanoTime();
    while (breaker.state() != State.CLOSED && System.nanoTime() - began < PATIENCE.toNanos()) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
    return breaker.state() == State.CLOSED ? (System.nanoTime() - began) / 1_000_000 : -1;
  }

  private static long bytes(List<byte[]> kept) {
    return kept.stream().mapToLong(block -> block.length).sum();
  }

  private void attempt(Runnable operation) {
    operations.incrementAndGet();
    try {
      breaker.execute(
          "lab",
          () -> {
            operation.run();
            return true;
          });
    } catch (MemoryCritical e) {
      refusals.incrementAndGet();
      errors.addAndGet(e.getCause() == null ? 0 : 1);
    }
  }

  private String common() {
    MemoryCircuitBreaker.Stats stats = breaker.stats();
    return String.format(
        "operations=%d refusals=%d errors=%d trips=%d probes=%d fullestPercent=%d",
        operations.get(),
        refusals.get(),
        errors.get(),
        stats.trips(),
        stats.probesAsked(),
        fullestPercent());
  }
}
