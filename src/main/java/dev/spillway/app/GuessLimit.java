package dev.spillway.app;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Bounds how many passwords are tried: a few a minute for each address, and for all addresses
 * together no more than a fraction of one processor; one at a time. For any thread.
 */
final class GuessLimit {

  private static final Pace OF_AN_ADDRESS = new Pace(10, Duration.ofSeconds(6));
  private static final Pace OF_ALL = new Pace(20, Duration.ofSeconds(1));

  /** Addresses beyond that push out the one that has been quiet for longest. */
  private static final int MAX_ADDRESSES = 1024;

  /** How many may wait for the one that is being tried, and for how long. */
  private static final int WAITING = 8;

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final LongSupplier nanoTime;
  private final Semaphore trying = new Semaphore(1, true);
  private final Semaphore waiting = new Semaphore(WAITING);
  private final Tries all;
  private final Map<String, Tries> ofAddresses = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param burst how many at once
   * @param each after which time there is one more
   */
  private record Pace(int burst, Duration each) {}

  /** How many tries are left. Guarded by the limit it belongs to. */
  private static final class Tries {
    private final Pace pace;
    private double left;
    private long since;

    Tries(Pace pace, long now) {
      this.pace = pace;
      this.left = pace.burst;
      this.since = now;
    }

    double left(long now) {
      left = Math.min(pace.burst, left + (double) (now - since) / pace.each.toNanos());
      since = now;
      return left;
    }
  }

  /**
   * @param nanoTime a clock that never goes back
   */
  GuessLimit(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.all = new Tries(OF_ALL, nanoTime.getAsLong());
  }

  /**
   * Whether a password may be tried now; waits for a moment while another one is. Then the caller
   * tells the {@link #end}.
   *
   * @param address whom it counts for
   */
  boolean begin(String address) {
    return take(address) && comesToItsTurn();
  }

  /**
   * @param right whether it was the right one: that does not count
   */
  void end(String address, boolean right) {
    trying.release();
    if (right) {
      giveBack(address);
    }
  }

  private synchronized boolean take(String address) {
    long now = nanoTime.getAsLong();
    Tries its = ofAddresses.computeIfAbsent(address, a -> new Tries(OF_AN_ADDRESS, now));
    if (ofAddresses.size() > MAX_ADDRESSES) {
      ofAddresses.remove(ofAddresses.keySet().iterator().next());
    }
    if (its.left(now) < 1 || all.left(now) < 1) {
      return false;
    }
    its.left -= 1;
    all.left -= 1;
    return true;
  }

  private synchronized void giveBack(String address) {
    all.left += 1;
    Tries its = ofAddresses.get(address);
    if (its != null) {
      its.left += 1;
    }
  }

  private boolean comesToItsTurn() {
    if (!waiting.tryAcquire()) {
      return false;
    }
    try {
      return trying.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      waiting.release();
    }
  }
}
