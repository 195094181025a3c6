package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets to see the dashboard; whether there is one at the address asked for is not told. */
interface AccessScenario extends Scenario {

  private URI base() {
    return client().base();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dashboard",
        "dashboard/",
        "dashboard?window=1h",
        "dashboard/uploads",
        "dashboard/uploads/x",
        "dashboard/runtime",
        "dashboard/audit",
        "dashboard/actions/drain",
        "dashboard/data/overview.json",
        "dashboard/nowhere"
      })
  default void aStrangerHasToSignIn(String path) throws Exception {
    Answer answer = OperatorClient.stranger(base()).get(path);
    assertThat(answer.status()).as("status of %s", answer.text()).isEqualTo(401);
    assertThat(answer.header("WWW-Authenticate")).startsWith("Basic realm=\"Spillway\"");
    assertThat(answer.header("Cache-Control")).contains("no-store");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/..;/dashboard",
        "/x/..;/dashboard",
        "//dashboard",
        "/./dashboard",
        "/%64ashboard",
        "/dashboard;x=y",
        "/;x=y/dashboard",
        "/dashboard;/uploads",
        "/DASHBOARD",
        "/x/../dashboard",
        "/x/%2e%2e/dashboard",
        "/x%2f..%2fdashboard",
        "/%2fdashboard",
        "/dashboard%2f",
        "/dashboard%2fdata%2foverview.json",
        "/dashboard%3b",
        "/dashboard%00",
        "/dashboard\\",
        "/dashboard/.",
        "/assets/../dashboard",
        "/assets/..%2fdashboard",
        "/error/../dashboard"
      })
  default void noWayToWriteThePathOpensTheDashboard(String target) throws Exception {
    try (RawConnection connection = new RawConnection(base())) {
      String path = base().getPath();
      String head = connection.head("GET", target).replaceFirst(path + "/", path);
      connection.send(head + "Connection: close\r\n\r\n");
      String answer = connection.receive(Duration.ofSeconds(60));
      assertThat(answer).startsWith("HTTP/1.1 ").doesNotStartWith("HTTP/1.1 2");
      assertThat(answer).doesNotContain("data-page");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "ODD"})
  default void aStrangerHasToSignInWhateverTheMethod(String method) throws Exception {
    try (RawConnection connection = new RawConnection(base())) {
      String head = connection.head(method, "dashboard/actions/drain");
      connection.send(head + "Content-Length: 0\r\nConnection: close\r\n\r\n");
      assertThat(connection.receive(Duration.ofSeconds(60)))
          .containsPattern("^HTTP/1\\.1 (401|405|501) ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"operator", "viewer"})
  default void whoeverHasARoleIsLetIn(String name) throws Exception {
    Answer answer = Realms.client(base(), name).get("dashboard");
    assertThat(answer.status()).as("status of %s", answer.text()).isNotIn(401, 403, 429, 500);
  }

  @Test
  default void aWrongPasswordIsNoPassword() throws Exception {
    OperatorClient guesser = OperatorClient.of(base(), "viewer", "none of the passwords");
    assertThat(guesser.get("dashboard").status()).isEqualTo(401);
  }

  @Test
  default void thoseWhoAreNotLetInReadWhy() throws Exception {
    Answer answer =
        OperatorClient.stranger(base()).get("dashboard", "Accept", "text/html,*/*;q=0.8");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.type()).startsWith("text/html");
    assertThat(answer.text()).contains("Sign in", base().getPath() + "assets/tokens.css");
    assertThat(answer.header("WWW-Authenticate")).startsWith("Basic realm=\"Spillway\"");
    requireHeaders(answer);
  }

  /** What every page of ours has. */
  static void requireHeaders(Answer answer) {
    assertThat(answer.header("Content-Security-Policy")).contains("default-src 'none'");
    assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    answer.requireDiscreet();
  }

  @Test
  default void theDashboardsPasswordIsNotNeededForUploads() throws Exception {
    String id = Small.finished(client());
    client().download(id).requireStatus(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Basic !!", "Basic", "Basic Og==", "Bearer x", "Basic AAAA"})
  default void malformedCredentialsDoNoHarm(String authorization) throws Exception {
    OperatorClient odd = OperatorClient.withHeader(base(), authorization);
    assertThat(odd.get("dashboard").status()).isIn(400, 401, 500);
    assertThat(odd.get("uploads/aaaaaaaaaaaaaaaaaaaaaaaaaa").status()).isIn(400, 404);
  }
}
