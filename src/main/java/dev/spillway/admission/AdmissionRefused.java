package dev.spillway.admission;

import java.io.Serial;
import java.time.Duration;
import java.util.Map;

/**
 * Work was refused because a bounded resource is exhausted. Nothing was lost: the same request may
 * be sent again after {@link #retryAfter()}.
 */
public final class AdmissionRefused extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  /** Which bound was met. */
  public enum Reason {
    /** No transfer buffer became free in time. */
    BUFFERS_BUSY,
    /** The write queue is full, or no permit became free in time. */
    WRITES_BUSY,
    /** As many chunks as may be received at once are being received. */
    TRANSFERS_BUSY,
    /** As many files as may be read from the destination at once are being read. */
    READS_BUSY,
    /** The client has as much open, or under way, as one client may have. */
    CLIENT_LIMIT,
    /** The disk cannot take the declared size, or it is full. */
    DISK_FULL,
    /** So much of the heap is live that new work would end the server. */
    MEMORY_CRITICAL,
    /** The server is stopping, or an operator lets it run empty. */
    DRAINING
  }

  private final Reason reason;
  private final transient Map<String, Object> figures;
  private final Duration retryAfter;

  /**
   * @param message one sentence that says what was met and what to do, safe to show to a client
   * @param figures the numbers that matter, by JSON name (limits, actual values)
   * @param retryAfter how long the client should stay away, at least one second
   */
  public AdmissionRefused(
      Reason reason, String message, Map<String, Object> figures, Duration retryAfter) {
    super(message);
    this.reason = reason;
    this.figures = Map.copyOf(figures);
    this.retryAfter = retryAfter;
  }

  /** Refused because the server is stopping. */
  public static AdmissionRefused draining() {
    return new AdmissionRefused(
        Reason.DRAINING,
        "The server is stopping and takes no new work. What it has acknowledged is kept.",
        Map.of(),
        RetrySpread.WHILE_DRAINING);
  }

  /** Refused because an operator lets the server run empty. */
  static AdmissionRefused holding() {
    return new AdmissionRefused(
        Reason.DRAINING,
        "An operator lets this server run empty: it takes no new uploads, those that are open go on."
            + " Try again later, or use another server.",
        Map.of(),
        RetrySpread.WHILE_HOLDING);
  }

  public Reason reason() {
    return reason;
  }

  public Map<String, Object> figures() {
    return figures;
  }

  public Duration retryAfter() {
    return retryAfter;
  }
}
