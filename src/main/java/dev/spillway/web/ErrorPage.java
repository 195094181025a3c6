package dev.spillway.web;

import jakarta.servlet.RequestDispatcher;
import java.io.IOException;

/** The last resort: what a container wants to say by an error page is said as a problem instead. */
public final class ErrorPage implements Handler {

  @Override
  public void handle(Exchange exchange) throws IOException {
    if (exchange.request().getAttribute(ProblemFilter.PROBLEM) instanceof Problem known) {
      Json.write(exchange.response(), known);
      return;
    }
    Object status = exchange.request().getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    Problem problem =
        status instanceof Integer code && code >= 400
            ? Problem.of(code, "http-" + code, "The request could not be served.")
            : Problem.of(404, "not-found", "There is nothing at this path.");
    Json.write(
        exchange.response(), problem.status(), "application/problem+json", problem.members());
  }
}
