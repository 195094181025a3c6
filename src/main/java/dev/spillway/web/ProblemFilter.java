package dev.spillway.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns whatever a request ends with into a problem document. Nothing of an unexpected exception is
 * shown: the answer carries the request's id, the log the rest.
 *
 * <p>An answer that has begun cannot be replaced; then the connection is broken off, so that the
 * client does not take half an answer for a whole one.
 */
public final class ProblemFilter extends HttpFilter {

  @Serial private static final long serialVersionUID = 1L;
  private static final Logger log = LoggerFactory.getLogger(ProblemFilter.class);

  /** The attribute of a request with the problem that was answered, or that was to be answered. */
  static final String PROBLEM = "dev.spillway.problem";

  private final transient Function<Throwable, Optional<Problem>> translation;
  private final transient BodyPace pace;
  private final transient UnreadBody unreadBody;

  /**
   * @param translation what the application's own exceptions mean
   * @param pace how slowly a body may come
   * @param unreadBody what becomes of the rest of a refused request
   */
  public ProblemFilter(
      Function<Throwable, Optional<Problem>> translation, BodyPace pace, UnreadBody unreadBody) {
    this.translation = translation;
    this.pace = pace;
    this.unreadBody = unreadBody;
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException {
    UnreadBody.Watched watched = new UnreadBody.Watched(request, pace);
    request.setAttribute(UnreadBody.WATCHED, watched);
    try {
      chain.doFilter(watched, response);
    } catch (Exception | OutOfMemoryError | StackOverflowError e) {
      answer(watched, response, e);
    }
  }

  private void answer(UnreadBody.Watched request, HttpServletResponse response, Throwable failure)
      throws IOException {
    if (response.isCommitted() && request.bodyIsBroken()) {
      // Tomcat ends the answer itself when a read fails, and comes back for the error page.
      request.setAttribute(PROBLEM, problemOf(failure).orElseGet(() -> unexpected(request)));
      return;
    }
    if (response.isCommitted() && failure instanceof IOException) {
      log.debug("{} {}: the client has gone", request.getMethod(), request.getRequestURI());
      throw new IOException("broken off after the answer had begun", failure);
    }
    Problem problem = problemOf(failure).orElseGet(() -> unexpected(request));
    if (isUnexpected(problem)) {
      log.error("{} {} failed", request.getMethod(), request.getRequestURI(), failure);
    } else {
      log.debug("{} {} refused", request.getMethod(), request.getRequestURI(), failure);
    }
    if (response.isCommitted()) {
      request.setAttribute(PROBLEM, problem);
      throw new IOException("broken off after the answer had begun", failure);
    }
    write(request, response, problem);
  }

  /**
   * That the server is busy, its disk full or its bucket away is no news for each refused request.
   */
  private static boolean isUnexpected(Problem problem) {
    return problem.status() == 500;
  }

  private Optional<Problem> problemOf(Throwable failure) {
    if (failure instanceof ProblemException known) {
      return Optional.of(known.problem());
    }
    if (failure instanceof BodyBroken) {
      return Optional.of(UnreadBody.broken());
    }
    return translation.apply(failure);
  }

  private static Problem unexpected(HttpServletRequest request) {
    return Problem.of(
            500, "internal", "The server failed. Its log has more under the id of this request.")
        .with(Map.of("requestId", RequestIdFilter.idOf(request)));
  }

  private void write(UnreadBody.Watched request, HttpServletResponse response, Problem problem)
      throws IOException {
    request.setAttribute(PROBLEM, problem);
    response.resetBuffer();
    boolean toBeRead = unreadBody.announce(request, response, problem);
    Json.write(response, problem);
    if (toBeRead) {
      response.flushBuffer();
      unreadBody.consume(request);
    }
  }
}
