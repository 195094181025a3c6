package dev.spillway.dashboard;

import dev.spillway.status.checks.Check;
import dev.spillway.telemetry.DropwizardTelemetry;
import dev.spillway.web.Exchange;
import dev.spillway.web.Problem;
import dev.spillway.web.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What load balancers, supervisors and collectors ask. None of it waits behind uploads. */
public final class HealthEndpoints {

  private final Health health;
  private final DropwizardTelemetry telemetry;
  private final boolean open;

  /**
   * @param open whether figures are for everybody; what the checks say always is
   */
  public HealthEndpoints(Health health, DropwizardTelemetry telemetry, boolean open) {
    this.health = health;
    this.telemetry = telemetry;
    this.open = open;
  }

  /** {@code GET /health}: the checks, with their figures if these are open; 503 when one fails. */
  public void health(Exchange exchange) throws IOException {
    if (open) {
      report(exchange);
      return;
    }
    List<Check> checks = health.checks();
    exchange.json(status(checks), Map.of("status", word(status(checks)), "checks", checks));
  }

  /** {@code GET /dashboard/health}: the checks with their figures; 503 when one fails. */
  public void report(Exchange exchange) throws IOException {
    List<Check> checks = health.checks();
    exchange.json(status(checks), health.report(checks));
  }

  /** {@code GET /health/live}: whether the process answers at all. */
  public void live(Exchange exchange) throws IOException {
    exchange.json(200, Map.of("status", "UP"));
  }

  /** {@code GET /health/ready}: whether uploads can be taken; 503 when not. */
  public void ready(Exchange exchange) throws IOException {
    int status = status(health.checks());
    exchange.json(status, Map.of("status", word(status)));
  }

  private static String word(int status) {
    return status == 200 ? "UP" : "DOWN";
  }

  private static int status(List<Check> checks) {
    return checks.stream().allMatch(Check::ok) ? 200 : 503;
  }

  /** {@code GET /metrics}, if figures are open. */
  public void openMetrics(Exchange exchange) throws IOException {
    if (!open) {
      throw new ProblemException(
          Problem.of(
              403,
              "sign-in-needed",
              "The metrics are at dashboard/metrics, for those who may see the dashboard. The setting"
                  + " spillway.metrics.public opens them to everybody, here."));
    }
    metrics(exchange);
  }

  /**
   * {@code GET /dashboard/metrics}: every meter in the Prometheus text format, or as OpenMetrics.
   */
  public void metrics(Exchange exchange) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    String type = telemetry.writePrometheus(text, exchange.request().getHeader("Accept"));
    exchange.text(type, text.toString(StandardCharsets.UTF_8));
  }
}
