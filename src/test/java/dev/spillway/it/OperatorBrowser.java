package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.Programs;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/**
 * A browser that has signed in to the dashboard, and keeps what goes wrong in its pages. Belongs to
 * the test that starts it, which closes it.
 */
final class OperatorBrowser implements AutoCloseable {

  private static final String RECORD =
      "window.violations = []; addEventListener('securitypolicyviolation',"
          + " e => violations.push(e.violatedDirective + ' ' + e.blockedURI))";
  private static final String LOADED =
      "return document.readyState === 'complete' && document.querySelector('h1') !== null"
          + " && !document.getElementById('live').hidden";

  private final Browser browser;
  private boolean scripts = true;

  private OperatorBrowser(Browser browser) {
    this.browser = browser;
  }

  /**
   * @param profile an empty directory for the browser's own files
   * @param who of the accounts of {@link Realms}
   */
  static OperatorBrowser start(Path profile, String who) throws Exception {
    Programs.require("chromium");
    Programs.require("chromedriver");
    Browser browser = Browser.start(profile);
    browser.devTools("Page.addScriptToEvaluateOnNewDocument", Map.of("source", RECORD));
    OperatorBrowser started = new OperatorBrowser(browser);
    started.signIn(who);
    browser.emulateScreen(1440, 1000);
    return started;
  }

  void signIn(String who) throws IOException, InterruptedException {
    browser.sendHeaders(Map.of("Authorization", OperatorClient.basic(who, Realms.passwordOf(who))));
  }

  /** Runs the pages that are opened from now on with or without their scripts. */
  void scripts(boolean on) throws IOException, InterruptedException {
    scripts = on;
    browser.scripts(on);
  }

  Browser plain() {
    return browser;
  }

  void open(URI page) throws IOException, InterruptedException {
    browser.open(page);
    awaitPage();
  }

  private void awaitPage() throws IOException, InterruptedException {
    browser.await(scripts ? LOADED : "return document.querySelector('h1') !== null");
  }

  /** Clicks what leads to another page, and waits for it. */
  void follow(String selector) throws IOException, InterruptedException {
    browser.run("document.documentElement.dataset.left = ''");
    browser.click(selector);
    browser.await(
        "return document.documentElement.dataset.left === undefined"
            + " && document.readyState === 'complete'");
    awaitPage();
  }

  /** What a function body returns, as text. */
  String run(String script) throws IOException, InterruptedException {
    return browser.run(script).asText();
  }

  /** What is written in the first element that fits a selector, with plain spaces. */
  String text(String selector) throws IOException, InterruptedException {
    return run("const e = document.querySelector('%s'); return e === null ? 'none' : e.textContent"
            .formatted(selector))
        .replaceAll("(?U)\\s+", " ")
        .strip();
  }

  boolean has(String selector) throws IOException, InterruptedException {
    return count(selector) > 0;
  }

  int count(String selector) throws IOException, InterruptedException {
    return browser.run("return document.querySelectorAll('%s').length".formatted(selector)).asInt();
  }

  /** Nothing has gone wrong in the page, and nothing that a client sent has become part of it. */
  void requireSound() throws IOException, InterruptedException {
    // A plain text cannot say that it has no icon, so Chromium asks for one, sooner or later.
    assertThat(browser.console())
        .as("said on the console of " + run("return location.href"))
        .allMatch(line -> line.contains("/favicon.ico "));
    requireNoIntruder();
  }

  /** The same of a page whose own status is an error, which Chromium tells on the console. */
  void requireSoundRefusal() throws IOException, InterruptedException {
    assertThat(browser.console()).allMatch(line -> line.contains("the server responded with"));
    requireNoIntruder();
  }

  private void requireNoIntruder() throws IOException, InterruptedException {
    assertThat(run("return (window.violations ?? []).join()")).isEmpty();
    assertThat(run("return document.images.length")).isEqualTo("0");
    assertThat(run("return document.querySelectorAll('main script:not([type])').length"))
        .isEqualTo("0");
  }

  @Override
  public void close() throws IOException, InterruptedException {
    browser.close();
  }
}
