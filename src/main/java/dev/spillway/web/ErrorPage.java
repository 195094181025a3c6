package dev.spillway.web;

import jakarta.servlet.RequestDispatcher;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;

/**
 * The last resort: what a container wants to say by an error page is said as a problem instead, or
 * to a person whom it does not let to the dashboard as a page.
 */
public final class ErrorPage implements Handler {

  private static final Set<Integer> SIGN_IN = Set.of(401, 403, 429);

  /** An address may try another password after this time. */
  private static final Duration NEXT_GUESS = Duration.ofSeconds(6);

  @Override
  public void handle(Exchange exchange) throws IOException {
    if (exchange.request().getAttribute(ProblemFilter.PROBLEM) instanceof Problem known) {
      Json.write(exchange.response(), known);
      return;
    }
    Object status = exchange.request().getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    int code = status instanceof Integer number && number >= 400 ? number : 404;
    if (SIGN_IN.contains(code) && RefusalPage.isWanted(exchange)) {
      RefusalPage.write(exchange, code);
      return;
    }
    Problem problem = problem(code, status != null, exchange);
    exchange.request().setAttribute(ProblemFilter.PROBLEM, problem);
    Json.write(exchange.response(), problem);
  }

  private static Problem problem(int code, boolean failed, Exchange exchange) {
    return switch (code) {
      case 401 -> RoleGate.notSignedIn(401);
      case 403 ->
          exchange.owner() == null
              ? Problem.of(403, "http-403", "The server does not allow this request.")
              : RoleGate.roleMissing();
      case 404 ->
          failed
              ? Problem.of(404, "http-404", "The request could not be served.")
              : Problem.of(404, "not-found", "There is nothing at this path.");
      case 429 ->
          Problem.of(429, "too-many-attempts", "There have been too many wrong passwords.")
              .retryAfter(NEXT_GUESS);
      default -> Problem.of(code, "http-" + code, "The request could not be served.");
    };
  }
}
