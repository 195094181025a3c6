package dev.spillway.web;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tells browsers which other sites' pages may read the API's answers, and answers itself when a
 * browser asks before the real request (the preflight of the Fetch standard). It refuses nothing:
 * what an origin may change, {@link CrossSiteFilter} decides.
 *
 * <p>It stands before the filter that counts answers, because a preflight is no request of a
 * client's: there can be one to each chunk. Every answer depends on the origin, also those to
 * origins that are not listed: a cache must not give one site what was meant for another.
 *
 * <p>{@code Cross-Origin-Resource-Policy} stays as it is: browsers do not look at it where CORS
 * decides, as for modules and {@code fetch}, nor when a link is followed.
 */
public final class CorsFilter extends HttpFilter {

  @Serial private static final long serialVersionUID = 1L;

  /** What the API reads of a request, and what a page may not set without being told so. */
  private static final String REQUEST_HEADERS =
      String.join(
          ", ",
          List.of(
              "Authorization",
              "Content-Digest",
              "Content-Type",
              "Idempotency-Key",
              "If-None-Match",
              "If-Range",
              "Prefer",
              "Range"));

  /** What a page may read of an answer, beside what every page may. */
  private static final String ANSWER_HEADERS =
      String.join(
          ", ",
          List.of(
              "Accept-Ranges",
              "Content-Disposition",
              "Content-Range",
              "ETag",
              "Location",
              "Preference-Applied",
              "Retry-After",
              "X-Request-Id"));

  /** In seconds; the longest that Chromium takes. */
  private static final String PREFLIGHT_AGE = "7200";

  private final transient AllowedOrigins allowed;
  private final transient RouteTable routes;

  /**
   * @param routes whose methods a path takes
   */
  public CorsFilter(AllowedOrigins allowed, RouteTable routes) {
    this.allowed = allowed;
    this.routes = routes;
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    boolean failed = request.getDispatcherType() == DispatcherType.ERROR;
    String path = failed ? AnswerRecord.failedPath(request) : Dispatcher.path(request);
    if (!AllowedOrigins.isOpen(path)) {
      chain.doFilter(request, response);
      return;
    }
    varyByOrigin(response);
    Optional<String> origin = allowed.of(request);
    origin.ifPresent(listed -> admit(response, listed));
    if (!failed && isPreflight(request)) {
      if (origin.isPresent()) {
        answer(response, routes.methods(path));
      }
      response.setStatus(204);
      return;
    }
    if (origin.isPresent()) {
      response.setHeader("Access-Control-Expose-Headers", ANSWER_HEADERS);
    }
    chain.doFilter(request, response);
  }

  /** Beside what a handler says; an error page comes through here a second time. */
  private static void varyByOrigin(HttpServletResponse response) {
    if (!response.getHeaders("Vary").contains(AllowedOrigins.ORIGIN)) {
      response.addHeader("Vary", AllowedOrigins.ORIGIN);
    }
  }

  private void admit(HttpServletResponse response, String origin) {
    response.setHeader("Access-Control-Allow-Origin", origin);
    if (allowed.credentials()) {
      response.setHeader("Access-Control-Allow-Credentials", "true");
    }
  }

  private static boolean isPreflight(HttpServletRequest request) {
    return request.getMethod().equals("OPTIONS")
        && request.getHeader(AllowedOrigins.ORIGIN) != null
        && request.getHeader("Access-Control-Request-Method") != null;
  }

  /**
   * @param methods none for an unknown path: the simple ones go without saying, so that the page
   *     gets to read that there is nothing
   */
  private static void answer(HttpServletResponse response, Set<String> methods) {
    if (!methods.isEmpty()) {
      response.setHeader("Access-Control-Allow-Methods", String.join(", ", methods));
    }
    response.setHeader("Access-Control-Allow-Headers", REQUEST_HEADERS);
    response.setHeader("Access-Control-Max-Age", PREFLIGHT_AGE);
  }
}
