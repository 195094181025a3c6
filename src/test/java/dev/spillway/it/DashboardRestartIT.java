package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A page of the dashboard that stays open while its server is killed and started again. */
@Timeout(300)
class DashboardRestartIT {

  private static final int CHUNK = 64 * 1024;
  private static final Pattern NO_DATA =
      Pattern.compile(
          "No data since [0-9:]{8} UTC – the page could not reach the server;"
              + " retrying (?<when>now|in [0-9]+ s)\\.");

  private static final String SEEN = "document.getElementById('saturation-title')";
  private static final String PLACE = SEEN + ".getBoundingClientRect().top";

  @TempDir private Path home;
  @TempDir private Path profile;

  @Test
  void theOpenPageTellsOfTheLossAndComesBackByItself() throws Exception {
    Site site = Site.in(home).brief().with("SPILLWAY_DASHBOARD_SAMPLE", "500ms");
    try (OperatorBrowser browser = OperatorBrowser.start(profile, "operator");
        ServerProcess first = Realms.executableWar().start(site)) {
      UploadClient client = new UploadClient(first.base());
      String id = client.open("film.mov", 64L << 20, CHUNK);
      browser.open(first.base().resolve("dashboard?window=10m&sort=name"));
      follow(browser, id, client);
      browser.run("%s.scrollIntoView({block: 'center'}); window.opened = true".formatted(SEEN));
      browser.run("window.place = " + PLACE);
      browser.requireSound();

      first.kill();
      requireNoData(browser);

      ServerKind same = new AtPort(Realms.executableWar(), first.base().getPort());
      try (ServerProcess second = same.start(site)) {
        requireBack(browser);
        assertThat(browser.plain().console()).allMatch(DashboardRestartIT::isAbsence);
        follow(browser, id, client);
        browser.requireSound();
        second.stop();
      }
    }
  }

  /**
   * Nothing but a server that is not there, or not yet: it does not ask for a password as long as
   * it does not know any.
   */
  private static boolean isAbsence(String line) {
    return line.contains("/dashboard/data/overview.json?")
        && (line.contains("ERR_CONNECTION") || line.contains("status of 503"));
  }

  /** An upload that goes on changes its own row. */
  private static void follow(OperatorBrowser browser, String id, UploadClient client)
      throws Exception {
    String bytes = "[data-row=\"" + id + "\"] [data-cell=bytes]";
    browser.plain().await("return document.querySelector('" + bytes + "') !== null");
    browser.run(
        "window.row = document.querySelector('%s'); window.before = row.textContent"
            .formatted(bytes));
    try (SteadyClients clients = SteadyClients.start(client, List.of(id), CHUNK)) {
      browser.plain().await("return row.isConnected && row.textContent !== before");
      assertThat(clients.acknowledged()).isPositive();
    }
  }

  private static void requireNoData(OperatorBrowser browser) throws Exception {
    browser.plain().await("return document.body.dataset.stale === ''");
    List<String> seen = new ArrayList<>();
    for (int i = 0; i < 200 && seen.size() < 3; i++) {
      Matcher text = NO_DATA.matcher(browser.text("h1"));
      assertThat(text.find()).as(browser.text("h1")).isTrue();
      if (!seen.contains(text.group("when"))) {
        seen.add(text.group("when"));
      }
      LockSupport.parkNanos(50_000_000);
    }
    assertThat(seen).as("countdown").hasSize(3);
    assertThat(browser.run("return document.title")).startsWith("No data – ");
  }

  private static void requireBack(OperatorBrowser browser) throws Exception {
    // At once: a new server may be late with the next figures.
    browser
        .plain()
        .await(
            "return document.body.dataset.stale === undefined"
                + " && !document.title.startsWith('No data')"
                + " && !document.querySelector('h1').textContent.includes('No data')");
    assertThat(browser.run("return window.opened === true")).as("not reloaded").isEqualTo("true");
    assertThat(browser.run("return location.search")).isEqualTo("?window=10m&sort=name");
    assertThat(browser.plain().run("return Math.abs(place - %s)".formatted(PLACE)).asDouble())
        .as("pixels that the reader's place has moved")
        .isLessThan(5);
    assertThat(
            browser.run("return Object.values(Chart.instances)[0].marks.map(m => m.kind).join()"))
        .contains("START");
  }
}
