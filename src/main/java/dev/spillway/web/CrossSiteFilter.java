package dev.spillway.web;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.util.Optional;
import java.util.Set;

/**
 * Refuses requests that change something when a browser says that another site's page sent them;
 * see {@link SameOrigin#lenient}. A site that may use the API is not refused there. What is below
 * {@code /dashboard/actions/} is let through: the handler there applies the strict rule itself, and
 * writes down what it refuses.
 */
public final class CrossSiteFilter extends HttpFilter {

  @Serial private static final long serialVersionUID = 1L;

  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
  private static final String ACTIONS = "/dashboard/actions/";

  private final transient AllowedOrigins allowed;

  /**
   * @param allowed the sites whose pages may use the API
   */
  public CrossSiteFilter(AllowedOrigins allowed) {
    this.allowed = allowed;
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (changesSomething(request) && !Dispatcher.path(request).startsWith(ACTIONS)) {
      Optional<Problem> problem = SameOrigin.lenient(request);
      if (problem.isPresent() && !allowed.allow(request)) {
        throw new ProblemException(problem.get());
      }
    }
    chain.doFilter(request, response);
  }

  /** An error page has nothing left to change; the request that led there has failed. */
  private static boolean changesSomething(HttpServletRequest request) {
    return !SAFE.contains(request.getMethod())
        && request.getDispatcherType() != DispatcherType.ERROR;
  }
}
