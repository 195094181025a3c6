package dev.spillway.web;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The one servlet: looks a request's route up and calls its handler. Being mapped to {@code /}, it
 * takes the place of the container's default servlet, so nothing in the WAR is served by accident.
 */
public final class Dispatcher extends HttpServlet {

  @Serial private static final long serialVersionUID = 1L;

  /** The attribute of a request with the template of the route that it took. */
  static final String ROUTE = "dev.spillway.route";

  private final transient RouteTable routes;

  public Dispatcher(RouteTable routes) {
    this.routes = routes;
  }

  /** Every method comes here, TRACE too, which a container may otherwise answer by itself. */
  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (request.getDispatcherType() == DispatcherType.INCLUDE) {
      // Tomcat includes the error page in an answer that has begun, under the request's own path:
      // the request would be handled a second time.
      return;
    }
    String path = path(request);
    // The error page is shown whatever the method of the request that failed.
    boolean failed = request.getDispatcherType() == DispatcherType.ERROR;
    Optional<RouteTable.Match> match = routes.find(failed ? "GET" : request.getMethod(), path);
    if (match.isPresent()) {
      if (!failed) {
        request.setAttribute(ROUTE, match.get().template());
      }
      match.get().handler().handle(new Exchange(request, response, match.get().variables()));
      return;
    }
    Set<String> allowed = routes.methods(path);
    if (allowed.isEmpty()) {
      throw new ProblemException(
          Problem.of(404, "not-found", "There is nothing at this path. See the API description."));
    }
    response.setHeader("Allow", String.join(", ", allowed));
    if (request.getMethod().equals("OPTIONS")) {
      response.setStatus(204);
      return;
    }
    throw new ProblemException(
        Problem.of(405, "method-not-allowed", "This path does not take this method.")
            .with(Map.of("allowed", allowed)));
  }

  /** The path inside of the web application, decoded by the container, parameters removed. */
  static String path(HttpServletRequest request) {
    String info = request.getPathInfo();
    String path = request.getServletPath() + (info == null ? "" : info);
    return path.isEmpty() ? "/" : path;
  }
}
