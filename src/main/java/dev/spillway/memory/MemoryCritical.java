package dev.spillway.memory;

import dev.spillway.memory.MemoryCircuitBreaker.State;
import java.io.Serial;
import java.time.Duration;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Work was refused, or ended, because the heap is full of live data. What was acknowledged before
 * is kept; the same request may be sent again after {@link #retryAfter()}.
 */
public final class MemoryCritical extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  private static final int OPEN_FROM = 2;
  private static final int OPEN_TO = 5;
  private static final int HALF_OPEN_FROM = 1;
  private static final int HALF_OPEN_TO = 3;

  private final transient Met met;

  /**
   * What was met.
   *
   * @param heap as it was seen last
   * @param limitBytes from so many live bytes on, work is refused
   * @param reason for people who run the server
   */
  record Met(LiveHeap heap, long limitBytes, State state, String reason, Duration retryAfter) {}

  /** Refused before it began. A refusal costs little: it keeps no stack. */
  MemoryCritical(Met met) {
    this(met, "takes little new work, because its memory is nearly full of live data", null);
  }

  /** Ended on its way. */
  MemoryCritical(Met met, OutOfMemoryError cause) {
    this(met, "had no memory left for this request", cause);
  }

  private MemoryCritical(Met met, String what, @Nullable OutOfMemoryError cause) {
    super(
        String.format(
            "The server %s (%d of %d MiB). Send the request again later; what it has acknowledged"
                + " is kept.",
            what, met.heap().upperBytes() >> 20, met.heap().maxBytes() >> 20),
        cause,
        true,
        cause != null);
    this.met = met;
  }

  /**
   * Whole seconds, as a header has them, spread so that those refused together do not come back
   * together.
   *
   * @param below gives a random number from 0 to below its argument
   */
  static Duration spread(State state, IntUnaryOperator below) {
    int from = state == State.OPEN ? OPEN_FROM : HALF_OPEN_FROM;
    int to = state == State.OPEN ? OPEN_TO : HALF_OPEN_TO;
    return Duration.ofSeconds(from + below.applyAsInt(to - from + 1));
  }

  /** The memory pool that live data ends up in. */
  public String pool() {
    return met.heap().pool();
  }

  public long liveBytes() {
    return met.heap().upperBytes();
  }

  public long limitBytes() {
    return met.limitBytes();
  }

  public long maxBytes() {
    return met.heap().maxBytes();
  }

  public State state() {
    return met.state();
  }

  /** Why the circuit breaker is in its state; for those who run the server. */
  public String reason() {
    return met.reason();
  }

  /** The numbers that matter, by JSON name. */
  public Map<String, Object> figures() {
    return Map.of(
        "liveBytes", met.heap().upperBytes(),
        "limitBytes", met.limitBytes(),
        "maxBytes", met.heap().maxBytes(),
        "usedBytes", met.heap().usedBytes(),
        "state", met.state().name());
  }

  /** How long the client should stay away. */
  public Duration retryAfter() {
    return met.retryAfter();
  }
}
