package dev.spillway.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One request and its answer. Belongs to the thread that handles it. */
public final class Exchange {

  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final Map<String, String> variables;

  Exchange(
      HttpServletRequest request, HttpServletResponse response, Map<String, String> variables) {
    this.request = request;
    this.response = response;
    this.variables = variables;
  }

  public HttpServletRequest request() {
    return request;
  }

  public HttpServletResponse response() {
    return response;
  }

  /** What stands in the path at a variable of the route's template. */
  public String variable(String name) {
    String value = variables.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the route has no variable " + name);
    }
    return value;
  }

  /**
   * The caller's name, where the container authenticates; else null.
   *
   * @throws ProblemException when the caller's credentials are malformed
   */
  public @Nullable String owner() {
    try {
      return request.getRemoteUser();
    } catch (IllegalArgumentException e) {
      // Jetty, when it decodes the header.
      throw new ProblemException(
          Problem.of(400, "invalid-header", "The header Authorization is malformed.")
              .with(Map.of("header", "Authorization")),
          e);
    }
  }

  /** Whether the container has given the caller this role. */
  public boolean isInRole(String role) {
    return request.isUserInRole(role);
  }

  /** The address that the request came from. */
  public String address() {
    return request.getRemoteAddr();
  }

  /** The path under which this web application is mounted: empty or {@code /something}. */
  public String contextPath() {
    return request.getContextPath();
  }

  /**
   * The value of a header that may be given once.
   *
   * @throws ProblemException when it is given several times
   */
  public Optional<String> header(String name) {
    List<String> values = Collections.list(request.getHeaders(name));
    if (values.size() > 1) {
      throw new ProblemException(
          Problem.of(400, "invalid-header", "The header " + name + " may be given once.")
              .with(Map.of("header", name)));
    }
    return values.stream().findFirst();
  }

  /**
   * The request's media type in lower case without parameters; empty when there is none. From the
   * header itself: Jetty's own accessor throws for a charset that it does not know.
   */
  public String mediaType() {
    String type = request.getHeader("Content-Type");
    if (type == null) {
      return "";
    }
    int parameters = type.indexOf(';');
    return (parameters < 0 ? type : type.substring(0, parameters)).trim().toLowerCase(Locale.ROOT);
  }

  /** Answers with a JSON document. */
  public void json(int status, Object body) throws IOException {
    Json.write(response, status, "application/json", body);
  }

  /** Answers with a text or page. */
  public void text(String contentType, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    response.setStatus(200);
    response.setContentType(contentType);
    response.setContentLength(bytes.length);
    response.getOutputStream().write(bytes);
  }
}
