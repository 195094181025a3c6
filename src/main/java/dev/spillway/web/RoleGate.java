package dev.spillway.web;

import java.io.IOException;

/**
 * Lets only those to a handler who have signed in and may see the dashboard. The container has
 * checked the same, by the constraint in {@code web.xml}; this holds where that is not in force.
 * For any thread.
 */
public final class RoleGate implements Handler {

  /** The role of those who may look and act. */
  public static final String OPERATOR = "spillway-operator";

  /** The role of those who may look. */
  public static final String VIEWER = "spillway-viewer";

  private final Handler behind;

  /**
   * @param behind answers those who are let through
   */
  public RoleGate(Handler behind) {
    this.behind = behind;
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    if (exchange.owner() == null) {
      refuse(exchange, notSignedIn(403));
    } else if (!exchange.isInRole(OPERATOR) && !exchange.isInRole(VIEWER)) {
      refuse(exchange, roleMissing());
    } else {
      behind.handle(exchange);
    }
  }

  private static void refuse(Exchange exchange, Problem problem) throws IOException {
    if (!RefusalPage.isWanted(exchange)) {
      throw new ProblemException(problem);
    }
    RefusalPage.write(exchange, problem.status());
  }

  static Problem notSignedIn(int status) {
    return Problem.of(
        status,
        "not-signed-in",
        "The dashboard is for those who have signed in. The container's realm has to authenticate"
            + " them; see Access to the dashboard in docs/deployment.md.");
  }

  static Problem roleMissing() {
    return Problem.of(
        403,
        "role-missing",
        "The account has neither of the roles spillway-operator and spillway-viewer. The"
            + " container's realm gives them; see Access to the dashboard in docs/deployment.md.");
  }
}
