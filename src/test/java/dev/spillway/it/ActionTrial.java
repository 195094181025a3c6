package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/**
 * One form of the dashboard, sent by everybody from everywhere: it has to act once, and only for an
 * operator who sends it from a page of the server's own. Belongs to one test.
 */
final class ActionTrial {

  private static final List<String> EVERYBODY = List.of("operator", "viewer", "stranger");

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI base;
  private final String path;
  private final String action;
  private final Map<String, String> parameters;
  private final Map<String, String> form;
  private final Callable<String> effect;
  private final OperatorClient operator;

  private ActionTrial(
      URI base, String action, Map<String, String> parameters, Callable<String> effect)
      throws Exception {
    this.base = base;
    this.action = action;
    this.path = "dashboard/actions/" + action;
    this.parameters = parameters;
    this.effect = effect;
    this.operator = Realms.client(base, "operator");
    this.form = new HashMap<>(parameters);
    Answer asked = operator.get(query(parameters), "Accept", "application/json");
    form.put("token", asked.requireStatus(200).json().path("token").asText());
    assertThat(asked.json().has("refusal")).as("refused: %s", asked.text()).isFalse();
  }

  /**
   * @param parameters what the form sends along
   * @param effect tells in a word how things are that the action changes
   */
  static ActionTrial of(
      URI base, String action, Map<String, String> parameters, Callable<String> effect)
      throws Exception {
    return new ActionTrial(base, action, parameters, effect);
  }

  private String query(Map<String, String> fields) {
    return path + "?" + encoded(fields);
  }

  private static String encoded(Map<String, String> fields) {
    return new TreeMap<>(fields)
        .entrySet().stream()
            .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** All that it has to withstand, and then that it acts, once. */
  void run(String before, String after) throws Exception {
    assertThat(effect.call()).as("before " + action).isEqualTo(before);
    requireRefusals();
    assertThat(effect.call()).as("after refusals of " + action).isEqualTo(before);
    requireNothingByLooking();
    assertThat(effect.call()).as("after a look at " + action).isEqualTo(before);
    requireDone(send("operator", FormSource.OWN_PAGE), "Done.");
    assertThat(effect.call()).as("after " + action).isEqualTo(after);
    requireDone(send("operator", FormSource.OWN_HOST), "Nothing changed.");
    assertThat(effect.call()).as("after the same form again").isEqualTo(after);
  }

  /** With the very token that acts later on. */
  private void requireRefusals() throws Exception {
    long last = lastNumber();
    List<String> expected = new ArrayList<>();
    for (String who : EVERYBODY) {
      for (FormSource from : FormSource.values()) {
        if (who.equals("operator") && from.isOwn()) {
          continue;
        }
        requireRefusal(send(who, from), who, from);
        if (!who.equals("stranger")) {
          expected.add(0, who);
        }
      }
    }
    List<AuditLine> lines =
        AuditLine.read(operator).stream().filter(line -> line.number() > last).toList();
    assertThat(lines).allMatch(AuditLine::isRefusal);
    assertThat(lines).allMatch(line -> line.action().equals(action));
    assertThat(lines).extracting(AuditLine::who).isEqualTo(expected);
  }

  private void requireRefusal(Answer answer, String who, FormSource from) {
    String as = "%s from %s as %s: %s".formatted(action, from, who, answer.text());
    if (who.equals("stranger")) {
      assertThat(answer.status()).as(as).isEqualTo(401);
      return;
    }
    String code = from.isOwn() ? "role-missing" : from.code();
    assertThat(answer.status()).as(as).isEqualTo(from.isOwn() ? 403 : from.status());
    assertThat(answer.json().path("code").asText()).as(as).isEqualTo(code);
    assertThat(answer.json().path("detail").asText()).as(as).isNotBlank();
  }

  private long lastNumber() throws Exception {
    return AuditLine.read(operator).stream().mapToLong(AuditLine::number).max().orElse(0);
  }

  private Answer send(String who, FormSource from) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path))
            .header("Content-Type", from.mediaType())
            .header("Accept", from.isOwn() && who.equals("operator") ? "text/html" : "*/json")
            .POST(BodyPublishers.ofString(encoded(form)));
    if (!who.equals("stranger")) {
      request.header("Authorization", OperatorClient.basic(who, Realms.passwordOf(who)));
    }
    String[] headers = from.headers(base);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return new Answer(http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
  }

  /** Neither a look at the page that asks, nor an address with all that the form has. */
  private void requireNothingByLooking() throws Exception {
    long last = lastNumber();
    for (String query : List.of(path, query(parameters), query(form))) {
      operator.get(query, "Accept", "text/html").requireStatus(200);
      Realms.client(base, "viewer").get(query, "Accept", "text/html").requireStatus(403);
      head(query).requireStatus(200);
    }
    assertThat(lastNumber()).as("audited").isEqualTo(last);
  }

  private Answer head(String query) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(base.resolve(query))
            .header(
                "Authorization", OperatorClient.basic("operator", Realms.passwordOf("operator")))
            .method("HEAD", BodyPublishers.noBody())
            .build();
    return new Answer(http.send(request, HttpResponse.BodyHandlers.ofByteArray()));
  }

  /** Leads to a page that says so, and is audited. */
  private void requireDone(Answer answer, String word) throws Exception {
    answer.requireStatus(303);
    String location = answer.header("Location");
    assertThat(location).contains(base.getPath() + "dashboard").contains("result=");
    String page = operator.get(location).requireStatus(200).text();
    assertThat(page).contains("id=\"result\"").contains(word);
    AuditLine line = AuditLine.read(operator).get(0);
    assertThat(line.action()).isEqualTo(action);
    assertThat(line.who()).isEqualTo("operator");
    assertThat(line.result()).contains(word);
    assertThat(line.target()).isEqualTo(parameters.getOrDefault("id", line.target()));
  }
}
