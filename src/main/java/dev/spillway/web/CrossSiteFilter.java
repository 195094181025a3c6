package dev.spillway.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests that change something when a browser says that another site's page sent them.
 * Clients that are not browsers send neither of the two headers and are not concerned.
 *
 * <p>{@code Sec-Fetch-Site} decides where it is present; browsers send it to HTTPS and localhost
 * only, elsewhere {@code Origin} must name the host that the request was sent to.
 */
public final class CrossSiteFilter extends HttpFilter {

  @Serial private static final long serialVersionUID = 1L;

  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!SAFE.contains(request.getMethod()) && isCrossSite(request)) {
      throw new ProblemException(
          Problem.of(
                  403,
                  "cross-site",
                  "A page of another site sent this request. If a proxy stands before this server,"
                      + " it must pass the Host header on unchanged.")
              .with(
                  Map.of(
                      "header",
                      request.getHeader("Sec-Fetch-Site") != null ? "Sec-Fetch-Site" : "Origin")));
    }
    chain.doFilter(request, response);
  }

  private static boolean isCrossSite(HttpServletRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null) {
      return !site.equals("same-origin") && !site.equals("none");
    }
    String origin = request.getHeader("Origin");
    return origin != null && !namesHost(origin, request.getHeader("Host"));
  }

  /** Compares without the scheme, which a proxy that ends TLS changes. */
  private static boolean namesHost(String origin, @Nullable String host) {
    int scheme = origin.indexOf("://");
    return host != null && scheme > 0 && origin.substring(scheme + 3).equalsIgnoreCase(host);
  }
}
