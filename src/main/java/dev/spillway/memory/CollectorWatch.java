package dev.spillway.memory;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.GcInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to the virtual machine's collectors, and knows what is live on the heap and what the
 * collecting costs.
 *
 * <p>Owned and closed by the composition root: until then the virtual machine refers to this
 * object, and so to the web application's classes. Any thread may call; no call waits. What is kept
 * does not grow.
 */
public final class CollectorWatch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(CollectorWatch.class);

  private static final int SECONDS_OF_PAUSES = 10;
  private static final double MILLIS_PER_SECOND = 1_000;

  private final LivePool pool = LivePool.find();
  private final Set<String> heapPools =
      LivePool.heapPools().stream().map(MemoryPoolMXBean::getName).collect(Collectors.toSet());
  private final List<GarbageCollectorMXBean> collectors =
      ManagementFactory.getGarbageCollectorMXBeans();

  private final LiveViews views;
  private final SecondsRing pauseMillis;
  private final SecondsRing freedBytes;
  private final List<Runnable> afterwards = new CopyOnWriteArrayList<>();

  /** One object for registering and for removing: the virtual machine compares it. */
  private final NotificationListener listener = this::hear;

  /** Written by the virtual machine's one notification thread. */
  private volatile long stalls;

  private volatile boolean closed;

  public CollectorWatch(LongSupplier nanos) {
    views = new LiveViews(pool, nanos);
    pauseMillis = new SecondsRing(nanos);
    freedBytes = new SecondsRing(nanos);
    emitters().forEach(emitter -> emitter.addNotificationListener(listener, null, null));
  }

  /** Looks now; costs some microseconds. */
  public LiveHeap live() {
    Runtime runtime = Runtime.getRuntime();
    return new LiveHeap(
        pool.name(),
        views.upperBytes(),
        pool.maxBytes(),
        views.exactBytes(),
        views.exactAge(),
        views.count(),
        pauseShare(SECONDS_OF_PAUSES),
        stalls,
        runtime.totalMemory() - runtime.freeMemory(),
        runtime.maxMemory());
  }

  /** Looks now; costs some microseconds. */
  public Reading.Collecting collecting() {
    return new Reading.Collecting(
        total(GarbageCollectorMXBean::getCollectionCount, CollectorWatch::collects),
        Duration.ofMillis(total(GarbageCollectorMXBean::getCollectionTime, CollectorWatch::pauses)),
        pauseShare(SecondsRing.SECONDS),
        freedBytes.sum(SecondsRing.SECONDS));
  }

  /**
   * Runs something after each collection from now on, in the virtual machine's thread for
   * notifications: it must be short and wait for nothing. What it throws goes no further.
   */
  public void onCollection(Runnable look) {
    afterwards.add(look);
  }

  @Override
  public void close() {
    closed = true;
    for (NotificationEmitter emitter : emitters()) {
      try {
        emitter.removeNotificationListener(listener, null, null);
      } catch (ListenerNotFoundException e) {
        log.debug("A collector did not know its listener any more.", e);
      }
    }
    afterwards.clear();
  }

  private List<NotificationEmitter> emitters() {
    return collectors.stream()
        .filter(NotificationEmitter.class::isInstance)
        .map(NotificationEmitter.class::cast)
        .toList();
  }

  // An error thrown into the virtual machine's thread would be the end of what is to be heard; the
  // next look is at most a tick away.
  @SuppressWarnings("CatchingUnchecked")
  private void hear(Notification notification, @Nullable Object handback) {
    try {
      if (!closed && isCollection(notification)) {
        note(GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData()));
        afterwards.forEach(CollectorWatch::run);
      }
    } catch (Throwable e) {
      // Memory is short, most likely: then there is none for a line in the log, either.
    }
  }

  private static boolean isCollection(Notification notification) {
    return GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION.equals(
        notification.getType());
  }

  private static void run(Runnable look) {
    try {
      look.run();
    } catch (RuntimeException e) {
      log.warn("What looks after a collection has failed; the next tick looks again.", e);
    }
  }

  // Only one thread writes, so nothing is lost between reading and writing.
  @SuppressWarnings("NonAtomicVolatileUpdate")
  private void note(GarbageCollectionNotificationInfo info) {
    CollectionKind kind =
        CollectionKind.of(
            info.getGcName(), info.getGcAction(), info.getGcCause(), heapPools.size());
    GcInfo facts = info.getGcInfo();
    if (kind.pause()) {
      pauseMillis.add(facts.getDuration());
    }
    long freed = heap(facts.getMemoryUsageBeforeGc()) - heap(facts.getMemoryUsageAfterGc());
    freedBytes.add(Math.max(0, freed));
    if (kind.stall()) {
      stalls++;
    }
    views.note(kind, pool.leftBy(facts.getMemoryUsageAfterGc()));
  }

  private long heap(Map<String, MemoryUsage> usage) {
    long used = 0;
    for (Map.Entry<String, MemoryUsage> part : usage.entrySet()) {
      used += heapPools.contains(part.getKey()) ? part.getValue().getUsed() : 0;
    }
    return used;
  }

  private double pauseShare(int seconds) {
    return Math.min(1, pauseMillis.sum(seconds) / (seconds * MILLIS_PER_SECOND));
  }

  private long total(
      ToLongFunction<GarbageCollectorMXBean> figure, Predicate<GarbageCollectorMXBean> which) {
    return collectors.stream()
        .filter(which)
        .mapToLong(bean -> Math.max(0, figure.applyAsLong(bean)))
        .sum();
  }

  /** Not those that report a collection's single pauses a second time. */
  private static boolean collects(GarbageCollectorMXBean bean) {
    return !bean.getName().endsWith("Pauses") && !bean.getName().equals("G1 Concurrent GC");
  }

  private static boolean pauses(GarbageCollectorMXBean bean) {
    return !bean.getName().endsWith("Cycles");
  }
}
