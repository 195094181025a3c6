package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.Programs;
import java.io.InputStream;
import java.net.URI;
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
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What scripts make of the operator's pages, in a real browser with the product's headers. */
@Timeout(300)
class LivePageIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int INTERVAL = 200;

  /** Where the page itself must not take a machine that is busy for a server that is gone. */
  private static final int LONG_INTERVAL = 1500;

  private static final String ESCAPE = "\uE00C";
  private static final String END = "\uE010";
  private static final String LEFT = "\uE012";

  private static final String RECORD =
      """
      window.violations = [];
      window.said = [];
      addEventListener('securitypolicyviolation',
        (e) => violations.push(e.violatedDirective + ' ' + e.blockedURI));
      addEventListener('DOMContentLoaded', () => {
        for (const region of document.querySelectorAll('#announce, #alarm')) {
          const record = () => region.textContent && said.push(region.id + ': ' + region.textContent);
          new MutationObserver(record).observe(region, { childList: true });
        }
      });
      """;

  @TempDir private static Path profile;
  private static Browser browser;
  private static PageServer server;

  private LiveFigures figures;
  private String name;
  private URI page;
  private boolean failuresAreExpected;

  @BeforeAll
  static void start() throws Exception {
    Programs.require("chromium");
    Programs.require("chromedriver");
    server = new PageServer();
    browser = Browser.start(profile);
    browser.devTools("Page.addScriptToEvaluateOnNewDocument", Map.of("source", RECORD));
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
  void openAnew(TestInfo test) throws Exception {
    figures = new LiveFigures();
    server.answer(exchange -> figures.next(exchange.request().getParameter("since") == null));
    failuresAreExpected = false;
    name = test.getTestMethod().orElseThrow().getName();
    openPage(INTERVAL);
  }

  private void openPage(int interval) throws Exception {
    page = server.serve(name, html(interval));
    browser.open(page);
  }

  private static String html(int interval) throws Exception {
    try (InputStream in = LivePageIT.class.getResourceAsStream("live.html")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .replace("INTERVAL", String.valueOf(interval))
          .replace("POINTS", new ObjectMapper().writeValueAsString(LiveFigures.history(1)));
    }
  }

  /** Whatever a test did: no error, no violation of the page's own content security policy. */
  @AfterEach
  void nothingWentWrongInThePage() throws Exception {
    List<String> console = browser.console();
    if (!failuresAreExpected) {
      assertThat(console).isEmpty();
    }
    assertThat(console).noneMatch(line -> line.contains("Error"));
    assertThat(run("return violations.join()")).isEmpty();
    run("localStorage.clear()");
    browser.open(URI.create("about:blank"));
  }

  @Test
  void figuresChangeInTheirPlaces() throws Exception {
    run("window.place = document.getElementById('queue').firstChild.parentNode");
    figures.queue("17", 0.5);
    browser.await("return place.isConnected && place.textContent === '17'");
    assertThat(run("return document.getElementById('meter').value")).isEqualTo("0.5");
    assertThat(run("return document.getElementById('bar').getAttribute('width')"))
        .isEqualTo("50.0");
    assertThat(run("return document.querySelector('#updated time').dateTime"))
        .startsWith("2025-10-09T");
  }

  @Test
  void hostileTextsAreShownAsText() throws Exception {
    browser.await("return document.querySelector('[data-cell=name]').textContent === '<b>u1'");
    assertThat(run("return document.querySelector('table').innerHTML")).doesNotContain("<b>");
  }

  @Test
  void whatTheReaderHasSetUpSurvivesTenTicks() throws Exception {
    run(
        "document.getElementById('open').open = true; scrollTo(0, 40);"
            + "document.querySelector('[data-row=u2] a').focus(); window.scrolled = scrollY");
    awaitTicks(10);
    assertThat(
            run(
                "return document.getElementById('open').open && scrollY === scrolled"
                    + " && document.activeElement.closest('tr').dataset.row === 'u2'"))
        .isEqualTo("true");
  }

  @Test
  void nothingIsAskedForWhileTextIsSelected() throws Exception {
    openPage(LONG_INTERVAL);
    awaitTicks(1);
    run("getSelection().selectAllChildren(document.querySelector('caption'))");
    assertThatNothingIsAskedFor();
    assertThat(run("return String(getSelection())")).isEqualTo("Uploads");
    assertThat(run("return document.getElementById('updated').textContent"))
        .endsWith("UTC · paused while text is selected");
    run("getSelection().removeAllRanges()");
    awaitTicks(1);
  }

  @Test
  void aPointerThatStaysOnAChartHoldsThePageForAWhileOnly() throws Exception {
    openPage(LONG_INTERVAL);
    awaitTicks(1);
    browser.hover("canvas");
    assertThatNothingIsAskedFor();
    assertThat(run("return document.getElementById('updated').textContent"))
        .endsWith("UTC · paused while you read a chart");
    awaitTicks(2);
  }

  @Test
  void aPausedPageAsksForNothing() throws Exception {
    openPage(LONG_INTERVAL);
    awaitTicks(1);
    browser.click("#live");
    assertThat(run("return document.getElementById('live').getAttribute('aria-pressed')"))
        .isEqualTo("false");
    assertThatNothingIsAskedFor();
    browser.click("#live");
    awaitTicks(2);
  }

  @Test
  void aHiddenPageAsksForNothing() throws Exception {
    openPage(LONG_INTERVAL);
    awaitTicks(1);
    hide(true);
    assertThatNothingIsAskedFor();
    hide(false);
    awaitTicks(2);
    assertThat(run("return document.title")).isEqualTo("OK – Spillway");
  }

  private static void hide(boolean hidden) throws Exception {
    run(
        "Object.defineProperty(document, 'hidden', {value: "
            + hidden
            + ", configurable: true}); document.dispatchEvent(new Event('visibilitychange'))");
  }

  @Test
  void anAbsentServerMakesTheVerdictUnknownAndANewOneIsMarked() throws Exception {
    failuresAreExpected = true;
    openPage(LONG_INTERVAL);
    awaitTicks(2);
    server.disappear();
    browser.await("return document.body.dataset.stale === ''");
    assertThat(run("return document.querySelector('h1').innerText"))
        .matches(
            "\\? No data since 08:5[0-9]:[0-9]{2} UTC – the page could not reach the server;"
                + " retrying (now|in [0-9]+ s)\\.");
    assertThat(run("return document.title")).isEqualTo("No data – Spillway");
    assertThat(run("return document.getElementById('icon').href")).endsWith("/status-unknown.svg");
    figures.restarted("b");
    server.comeBack();
    browser.await("return document.body.dataset.stale === undefined");
    assertThat(run("return document.title")).isEqualTo("OK – Spillway");
    assertThat(run("return document.getElementById('icon').href")).endsWith("/status-ok.svg");
    assertThat(said()).hasSize(2).last().isEqualTo("announce: The server is OK.");
    assertThat(server.asked()).last().asString().contains("window=10m");
    assertThat(run("return Object.values(Chart.instances)[0].marks.map(m => m.kind).join()"))
        .isEqualTo("DRAIN,START");
  }

  @Test
  void failuresAreRetriedLessAndLessOften() throws Exception {
    failuresAreExpected = true;
    server.answer(exchange -> Map.of());
    awaitTicks(3);
    long from = System.nanoTime();
    int before = server.asked().size();
    Thread.sleep(4 * INTERVAL);
    int asked = server.asked().size() - before;
    long millis = (System.nanoTime() - from) / 1_000_000; // longer on a busy machine
    assertThat(asked).as("in %d ms", millis).isLessThanOrEqualTo((int) (millis / (4 * INTERVAL)));
  }

  @Test
  void aServerThatHasStoppedMeasuringIsNotTrusted() throws Exception {
    Map<String, Object> same = figures.next(true);
    server.answer(exchange -> same);
    browser.await("return document.body.dataset.stale === ''");
  }

  @Test
  void onlyAnotherVerdictIsSpoken() throws Exception {
    openPage(LONG_INTERVAL);
    awaitTicks(5);
    assertThat(said()).isEmpty();
    figures.state("FAILING");
    browser.await("return said.length > 0");
    awaitTicks(3);
    assertThat(said()).containsExactly("alarm: The server is FAILING.");
    assertThat(run("return document.title")).isEqualTo("FAILING – Spillway");
    assertThat(run("return document.getElementById('icon').href")).endsWith("/status-critical.svg");
    figures.state("OK");
    browser.await("return said.length > 1");
    assertThat(said()).last().isEqualTo("announce: The server is OK.");
  }

  @Test
  void themeAndIntervalSurviveAReload() throws Exception {
    openPage(LONG_INTERVAL);
    browser.type("#theme", "dark");
    browser.type("#interval", "off");
    browser.open(page);
    browser.await("return !document.getElementById('live').hidden");
    assertThat(run("return document.documentElement.dataset.theme")).isEqualTo("dark");
    assertThat(run("return document.getElementById('interval').value")).isEqualTo("0");
    assertThat(run("return document.getElementById('theme').value")).isEqualTo("dark");
    assertThatNothingIsAskedFor();
    assertThat(run("return Object.keys(localStorage).sort().join()"))
        .isEqualTo("spillway.interval,spillway.theme");
  }

  @Test
  void newRowsComeLastAndThoseThatAreGoneStay() throws Exception {
    awaitTicks(1);
    run("window.top2 = document.querySelector('[data-row=u2]').getBoundingClientRect().top");
    figures.uploads("u3", "u2");
    browser.await("return document.querySelector('[data-row=u3] [data-cell=phase]') !== null");
    assertThat(
            run(
                "return [...document.querySelectorAll('tbody tr')].map(r => r.dataset.row)"
                    + ".join()"))
        .isEqualTo("u1,u2,u3");
    assertThat(run("return document.querySelector('[data-row=u1]').dataset.gone")).isEmpty();
    assertThat(run("return document.querySelector('[data-row=u3] a').getAttribute('href')"))
        .isEqualTo("/up/dashboard/uploads/u3");
    assertThat(
            run(
                "return top2 === document.querySelector('[data-row=u2]').getBoundingClientRect().top"))
        .isEqualTo("true");
  }

  @Test
  void keysMoveOneCursorOverAllCharts() throws Exception {
    browser.await("return document.querySelectorAll('canvas').length === 3");
    browser.click("#live");
    run("document.querySelector('canvas').focus()");
    browser.press(END);
    String last = run("return document.querySelector('.reading').textContent");
    assertThat(last).matches("08:5[0-9]:[0-9]{2} UTC: received .*, on record .*");
    browser.press(LEFT);
    assertThat(run("return document.querySelector('.reading').textContent")).isNotEqualTo(last);
    assertThat(
            run(
                "return new Set([...document.querySelectorAll('.reading')]"
                    + ".map(r => r.textContent.slice(0, 8))).size"))
        .isEqualTo("1");
    assertThat(run("return document.querySelector('[aria-live] ').className")).contains("reading");
    browser.press(ESCAPE);
    assertThat(run("return document.querySelector('.reading').textContent")).isEmpty();
  }

  @Test
  void theTableUnderAChartGrowsWithIt() throws Exception {
    browser.await("return document.querySelectorAll('canvas').length === 3");
    run("for (const table of document.querySelectorAll('figure details')) table.open = true");
    browser.await("return document.querySelectorAll('figure tbody tr').length === 24");
    assertThat(run("return document.querySelector('figure tbody').innerText"))
        .matches("(?s)08:45\\s.* MiB/s.*");
  }

  private static void awaitTicks(int more) throws Exception {
    int before = server.asked().size();
    Eventually.becomes(
        more + " more requests", PATIENCE, () -> server.asked().size() >= before + more);
  }

  /** Here nothing can be waited for: it is the time itself that has to pass. */
  private static void assertThatNothingIsAskedFor() throws Exception {
    Thread.sleep(LONG_INTERVAL); // for a request that was on its way
    int before = server.asked().size();
    Thread.sleep(3 * LONG_INTERVAL);
    assertThat(server.asked()).hasSize(before);
  }

  private static List<String> said() throws Exception {
    String lines = run("return said.join('\\n')");
    return lines.isEmpty() ? List.of() : List.of(lines.split("\n"));
  }

  private static String run(String script) throws Exception {
    return browser.run(script).asText();
  }
}
