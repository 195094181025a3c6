package dev.spillway.telemetry;

import dev.spillway.telemetry.Telemetry.Occupancy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers for a second how full a bounded resource is, or that this could not be found out: its
 * meters ask one after the other, and a look may cost a query that runs into its timeout. Of those
 * who ask at the same time one looks, and the others wait for it for a bounded time.
 *
 * <p>Owned by the telemetry; any thread may call.
 */
final class RecentOccupancy implements Supplier<Occupancy> {

  private static final long RECENT_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long PATIENCE_MILLIS = 2_000;

  private final String name;
  private final Supplier<Occupancy> look;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Found found;

  /** What a look came to: one of the two. */
  private record Found(
      @Nullable Occupancy occupancy, @Nullable RuntimeException failure, long at) {}

  /**
   * @param name the bound's, for the texts of failures
   */
  RecentOccupancy(String name, Supplier<Occupancy> look, LongSupplier nanoTime) {
    this.name = name;
    this.look = look;
    this.nanoTime = nanoTime;
  }

  /**
   * How full it was within the last second.
   *
   * @throws RuntimeException when that could not be found out
   */
  @Override
  public Occupancy get() {
    Found last = found;
    return answer(last != null && isRecent(last) ? last : lookOrWait());
  }

  private static Occupancy answer(Found found) {
    if (found.occupancy() != null) {
      return found.occupancy();
    }
    // A new one each time: threads share what is remembered, and each adds to what it catches.
    throw new IllegalStateException("The bound was not read", found.failure());
  }

  private Found lookOrWait() {
    try {
      if (!lock.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
        // Remembered too, or else each meter of the bound would wait as long once more.
        return remember(null, new IllegalStateException("No answer yet about bound " + name));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for the bound " + name, e);
    }
    try {
      Found last = found;
      return last != null && isRecent(last) ? last : lookNow();
    } finally {
      lock.unlock();
    }
  }

  private Found lookNow() {
    try {
      return remember(look.get(), null);
    } catch (RuntimeException e) {
      return remember(null, e);
    }
  }

  private Found remember(@Nullable Occupancy occupancy, @Nullable RuntimeException failure) {
    Found now = new Found(occupancy, failure, nanoTime.getAsLong());
    found = now;
    return now;
  }

  private boolean isRecent(Found last) {
    return nanoTime.getAsLong() - last.at() < RECENT_NANOS;
  }
}
