package dev.spillway.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;

/** Sets the headers that hold for every answer; a handler may make them stricter. */
public final class SecurityHeadersFilter extends HttpFilter {

  @Serial private static final long serialVersionUID = 1L;

  /**
   * Nothing but our own files; no inline script or style, no DOM sinks without a policy. The one
   * policy there may be names the script of the client's worker.
   */
  private static final String PAGE_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none';"
          + " worker-src 'self'; require-trusted-types-for 'script'; trusted-types spillway-client";

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    response.setHeader("Content-Security-Policy", PAGE_POLICY);
    response.setHeader("X-Content-Type-Options", "nosniff");
    // With no-referrer, Chromium sends "Origin: null" with our own forms over plain HTTP.
    response.setHeader("Referrer-Policy", "same-origin");
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
    response.setHeader("Cache-Control", "no-store");
    chain.doFilter(request, response);
  }
}
