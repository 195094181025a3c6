package dev.spillway.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Gives each request an id of the server's own making, and names it in the answer and in every log
 * line. An id that a client sends is not taken over: it would be client text in the log.
 */
public final class RequestIdFilter extends HttpFilter {

  @Serial private static final long serialVersionUID = 1L;
  private static final Logger access = LoggerFactory.getLogger("dev.spillway.access");
  private static final String ATTRIBUTE = "dev.spillway.request-id";

  private final transient RandomGenerator random;

  /**
   * @param random for any thread; a request's id is no secret
   */
  public RequestIdFilter(RandomGenerator random) {
    this.random = random;
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String id = HexFormat.of().toHexDigits(random.nextLong());
    request.setAttribute(ATTRIBUTE, id);
    response.setHeader("X-Request-Id", id);
    MDC.put("request", id);
    long start = System.nanoTime();
    try {
      chain.doFilter(request, response);
    } finally {
      access.debug(
          "{} {} {} {} ms",
          request.getMethod(),
          request.getRequestURI(),
          response.getStatus(),
          (System.nanoTime() - start) / 1_000_000);
      MDC.remove("request");
    }
  }

  static String idOf(HttpServletRequest request) {
    Object id = request.getAttribute(ATTRIBUTE);
    return id == null ? "unknown" : id.toString();
  }
}
