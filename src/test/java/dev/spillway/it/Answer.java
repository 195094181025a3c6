package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** What a server has answered. */
record Answer(HttpResponse<byte[]> response) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What an outsider must not learn: stack traces, class names, paths, versions. */
  private static final Pattern INSIDE =
      Pattern.compile(
          "\\tat |Exception|Caused by|dev\\.spillway|org\\.(eclipse|apache|sqlite)"
              + "|java\\.(io|lang|nio|util)|jakarta\\.|/tmp/|/home/|[Jj]etty|[Tt]omcat");

  int status() {
    return response.statusCode();
  }

  /** The media type, or an empty text. */
  String type() {
    return header("Content-Type");
  }

  byte[] body() {
    return response.body();
  }

  String text() {
    return new String(body(), StandardCharsets.UTF_8);
  }

  JsonNode json() {
    try {
      return JSON.readTree(body());
    } catch (IOException e) {
      throw new UncheckedIOException("not JSON: " + text(), e);
    }
  }

  String header(String name) {
    return response.headers().firstValue(name).orElse("");
  }

  Answer requireStatus(int expected) {
    assertThat(status()).as("status; the answer is %s", text()).isEqualTo(expected);
    return this;
  }

  /** Checks that this is a refusal with a code, and that it tells nothing of the inside. */
  Answer requireProblem(int expectedStatus, String code) {
    requireStatus(expectedStatus);
    assertThat(type()).as("media type of %s", text()).startsWith("application/problem+json");
    JsonNode problem = json();
    assertThat(problem.path("code").asText()).as("code of %s", text()).isEqualTo(code);
    assertThat(problem.path("status").asInt()).isEqualTo(expectedStatus);
    assertThat(problem.path("title").asText()).isNotBlank();
    assertThat(problem.path("detail").asText()).isNotBlank();
    assertThat(problem.path("retryable").isBoolean()).isTrue();
    return requireDiscreet();
  }

  /** Checks for a refusal of the client's mistake, whatever its code. */
  Answer requireRefusal() {
    assertThat(status()).as("status of %s", text()).isBetween(400, 499);
    assertThat(type()).as("media type of %s", text()).startsWith("application/problem+json");
    assertThat(json().path("code").asText()).isNotBlank();
    return requireDiscreet();
  }

  Answer requireDiscreet() {
    requireDiscreet(text());
    return this;
  }

  static void requireDiscreet(String text) {
    assertThat(text).doesNotContainPattern(INSIDE);
  }
}
