package dev.spillway.status;

import java.time.Instant;
import java.util.Optional;

/**
 * A request that was not served.
 *
 * @param code the problem's code, as the client got it
 * @param status of HTTP; 499 when the client went away before there was an answer
 * @param upload the id in the request's path, as it was sent: hostile text
 * @param client whom limits count for
 * @param received bytes of the body that had been read
 * @param retryable whether the same request may succeed later
 * @param requestId under which the log has more
 */
public record Failure(
    Instant at,
    String code,
    int status,
    Optional<String> upload,
    String client,
    long received,
    boolean retryable,
    String requestId,
    Kind kind) {

  /** Whose fault it was. */
  public enum Kind {
    /** Admission or a bound said no; the client comes back. */
    REFUSED,
    SERVER_ERROR,
    CLIENT_ERROR,
    ABORTED
  }
}
