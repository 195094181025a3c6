package dev.spillway.memory;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The course of one probe: asked for by one thread, run by another, looked at by any.
 *
 * @see ProbeCollections
 */
final class ProbeRun implements Runnable {

  private enum Stage {
    WAITING,
    RUNNING,
    RETURNED,
    WITHDRAWN
  }

  /** What was seen around the collection. */
  record Outcome(LiveHeap before, LiveHeap after, Duration took, long returnedAt) {}

  private final String reason;
  private final boolean usualPause;
  private final Supplier<LiveHeap> heap;
  private final Runnable collection;
  private final LongSupplier nanos;
  private final long askedAt;

  private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.WAITING);
  private volatile @Nullable Outcome outcome;

  /**
   * @param usualPause whether the asker has kept the usual pause, not one of its own
   */
  ProbeRun(
      String reason,
      boolean usualPause,
      Supplier<LiveHeap> heap,
      Runnable collection,
      LongSupplier nanos) {
    this.reason = reason;
    this.usualPause = usualPause;
    this.heap = heap;
    this.collection = collection;
    this.nanos = nanos;
    askedAt = nanos.getAsLong();
  }

  @Override
  public void run() {
    if (!stage.compareAndSet(Stage.WAITING, Stage.RUNNING)) {
      return;
    }
    try {
      LiveHeap before = heap.get();
      long began = nanos.getAsLong();
      collection.run();
      long ended = nanos.getAsLong();
      outcome = new Outcome(before, heap.get(), Duration.ofNanos(ended - began), ended);
    } finally {
      stage.set(Stage.RETURNED);
    }
  }

  String reason() {
    return reason;
  }

  boolean usualPause() {
    return usualPause;
  }

  /** Null until it has run, and when it has failed. */
  @Nullable Outcome outcome() {
    return outcome;
  }

  boolean returned() {
    return stage.get() == Stage.RETURNED;
  }

  /** Gives it up when it has not begun within that time; it will not run then. */
  boolean withdrawnAfter(Duration patience) {
    return nanos.getAsLong() - askedAt > patience.toNanos()
        && stage.compareAndSet(Stage.WAITING, Stage.WITHDRAWN);
  }
}
