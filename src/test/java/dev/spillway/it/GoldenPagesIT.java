package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.Programs;
import dev.spillway.dashboard.GoldenPages;
import dev.spillway.web.Exchange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The operator's pages in a real browser, light and dark, on a phone and on a desk: nothing breaks
 * the rules of accessibility that a machine can judge, nor the page's own policy, and nothing has
 * to be scrolled sideways.
 */
@Timeout(300)
class GoldenPagesIT {

  private static final String RECORD =
      "window.violations = []; addEventListener('securitypolicyviolation',"
          + " e => violations.push(e.violatedDirective + ' ' + e.blockedURI + e.sourceFile))";
  private static final String LIVE = "return !document.getElementById('live')?.hidden";
  private static final String SIDEWAYS =
      "const e = document.documentElement; return e.scrollWidth - e.clientWidth";

  @TempDir private static Path profile;
  private static Browser browser;
  private static PageServer server;
  private static Axe axe;

  @BeforeAll
  static void start() throws Exception {
    Programs.require("chromium");
    Programs.require("chromedriver");
    server = new PageServer();
    server.answer(GoldenPagesIT::nothingNew);
    axe = new Axe();
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

  /** Else the console has a failed request wherever a page is looked at for long enough. */
  private static Map<String, Object> nothingNew(Exchange exchange) {
    exchange.response().setStatus(204);
    return Map.of();
  }

  @TestFactory
  Stream<DynamicTest> everyPageKeepsTheRules() {
    return new GoldenPages(server.assets())
        .all().entrySet().stream()
            .map(
                page ->
                    DynamicTest.dynamicTest(
                        page.getKey(), () -> assertThatItIsSound(page.getKey(), page.getValue())));
  }

  private static void assertThatItIsSound(String name, String html) throws Exception {
    List<String> found = new ArrayList<>();
    for (String scheme : List.of("light", "dark")) {
      for (int width : new int[] {320, 1440}) {
        browser.emulateColours(scheme);
        browser.emulateScreen(width, 900);
        browser.open(server.serve(name, html));
        browser.await(LIVE);
        if (Effort.FULL) {
          keep(name + "-" + scheme + "-" + width);
        }
        List<String> wrong = new ArrayList<>(browser.console());
        wrong.addAll(axe.violations(browser));
        wrong.add(browser.run("return violations.join()").asText());
        wrong.add(browser.run(SIDEWAYS).asText().replaceFirst("^0$", ""));
        wrong.stream()
            .filter(line -> !line.isEmpty())
            .forEach(line -> found.add(scheme + " " + width + ": " + line));
        browser.console(); // what the rules' own work has written there
      }
    }
    assertThat(found).isEmpty();
  }

  /** To be looked at. */
  private static void keep(String name) throws Exception {
    Path folder = Files.createDirectories(Path.of("target/screenshots/golden"));
    Files.write(folder.resolve(name + ".png"), browser.fullScreenshot());
  }
}
