package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The dashboard of a server with some uploads, hostile names among them, in a real browser. */
@Timeout(180)
class DashboardIT {

  private static final int PLAIN = 60;
  private static final int CHUNK = 64 * 1024;
  private static final Pattern LINE = Pattern.compile("<path [^>]*class=\"(line|columns) ");

  @TempDir private static Path home;
  @TempDir private static Path profile;

  private static final Map<HostileName, String> hostile = new EnumMap<>(HostileName.class);
  private static ServerProcess server;
  private static UploadClient uploads;
  private static OperatorBrowser browser;

  @BeforeAll
  static void start() throws Exception {
    browser = OperatorBrowser.start(profile, "operator");
    server = Realms.executableWar().start(Site.in(home).with("SPILLWAY_DASHBOARD_SAMPLE", "250ms"));
    uploads = new UploadClient(server.base());
    for (int i = 0; i < PLAIN; i++) {
      uploads.open(String.format(Locale.ROOT, "plain-%02d.bin", i), CHUNK + i, CHUNK);
    }
    OperatorClient operator = Realms.client(server.base(), "operator");
    for (HostileName name : HostileName.values()) {
      hostile.put(name, uploads.open(name.text(), CHUNK, CHUNK));
      uploads.get("uploads/" + encoded(name.text())).requireStatus(404);
      operator
          .post("dashboard/actions/cancel", Map.of("id", name.text(), "token", token(operator)))
          .requireStatus(303);
    }
    fail(hostile.get(HostileName.MARKUP));
  }

  private static String token(OperatorClient operator) throws Exception {
    return operator
        .get("dashboard/actions/cancel", "Accept", "application/json")
        .json()
        .path("token")
        .asText();
  }

