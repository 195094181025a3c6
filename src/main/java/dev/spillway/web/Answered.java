package dev.spillway.web;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request that has been answered, or whose client did not wait for the answer. Immutable; for any
 * thread. Method, path and id are what the client sent: hostile text, cut off where they are too
 * long to be kept.
 *
 * @param path inside of the application
 * @param route the template of the route that the request took; empty when it took none
 * @param status of HTTP; {@link #CLIENT_GONE} when there was nobody to answer any more
 * @param code of the problem that the client was told
 * @param retryable whether the same request may succeed later
 * @param id what follows {@code /uploads/} or {@code /files/} in the path
 * @param address where the request came from
 * @param user as the container has authenticated it
 * @param requestId under which the log has more
 * @param nanos from when the filter saw the request until all others had come back
 * @param bytesRead of the body, those included that were read to be thrown away; -1 when it is not
 *     known
 */
public record Answered(
    String method,
    String path,
    Optional<String> route,
    int status,
    Optional<String> code,
    boolean retryable,
    Optional<String> id,
    String address,
    Optional<String> user,
    String requestId,
    long nanos,
    long bytesRead) {

  /** Never sent: the client went away before there was an answer, or in the middle of it. */
  public static final int CLIENT_GONE = 499;

  /** How it ended, and whose fault that was. */
  public Kind kind() {
    return Kind.of(status, code.orElse(null));
  }

  /** How a request ended. */
  public enum Kind {
    SERVED,
    /** Admission or a bound said no; the client comes back. */
    REFUSED,
    SERVER_ERROR,
    CLIENT_ERROR,
    /** The client went away, or its body broke off. */
    ABORTED;

    private static final Set<String> REFUSALS =
        Set.of("busy", "client-limit", "draining", "memory-critical", "disk-full", "too-slow");

    /**
     * What counts as what.
     *
     * @param code of the problem; null when there was none
     */
    public static Kind of(int status, @Nullable String code) {
      if (status == CLIENT_GONE || UnreadBody.BODY_BROKEN.equals(code)) {
        return ABORTED;
      }
      if (status < 400) {
        return SERVED;
      }
      if (code != null && REFUSALS.contains(code)) {
        return REFUSED;
      }
      return status >= 500 ? SERVER_ERROR : CLIENT_ERROR;
    }
  }
}
