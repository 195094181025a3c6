package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What operators do by clicking, in a real browser, and what viewers cannot. All that is done here
 * stays below what the server lets happen in a minute.
 */
@Timeout(300)
class DashboardActionsIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String CONFIRM = "form.panel button";

  @TempDir private static Path home;
  @TempDir private static Path profile;
  private static ServerProcess server;
  private static UploadClient uploads;
  private static OperatorBrowser browser;

  /** It samples as seldom as it does by default: what was done is seen before the next sample. */
  @BeforeAll
  static void start() throws Exception {
    browser = OperatorBrowser.start(profile, "operator");
    Site site =
        Site.in(home)
            .brief()
            .with("SPILLWAY_UPLOAD_IDLE_EXPIRY", "1s")
            .with("SPILLWAY_UPLOAD_IDLE_EXPIRY_LOW_DISK", "1s")
            .with("SPILLWAY_UPKEEP_STALE_EVERY", "7d");
    server = Realms.executableWar().start(site);
    uploads = new UploadClient(server.base());
  }

  @AfterAll
  static void stop() throws Exception {
    if (browser != null) {
      browser.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void asAnOperator() throws Exception {
    browser.signIn("operator");
    browser.scripts(true);
  }

  @AfterEach
  void nothingWentWrongInThePage() throws Exception {
    browser.requireSound();
  }

  private static void open(String path) throws Exception {
    browser.open(server.base().resolve(path));
  }

  private static void requireResult(String text) throws Exception {
    assertThat(browser.text("#result")).contains(text);
    assertThat(browser.run("return getComputedStyle(document.getElementById('result')).display"))
        .isNotEqualTo("none");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void drainedAndResumedByClicking(boolean scripts) throws Exception {
    browser.scripts(scripts);
    open("dashboard");
    assertThat(browser.text("header .mode")).isEqualTo("ACCEPTING");
    browser.follow("a[href$=\"/actions/drain\"]");
    assertThat(browser.text(".consequences")).contains("503 and Retry-After", "/health/ready");
    browser.requireSound();
    browser.follow(CONFIRM);
    requireResult("✓ Done. New uploads are refused from now on");
    uploads.create(Map.of("name", "late", "size", 1)).requireProblem(503, "draining");
    assertThat(browser.text("header .mode")).isEqualTo("DRAINING");
    browser.follow("form[action$=\"/actions/resume\"] button");
    requireResult("✓ Done. New uploads are taken again.");
    uploads.create(Map.of("name", "again", "size", 1)).requireStatus(201);
    assertThat(browser.text("header .mode")).isEqualTo("ACCEPTING");
    assertThat(browser.has("form[action$=\"/actions/resume\"]")).isFalse();
  }

  @Test
  void anUploadIsExtendedAndCancelledByClicking() throws Exception {
    String id = Small.received(uploads);
    open("dashboard/uploads/" + id);
    browser.follow("form[action$=\"/actions/extend\"] button");
    requireResult("✓ Done. Without a further byte, the upload now ends at");
    browser.follow("a[href*=\"/actions/cancel\"]");
    assertThat(browser.text(".consequences")).contains(id, "cannot be brought back");
    assertThat(browser.has("#typed")).as("nothing to type below 1 GiB").isFalse();
    browser.follow(CONFIRM);
    requireResult("✓ Done. The upload is cancelled and its space freed.");
    assertThat(uploads.status(id).json().path("state").asText()).isEqualTo("CANCELLED");
    assertThat(browser.has("form[method=post], a[href*=\"/actions/\"]")).isFalse();
  }

  @Test
  void abandonedUploadsArePurgedAfterAPreview() throws Exception {
    String id = Small.received(uploads);
    Eventually.becomes("it is abandoned", SOON, () -> DashboardScenario.isAbandoned(uploads, id));
    open("dashboard/uploads");
    browser.follow("a[href$=\"/actions/purge\"]");
    assertThat(browser.text(".consequences"))
        .containsPattern("[0-9]+ uploads? with [0-9.]+ (bytes|[KM]iB) received will end\\.");
    browser.follow(CONFIRM);
    assertThat(browser.text("#result")).containsPattern("Done\\. [0-9]+ uploads? purged, ");
    assertThat(uploads.status(id).json().path("state").asText()).isEqualTo("EXPIRED");
  }

  @Test
  void aThreadDumpIsTakenAndShownByClicking() throws Exception {
    open("dashboard/runtime");
    browser.follow("form[action$=\"/actions/thread-dump\"] button");
    requireResult("✓ Done. Thread dump 1 is taken.");
    String link = "a[href$=\"/dashboard/threads/1\"]";
    assertThat(browser.has(link)).as("a link to the dump").isTrue();
    browser.plain().click(link);
    browser.plain().await("return document.body.innerText.includes('Reference Handler')");
  }

  @Test
  void aLogLevelIsSetByClicking() throws Exception {
    open("dashboard/runtime");
    assertThat(browser.has("form[action$=\"/actions/log-level\"]")).as("a form").isTrue();
    browser.plain().type("[name=logger]", "dev.spillway.web");
    browser.plain().type("[name=level]", "DEBUG");
    browser.follow("form[action$=\"/actions/log-level\"] button");
    browser.follow(CONFIRM);
    requireResult("✓ Done. dev.spillway.web logs at DEBUG for 10 min.");
  }

  @Test
  void aPageElsewhereCannotActForAnOperator() throws Exception {
    OperatorClient operator = Realms.client(server.base(), "operator");
    String token =
        operator
            .get("dashboard/actions/drain", "Accept", "application/json")
            .json()
            .path("token")
            .asText();
    String page =
        "<h1>Elsewhere</h1><form method=post action='%s'><input name=token value='%s'><button>x"
            .formatted(server.base().resolve("dashboard/actions/drain"), token);
    String encoded = URLEncoder.encode(page, StandardCharsets.UTF_8).replace("+", "%20");
    browser.plain().open(URI.create("data:text/html;charset=utf-8," + encoded));
    browser.follow("button");
    assertThat(browser.text("h1")).isEqualTo("Nothing was done");
    assertThat(browser.text(".result")).contains("Sec-Fetch-Site", "cross-site");
    browser.requireSoundRefusal();
    uploads.create(Map.of("name", "all the same", "size", 1)).requireStatus(201);
    assertThat(AuditLine.read(operator).get(0))
        .satisfies(line -> assertThat(line.action()).isEqualTo("drain"))
        .satisfies(line -> assertThat(line.isRefusal()).isTrue());
  }

  @Test
  void aViewerSeesEverythingAndNothingToActWith() throws Exception {
    browser.signIn("viewer");
    String upload = "dashboard/uploads/" + Small.opened(uploads);
    for (String path : List.of("dashboard", "dashboard/uploads", "dashboard/runtime", upload)) {
      open(path);
      assertThat(browser.has("form[method=post], a[href*=\"/actions/\"]")).as(path).isFalse();
      assertThat(browser.text("footer")).contains("viewer", "may look");
    }
    open("dashboard/actions/drain");
    assertThat(browser.text(".result")).contains("that needs the role spillway-operator");
    assertThat(browser.has("form[method=post]")).isFalse();
    browser.requireSoundRefusal();
  }

  @Test
  void readOnlyItShowsABadgeAndRefusesEveryAction(@TempDir Path other) throws Exception {
    Site site = Site.in(other).brief().with("SPILLWAY_DASHBOARD_READ_ONLY", "on");
    try (ServerProcess readOnly = Realms.executableWar().start(site)) {
      UploadClient client = new UploadClient(readOnly.base());
      String id = Small.opened(client);
      OperatorClient operator = Realms.client(readOnly.base(), "operator");
      for (String path : List.of("", "/uploads", "/runtime", "/uploads/" + id)) {
        browser.open(readOnly.base().resolve("dashboard" + path));
        assertThat(browser.text(".mode.read-only")).isEqualTo("READ-ONLY UI");
        assertThat(browser.has("form[method=post], a[href*=\"/actions/\"]")).as(path).isFalse();
      }
      browser.requireSound();
      for (String action : List.of("drain", "resume", "cancel", "extend", "retry", "purge")) {
        requireReadOnly(operator, action, id);
      }
      requireReadOnly(operator, "thread-dump", id);
      requireReadOnly(operator, "log-level", id);
      assertThat(AuditLine.read(operator)).hasSize(8).allMatch(AuditLine::isRefusal);
      client.create(Map.of("name", "x", "size", 1)).requireStatus(201);
      assertThat(client.status(id).json().path("state").asText()).isEqualTo("RECEIVING");
      assertThat(operator.get("dashboard/threads/1").status()).isEqualTo(404);
    }
  }

  private static void requireReadOnly(OperatorClient operator, String action, String id)
      throws Exception {
    String path = "dashboard/actions/" + action;
    Answer asked = operator.get(path + "?id=" + id, "Accept", "application/json");
    asked.requireStatus(403);
    String token = asked.json().path("token").asText();
    Answer answer = operator.post(path, Map.of("id", id, "token", token));
    answer.requireStatus(403);
    assertThat(answer.text()).contains("read-only").doesNotContain("method=\"post\"");
  }
}
