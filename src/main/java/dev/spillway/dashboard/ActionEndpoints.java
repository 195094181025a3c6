package dev.spillway.dashboard;

import dev.spillway.operate.Action;
import dev.spillway.operate.Attempt;
import dev.spillway.operate.AuditEntry;
import dev.spillway.operate.Confirmation;
import dev.spillway.operate.Operations;
import dev.spillway.operate.Operator;
import dev.spillway.operate.Outcome;
import dev.spillway.web.Exchange;
import dev.spillway.web.Pages;
import dev.spillway.web.Problem;
import dev.spillway.web.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The operator's actions as pages and forms: a page that asks, a form that acts, and what has been
 * done so far. Nothing but a POST acts. Whoever asks for JSON gets JSON.
 */
public final class ActionEndpoints {

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final String TYPED = "typed";

  private final Operations operations;
  private final Frames frames;
  private final Pages pages;
  private final Function<HttpServletRequest, Optional<Problem>> sameOrigin;

  /**
   * @param sameOrigin what is wrong with where a form comes from; empty for one of our own pages
   */
  public ActionEndpoints(
      Operations operations,
      Frames frames,
      Pages pages,
      Function<HttpServletRequest, Optional<Problem>> sameOrigin) {
    this.operations = operations;
    this.frames = frames;
    this.pages = pages;
    this.sameOrigin = sameOrigin;
  }

  /** {@code GET /dashboard/actions/{name}}: what an action will do, with a form to confirm it. */
  public void confirm(Exchange exchange) throws IOException {
    Action action = action(exchange);
    Query given = Query.of(exchange, action.parameters());
    Confirmation asked = operations.confirm(action, given.values());
    Optional<String> forbidden = forbidden(frames.who(exchange));
    int status = forbidden.isPresent() ? 403 : 200;
    if (wantsJson(exchange)) {
      exchange.json(status, document(asked, forbidden));
      return;
    }
    show(
        exchange,
        status,
        ConfirmView.of(asked, exchange.contextPath(), forbidden),
        given.without(TYPED));
  }

  private static Action action(Exchange exchange) {
    return Action.of(exchange.variable("name"))
        .orElseThrow(
            () -> new ProblemException(Problem.of(404, "not-found", "There is no such action.")));
  }

  private Optional<String> forbidden(Operator who) {
    if (!who.mayAct()) {
      return Optional.of(Operations.ROLE_NEEDED);
    }
    return operations.readOnly() ? Optional.of(Operations.READ_ONLY) : Optional.empty();
  }

  private static boolean wantsJson(Exchange exchange) {
    String accept = exchange.request().getHeader("Accept");
    return accept != null && accept.contains("json") && !accept.contains("text/html");
  }