  /** A file is where the finished file's directory would be made. */
  private static void fail(String id) throws Exception {
    uploads.putChunk(id, 0, new byte[CHUNK]).requireStatus(200);
    Files.createFile(server.data().resolve("files").resolve(id.substring(0, 2)));
    uploads.finish(id).requireStatus(503);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
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
  void withScripts() throws Exception {
    browser.scripts(true);
  }

  @AfterEach
  void nothingWentWrongInThePage() throws Exception {
    browser.requireSound();
  }

  private static URI page(String path) {
    return server.base().resolve(path);
  }

  static List<String> pages() {
    List<String> pages = new ArrayList<>();
    for (String window : List.of("10m", "1h", "6h", "24h")) {
      pages.add("dashboard?sort=waiting&window=" + window);
    }
    for (HostileName name : HostileName.values()) {
      String text = encoded(name.beginning());
      pages.add("dashboard/uploads/" + hostile.get(name));
      pages.add("dashboard/uploads?state=" + text + "&q=" + text + "&client=" + text);
      pages.add("dashboard/failures?since=1h&class=" + text);
      pages.add("dashboard/actions/cancel?id=" + text);
      pages.add("dashboard/actions/log-level?level=" + text + "&logger=" + text);
    }
    for (String action : List.of("cancel", "extend", "retry")) {
      pages.add("dashboard/actions/" + action + "?id=" + hostile.get(HostileName.MARKUP));
    }
    for (String action : List.of("drain", "resume", "purge", "thread-dump")) {
      pages.add("dashboard/actions/" + action);
    }
    pages.addAll(
        List.of(
            "dashboard/uploads?state=all&sort=-age&size=25&page=2",
            "dashboard/failures",
            "dashboard/runtime",
            "dashboard/audit"));
    return pages;
  }

  @TestFactory
  Stream<DynamicTest> everyPageIsSound() {
    return pages().stream()
        .map(
            path ->
                DynamicTest.dynamicTest(
                    path.substring(0, Math.min(100, path.length())),
                    () -> {
                      browser.open(page(path));
                      browser.requireSound();
                      assertThat(browser.text("h1")).isNotBlank();
                      assertThat(browser.run("return document.title")).contains(" – ");
                    }));
  }

  @ParameterizedTest
  @EnumSource
  void aHostileNameIsShownAsText(HostileName name) throws Exception {
    browser.open(page("dashboard/uploads?q=" + encoded(name.beginning())));
    assertThat(browser.count("[data-row]")).isEqualTo(1);
    assertThat(browser.text("[data-cell=name]")).isEqualTo(name.shown(80));
    assertThat(browser.run("return document.querySelector('[name=q]').value"))
        .isEqualTo(name.beginning());
    browser.requireSound();
    browser.follow("[data-row] a");
    assertThat(browser.text("h1")).isEqualTo(name.shown(1_000));
    browser.requireSound();
    browser.open(page("dashboard/failures"));
    assertThat(
            browser.run(
                "return [...document.querySelectorAll('.failures bdi')]"
                    + ".map(e => e.textContent.slice(0, 20)).join('\\n')"))
        .contains(name.shown(20).replace("…", ""));
    browser.requireSound();
    browser.open(page("dashboard/actions/cancel?id=" + hostile.get(name)));
    assertThat(browser.text(".consequences")).startsWith("Upload " + hostile.get(name) + ", \"");
  }

  @Test
  void whatOperatorsSentIsTextInTheAudit() throws Exception {
    browser.open(page("dashboard/audit"));
    assertThat(browser.count(".audit tbody tr")).isGreaterThanOrEqualTo(hostile.size());
    assertThat(browser.text(".audit")).contains(HostileName.MARKUP.text());
  }

  @Test
  void figuresChangeInTheirPlacesWhileUploadsGoOn() throws Exception {
    browser.open(page("dashboard?window=10m"));
    browser.run("window.flow = document.querySelector('[data-live=\"tile.flow.value\"]')");
    browser.run("window.first = document.querySelector('#updated time').textContent");
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ids.add(uploads.open("going-on-" + i, 64L << 20, CHUNK));
    }
    try (SteadyClients clients = SteadyClients.start(uploads, ids, CHUNK)) {
      browser.plain().await("return flow.isConnected && !/^0\\sB/.test(flow.textContent)");
      browser.plain().await("return document.querySelector('#updated time').textContent !== first");
      browser
          .plain()
          .await(
              "return Object.values(Chart.instances)"
                  + ".some(c => c.data.datasets.some(s => s.data.some(p => p.y > 1000)))");
      assertThat(clients.acknowledged()).isPositive();
    }
    for (String id : ids) {
      uploads.cancel(id);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void uploadsAreSortedPagedAndFound(boolean scripts) throws Exception {
    browser.scripts(scripts);
    browser.open(page("dashboard/uploads?size=25"));
    assertThat(browser.text("caption")).startsWith("1–25 of ");
    browser.follow("a[rel=next]");
    assertThat(browser.text("caption")).startsWith("26–50 of ");
    browser.follow("th a[href*=\"sort=name\"]");
    assertThat(browser.run("return document.querySelector('[aria-sort=ascending]').innerText"))
        .isEqualTo("file");
    browser.follow("th a[href*=\"sort=-name\"]");
    assertThat(browser.text("[aria-sort=descending]")).isEqualTo("file");
    browser.plain().type("[name=q]", "PLAIN-07");
    browser.follow(".filters button");
    assertThat(browser.count("[data-row]")).isEqualTo(1);
    assertThat(browser.text("[data-cell=name]")).isEqualTo("plain-07.bin");
    browser.plain().type("[name=state]", "failed");
    browser.follow(".filters button");
    assertThat(browser.text("main .empty")).isEqualTo("No upload fits this filter.");
  }

  @Test
  void withoutScriptsAllFiguresAreThere() throws Exception {
    OperatorClient operator = Realms.client(server.base(), "operator");
    Eventually.becomes(
        "there is a line in every chart",
        Duration.ofMinutes(2),
        () -> LINE.matcher(operator.get("dashboard").text()).results().count() >= 7);
    browser.scripts(false);
    browser.open(page("dashboard"));
    assertThat(browser.count(".tile strong")).isGreaterThanOrEqualTo(8);
    assertThat(browser.run(empty(".tile strong"))).isEqualTo("0");
    assertThat(browser.count(".checks [data-cell=sentence]")).isGreaterThan(10);
    assertThat(browser.run(empty(".checks [data-cell=sentence]"))).isEqualTo("0");
    assertThat(browser.count(".resources [data-cell=amount]")).isGreaterThan(5);
    assertThat(browser.run(empty(".resources td[data-cell]"))).isEqualTo("0");
    assertThat(browser.count("figure.chart svg path.line, figure.chart svg path.columns"))
        .isGreaterThanOrEqualTo(7);
    assertThat(browser.count("canvas")).isZero();
    assertThat(browser.count("[data-rows=worst] [data-row]")).isEqualTo(10);
    assertThat(browser.run("return document.body.innerText"))
        .contains("without JavaScript they stay so");
    assertThat(browser.run("return document.querySelector('.controls').innerText.trim()"))
        .isEmpty();
    browser.follow("noscript a");
    assertThat(browser.run("return document.body.innerText")).contains("Stop that");
    assertThat(browser.run("return location.search")).contains("refresh=10");
    for (String name : List.of("Uploads", "Failures", "Runtime", "Audit")) {
      browser.follow("nav a[href$=\"/" + name.toLowerCase(Locale.ROOT) + "\"]");
      assertThat(browser.text("h1")).isEqualTo(name);
    }
  }

  /** How many of them say nothing. */
  private static String empty(String selector) {
    return "return [...document.querySelectorAll('%s')].filter(e => !e.textContent.trim()).length"
        .formatted(selector);
  }
}
