package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.spillway.api.ApiDescription;
import dev.spillway.api.Operation;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Holds answers against the description of the wire protocol: statuses, headers, types and bodies,
 * and keeps in mind which it has met. Belongs to one test, whose thread alone calls.
 */
final class Conformity {

  /** What HTTP itself says about a message. */
  private static final Set<String> OF_HTTP =
      Set.of("date", "connection", "content-type", "content-length", "transfer-encoding");

  /** Said before a request reaches the application, which is why its headers are missing. */
  private static final Set<String> BEFORE =
      Set.of("malformed-request", "uri-too-long", "headers-too-large", "draining");

  private final ApiDescription description = ApiDescription.read().closed();
  private final SortedSet<String> pairs = new TreeSet<>();
  private final SortedSet<String> codes = new TreeSet<>();

  ApiDescription description() {
    return description;
  }

  /** Each operation that has answered, with the status: {@code getUpload 200}. */
  SortedSet<String> pairs() {
    return pairs;
  }

  /** The codes of all problems. */
  SortedSet<String> codes() {
    return codes;
  }

  /**
   * Checks all that there is to check.
   *
   * @return the code of the problem, or an empty text
   */
  String check(String operationId, Told told) {
    Operation operation = description.operation(operationId);
    JsonNode response = operation.response(told.status());
    String code = body(response.path("content"), told);
    Map<String, JsonNode> described = operation.headers(told.status());
    boolean ofApplication = !told.header("X-Request-Id").isEmpty();
    if (!ofApplication) {
      assertThat(BEFORE).as("answers of others than the application").contains(code);
    }
    described.forEach(
        (name, header) -> {
          if (ofApplication && header.path("required").asBoolean()) {
            assertThat(told.header(name)).as("header " + name).isNotEmpty();
          }
        });
    told.headers().map().forEach((name, values) -> header(described, name, values.get(0)));
    if (operation.statuses().contains(told.status())) {
      pairs.add(operationId + " " + told.status());
    }
    return code;
  }

  private void header(Map<String, JsonNode> described, String name, String value) {
    if (OF_HTTP.contains(name.toLowerCase(Locale.ROOT))) {
      return;
    }
    JsonNode header =
        described.entrySet().stream()
            .filter(each -> each.getKey().equalsIgnoreCase(name))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElseThrow(() -> new AssertionError("header " + name + " is not described"));
    JsonNode schema = header.path("schema");
    boolean isNumber = schema.path("type").asText().equals("integer");
    assertThat(
            description.mistakes(
                schema, isNumber ? LongNode.valueOf(Long.parseLong(value)) : new TextNode(value)))
        .as("header %s: %s", name, value)
        .isEmpty();
  }

  private String body(JsonNode content, Told told) {
    if (content.isMissingNode() || told.head()) {
      assertThat(told.text()).as("an answer without a body").isEmpty();
      return "";
    }
    assertThat(content.has(told.mediaType()))
        .as("%s with %s is described", told.status(), told.mediaType())
        .isTrue();
    if (!told.mediaType().endsWith("json")) {
      return "";
    }
    JsonNode json = told.json();
    assertThat(description.mistakes(content.path(told.mediaType()).path("schema"), json))
        .as("%s %s", told.status(), told.text())
        .isEmpty();
    return told.mediaType().equals("application/problem+json") ? problem(told, json) : "";
  }

  private String problem(Told told, JsonNode problem) {
    assertThat(problem.path("status").asInt()).isEqualTo(told.status());
    assertThat(problem.path("retryAfter").asText()).isEqualTo(told.header("Retry-After"));
    codes.add(problem.path("code").asText());
    return problem.path("code").asText();
  }
}