  private static Map<String, Object> document(Confirmation asked, Optional<String> forbidden) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("action", asked.action().path());
    document.put("question", asked.question());
    document.put("consequences", asked.consequences());
    document.put("parameters", asked.parameters());
    document.put("token", asked.token());
    asked.typed().ifPresent(typed -> document.put(TYPED, typed));
    forbidden.or(asked::refusal).ifPresent(refusal -> document.put("refusal", refusal));
    return document;
  }

  private void show(Exchange exchange, int status, ConfirmView view, Query query)
      throws IOException {
    Frame frame = frames.of(exchange, "confirm", view.question(), query);
    answer(exchange, status, pages.render("confirm", Map.of("frame", frame, "view", view)));
  }

  private static void answer(Exchange exchange, int status, String page) throws IOException {
    byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
    HttpServletResponse response = exchange.response();
    response.setStatus(status);
    response.setContentType("text/html; charset=utf-8");
    response.setContentLength(bytes.length);
    response.getOutputStream().write(bytes);
  }

  /** {@code POST /dashboard/actions/{name}}: acts, and leads to the page that shows the outcome. */
  public void act(Exchange exchange) throws IOException {
    Action action = action(exchange);
    Operator who = frames.who(exchange);
    Optional<Problem> foreign = sameOrigin.apply(exchange.request());
    if (foreign.isPresent()) {
      // From here on nobody parses the body, neither we nor the container.
      exchange.request().getInputStream();
      refuse(exchange, new Attempt(action, who, Map.of(), ""), foreign.get());
      return;
    }
    Map<String, String> form = form(exchange, action, who);
    Attempt attempt = new Attempt(action, who, form, form.getOrDefault("token", ""));
    Optional<String> forbidden = forbidden(who);
    if (forbidden.isPresent()) {
      String code = who.mayAct() ? "read-only" : "role-missing";
      refuse(exchange, attempt, Problem.of(403, code, forbidden.get()));
      return;
    }
    report(exchange, attempt, operations.perform(attempt));
  }

  private Map<String, String> form(Exchange exchange, Action action, Operator who)
      throws IOException {
    try {
      return ActionForm.read(exchange);
    } catch (ProblemException e) {
      operations.refused(new Attempt(action, who, Map.of(), ""), e.problem().detail());
      throw e;
    }
  }

  /** Says that nothing was done because of who asks, or from where. */
  private void refuse(Exchange exchange, Attempt attempt, Problem why) throws IOException {
    operations.refused(attempt, why.detail());
    if (wantsJson(exchange)) {
      throw new ProblemException(why);
    }
    show(
        exchange,
        why.status(),
        ConfirmView.refused(
            attempt.action(), exchange.contextPath(), attempt.parameters(), why.detail()),
        new Query(Map.of()));
  }

  private void report(Exchange exchange, Attempt attempt, AuditEntry entry) throws IOException {
    if (wantsJson(exchange)) {
      reportAsJson(exchange, entry);
      return;
    }
    String page = exchange.contextPath() + after(attempt, entry.outcome().kind());
    String result = (page.contains("?") ? "&" : "?") + "result=" + entry.number();
    exchange.response().setHeader("Location", page + result);
    exchange.response().setStatus(303);
  }

  /** Whoever has typed something wrong goes back to where it is typed. */
  private static String after(Attempt attempt, Outcome.Kind kind) {
    String home = ConfirmView.home(attempt.action(), attempt.parameters());
    boolean again = kind == Outcome.Kind.REFUSED && attempt.parameters().containsKey(TYPED);
    String prefix = "/dashboard/uploads/";
    return again && home.startsWith(prefix)
        ? "/dashboard/actions/" + attempt.action().path() + "?id=" + home.substring(prefix.length())
        : home;
  }

  private static void reportAsJson(Exchange exchange, AuditEntry entry) throws IOException {
    Outcome outcome = entry.outcome();
    switch (outcome.kind()) {
      case REFUSED -> throw new ProblemException(Problem.of(409, "action-refused", outcome.text()));
      case FAILED -> throw new ProblemException(Problem.of(500, "action-failed", outcome.text()));
      case DONE, PARTLY, UNCHANGED -> {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("number", entry.number());
        document.put("action", entry.action());
        document.put("target", entry.target());
        document.put("outcome", outcome.kind());
        document.put("text", outcome.text());
        exchange.json(200, document);
      }
    }
  }

  /** {@code GET /dashboard/audit}: the last attempts, newest first. */
  public void audit(Exchange exchange) throws IOException {
    List<AuditEntry> entries = operations.audit();
    Frame frame = frames.of(exchange, "audit", "Audit", new Query(Map.of()));
    AuditView view = AuditView.of(entries, exchange.contextPath(), frames.latest().at());
    answer(exchange, 200, pages.render("audit", Map.of("frame", frame, "view", view)));
  }

  /** {@code GET /dashboard/threads/{n}}: a thread dump as text. */
  public void threads(Exchange exchange) throws IOException {
    String number = exchange.variable("n");
    String dump =
        Optional.of(number)
            .filter(text -> NUMBER.matcher(text).matches())
            .map(Integer::parseInt)
            .flatMap(operations::threadDump)
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.of(
                            404,
                            "not-found",
                            "There is no thread dump of this number. The last three are kept.")));
    exchange.text("text/plain; charset=utf-8", dump);
  }
}
