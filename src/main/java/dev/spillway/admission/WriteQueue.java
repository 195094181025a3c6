package dev.spillway.admission;

import dev.spillway.admission.AdmissionRefused.Reason;
import dev.spillway.telemetry.Telemetry;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Guards the disk: lets a few writes happen at once, keeps a bounded number of others waiting in
 * the order of asking. A permit covers the write of one filled buffer, never a read from the
 * network.
 *
 * <p>Owned and closed by the composition root; closing sends everybody away who waits, while
 * permits in use stay valid until their holders close them. Any thread may call.
 *
 * <p>Meters: the bound {@code write-permits}, and {@code admission.writes.wait}. A wait that grows
 * says that the disk is slower than the network; any refusal says that clients are turned away for
 * it.
 */
public final class WriteQueue implements AutoCloseable {

  /**
   * How many may write, how many may wait, and for how long.
   *
   * @param permits how many writes may happen at once
   * @param maxWaiting how many others may wait
   * @param maxWait how long each of them may wait
   */
  public record Bounds(int permits, int maxWaiting, Duration maxWait) {

    /**
     * @throws IllegalArgumentException when there is no permit, or another bound is negative
     */
    public Bounds {
      if (permits < 1 || maxWaiting < 0 || maxWait.isNegative()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "%d permits must be at least 1; %d waiting and a wait of %s at least 0",
                permits,
                maxWaiting,
                maxWait));
      }
    }
  }

  /**
   * One moment's figures.
   *
   * @param permits how many writes may be in progress at once
   * @param depth how many are
   * @param waiting how many callers wait for a permit
   * @param oldestWait how long the first of them has been waiting; zero when there is none
   */
  public record Stats(int permits, int depth, int waiting, Duration oldestWait) {}

  private final Bounds bounds;
  private final LongSupplier nanos;
  private final Turnstile turnstile;
  private final RetrySpread retries = new RetrySpread();
  private final Telemetry.Counter refused;
  private final Telemetry.Timer wait;

  /**
   * An open queue.
   *
   * @param nanos a clock that never goes back, such as {@link System#nanoTime}; for figures only
   */
  public WriteQueue(Bounds bounds, Telemetry telemetry, LongSupplier nanos) {
    this.bounds = bounds;
    this.nanos = nanos;
    this.turnstile = new Turnstile(bounds.permits(), bounds.maxWaiting(), bounds.maxWait(), nanos);
    this.refused =
        telemetry.bound(
            "write-permits",
            () -> {
              Stats now = stats();
              return new Telemetry.Occupancy(
                  now.depth(), now.permits(), now.waiting(), now.oldestWait());
            });
    this.wait =
        telemetry.timer(
            "admission.writes.wait",
            "How long a filled buffer waited for the right to be written.");
  }

  /**
   * Waits for the right to write. The caller closes the permit as soon as the write is done.
   *
   * @throws AdmissionRefused {@link Reason#WRITES_BUSY} when too many wait, no permit becomes free
   *     in time or the thread is interrupted (its flag is then set again), {@link Reason#DRAINING}
   *     when the queue is closed
   */
  public Permit acquire() {
    long asked = nanos.getAsLong();
    Turnstile.Outcome outcome = turnstile.enter(1);
    wait.record(Duration.ofNanos(nanos.getAsLong() - asked));
    if (outcome != Turnstile.Outcome.ENTERED) {
      throw refusal(outcome);
    }
    return new Permit(turnstile);
  }

  private AdmissionRefused refusal(Turnstile.Outcome outcome) {
    if (outcome == Turnstile.Outcome.CLOSED) {
      return AdmissionRefused.draining();
    }
    refused.add(1);
    Stats now = stats();
    String what =
        switch (outcome) {
          case CROWDED -> "The write queue is full";
          case INTERRUPTED -> "The wait for the disk was interrupted";
          default -> "The disk was not free within " + bounds.maxWait().toMillis() + " ms";
        };
    return new AdmissionRefused(
        Reason.WRITES_BUSY,
        String.format(
            Locale.ROOT,
            "%s: %d of %d writes are in progress and %d of at most %d are waiting."
                + " Send it again later.",
            what,
            now.depth(),
            now.permits(),
            now.waiting(),
            bounds.maxWaiting()),
        Map.of(
            "limit", now.permits(),
            "actual", now.depth(),
            "waiting", now.waiting(),
            "maxWaiting", bounds.maxWaiting(),
            "maxWaitMillis", bounds.maxWait().toMillis()),
        retries.next());
  }

  /** How long callers waited in the last minute. For reports, not for every request. */
  public Telemetry.Quantiles waits() {
    return wait.quantiles();
  }

  public Stats stats() {
    Turnstile.Snapshot now = turnstile.snapshot();
    return new Stats(bounds.permits(), now.inside(), now.waiting(), now.oldestWait());
  }

  /** Refuses everybody who waits and everybody who comes. Safe to repeat. */
  @Override
  public void close() {
    turnstile.close();
  }

  /** The right to do one write. Belongs to whoever acquired it; any thread may close it. */
  public static final class Permit implements AutoCloseable {

    private final Turnstile turnstile;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Permit(Turnstile turnstile) {
      this.turnstile = turnstile;
    }

    /** Gives the permit back. Only the first call does something. */
    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        turnstile.leave(1);
      }
    }
  }
}
