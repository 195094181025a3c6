package dev.spillway.status.checks;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers for a second what an expensive look has found, however many ask. Of those who ask at
 * the same time one looks and the others wait for it, for a bounded time. Any thread may call.
 */
final class RecentLook<T> {

  private static final long RECENT_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long PATIENCE_MILLIS = 2_000;

  private final Supplier<T> look;
  private final Supplier<T> noAnswer;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Found<T> found;

  private record Found<T>(T what, long at) {}

  /**
   * @param noAnswer what is true while a look does not come to its end
   */
  RecentLook(Supplier<T> look, Supplier<T> noAnswer, LongSupplier nanoTime) {
    this.look = look;
    this.noAnswer = noAnswer;
    this.nanoTime = nanoTime;
  }

  T get() {
    Found<T> last = found;
    if (last != null && isRecent(last)) {
      return last.what();
    }
    try {
      if (!lock.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
        return noAnswer.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return noAnswer.get();
    }
    try {
      return lookUnlessSomebodyHas();
    } finally {
      lock.unlock();
    }
  }

  /**
   * What the last look has found, without looking.
   *
   * @param age when it is older, there is no answer
   */
  T known(Duration age) {
    Found<T> last = found;
    return last != null && nanoTime.getAsLong() - last.at() <= age.toNanos()
        ? last.what()
        : noAnswer.get();
  }

  private T lookUnlessSomebodyHas() {
    Found<T> last = found;
    if (last != null && isRecent(last)) {
      return last.what();
    }
    T now = look.get();
    found = new Found<>(now, nanoTime.getAsLong());
    return now;
  }

  private boolean isRecent(Found<T> last) {
    return nanoTime.getAsLong() - last.at() < RECENT_NANOS;
  }
}
