package dev.spillway.web;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of every answered request for uploads and files, once. Only filters that refuse nothing
 * stand before it, so that it sees whatever is refused. What a container answers without asking a
 * filter is told when its error page is made, if it is one of ours; a request that is not valid
 * HTTP is not told.
 *
 * <p>A request is answered when the filters have come back: nothing here goes on asynchronously.
 */
public final class AnswerFilter extends HttpFilter {

  @Serial private static final long serialVersionUID = 1L;
  private static final Logger log = LoggerFactory.getLogger(AnswerFilter.class);

  /** Keeps the error page of a request from being told as a second one. */
  private static final String TOLD = "dev.spillway.told";

  private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();

  private final transient Consumer<Answered> told;
  private final transient LongSupplier nanoTime;
  private final transient AtomicLong nextWarning;

  /**
   * @param told called by the request's thread before the next request on its connection is read,
   *     so it must be quick; what it throws harms no answer
   * @param nanoTime a clock that never goes back
   */
  public AnswerFilter(Consumer<Answered> told, LongSupplier nanoTime) {
    this.told = told;
    this.nanoTime = nanoTime;
    this.nextWarning = new AtomicLong(nanoTime.getAsLong());
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    boolean error = request.getDispatcherType() == DispatcherType.ERROR;
    String path = error ? AnswerRecord.failedPath(request) : Dispatcher.path(request);
    if (!AnswerRecord.isTold(path) || request.getAttribute(TOLD) != null) {
      chain.doFilter(request, response);
      return;
    }
    long start = nanoTime.getAsLong();
    Throwable failure = null;
    try {
      chain.doFilter(request, response);
    } catch (IOException | ServletException | RuntimeException | Error e) {
      failure = e;
      throw e;
    } finally {
      request.setAttribute(TOLD, true);
      tell(request, response, path, failure, nanoTime.getAsLong() - start);
    }
  }

  private void tell(
      HttpServletRequest request,
      HttpServletResponse response,
      String path,
      @Nullable Throwable failure,
      long nanos) {
    try {
      told.accept(AnswerRecord.of(request, response, path, failure, nanos));
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      warn(e);
    }
  }

  private void warn(Throwable e) {
    long now = nanoTime.getAsLong();
    long next = nextWarning.get();
    if (now - next >= 0 && nextWarning.compareAndSet(next, now + QUIET_NANOS)) {
      log.warn("An answered request could not be told; for a minute this is not logged again", e);
    }
  }
}
