package dev.spillway.storage.gcs;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * How long one file is tried again without getting any further. It counts from the first failure: a
 * request that takes long on a slow line has not failed. One thread uses it.
 */
final class RetryBudget {

  private static final int MOST_DOUBLINGS = 16;

  private final Duration patience;
  private final RetryPace pace;
  private final LongSupplier nanos;
  private final RandomGenerator random;
  private long furthest;
  private boolean failing;
  private long since;
  private int failures;

  RetryBudget(Duration patience, RetryPace pace, LongSupplier nanos, RandomGenerator random) {
    this.patience = patience;
    this.pace = pace;
    this.nanos = nanos;
    this.random = random;
  }

  /** So many bytes are there. Those that had been there before a file was begun over count not. */
  void reached(long bytes) {
    if (bytes > furthest) {
      furthest = bytes;
      failing = false;
      failures = 0;
    }
  }

  /** Something has gone wrong just now. */
  void failed() {
    if (!failing) {
      failing = true;
      since = nanos.getAsLong();
    }
  }

  boolean isUsedUp() {
    return left() <= 0;
  }

  /** With full jitter: files that failed together do not come back together. */
  Duration pause() {
    long doubled = pace.file().toNanos() << Math.min(MOST_DOUBLINGS, failures++);
    long most = Math.min(Math.min(pace.longestFile().toNanos(), doubled), left());
    return Duration.ofNanos(random.nextLong(Math.max(1, most)));
  }

  private long left() {
    return patience.toNanos() - (failing ? nanos.getAsLong() - since : 0);
  }
}
