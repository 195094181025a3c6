package dev.spillway.upload;

import dev.spillway.telemetry.Telemetry;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The requests that wait for their uploads to be published. Each holds a thread, so there are few
 * places, and whoever finds none is answered at once. Any thread may call.
 */
final class PublishWaits {

  /**
   * Of the 200 threads that a container has by default, 160 may receive chunks, and some may read
   * published files ({@link PublishedReads}); besides these, some have to be left for the container
   * and for all the rest, such as health checks.
   */
  static final int PLACES = 16;

  /** How often a wait looks for itself: another server may have published the file. */
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Semaphore places = new Semaphore(PLACES);
  private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();
  private final BooleanSupplier isStopping;
  private final Telemetry.Counter refused;

  /** One that waits: two of them are never equal. */
  private record Waiter(UploadId id, CountDownLatch ended) {}

  /**
   * @param isStopping whether nobody is to wait any more
   */
  PublishWaits(BooleanSupplier isStopping, Telemetry telemetry) {
    this.isStopping = isStopping;
    this.refused =
        telemetry.bound(
            "publish-waits",
            () -> Telemetry.Occupancy.of(PLACES - places.availablePermits(), PLACES));
  }

  /**
   * Waits.
   *
   * @param look what is waited for; empty until it is so
   */
  Optional<Upload> await(UploadId id, Duration most, Supplier<Optional<Upload>> look) {
    if (!places.tryAcquire()) {
      refused.add(1);
      return Optional.empty();
    }
    Waiter waiter = new Waiter(id, new CountDownLatch(1));
    // Before the first look: what ends after it is told.
    waiters.add(waiter);
    try {
      return await(waiter.ended(), most, look);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      waiters.remove(waiter);
      places.release();
    }
  }

  private Optional<Upload> await(
      CountDownLatch ended, Duration most, Supplier<Optional<Upload>> look)
      throws InterruptedException {
    Optional<Upload> found = look.get();
    long left = most.toNanos();
    while (found.isEmpty() && left > 0 && !isStopping.getAsBoolean()) {
      long step = Math.min(left, LOOK_NANOS);
      if (ended.await(step, TimeUnit.NANOSECONDS)) {
        return look.get();
      }
      left -= step;
      found = look.get();
    }
    return found;
  }

  /** An upload is not on its way any more. */
  void ended(UploadId id) {
    waiters.stream()
        .filter(waiter -> waiter.id().equals(id))
        .forEach(waiter -> waiter.ended().countDown());
  }
}
