package dev.spillway.it;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.web.Pages;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.thymeleaf.templateresolver.FileTemplateResolver;

/**
 * The upload page in a real browser, with the headers of the product and a client in which happens
 * what the test says. Belongs to the test, which closes it; one thread at a time may call.
 */
final class UploadPage implements AutoCloseable {

  static final String TAB = "\uE004";
  static final String BACK_TAB = "\uE008\uE004";
  static final String ENTER = "\uE007";
  static final String ESCAPE = "\uE00C";
  static final String SPACE = " ";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Violations of the page's policy, and everything that is said. */
  private static final String RECORD =
      """
      window.violations = [];
      window.said = [];
      addEventListener('securitypolicyviolation',
        (e) => violations.push(e.violatedDirective + ' ' + e.blockedURI + e.sourceFile));
      addEventListener('DOMContentLoaded', () => {
        const region = document.getElementById('status');
        if (!region) return;
        const record = () => region.textContent && said.push(region.textContent);
        new MutationObserver(record).observe(region, { childList: true });
      });
      """;

  private static final String READY = "return document.body.dataset.ready === 'true'";

  private final PageServer server;
  private final Browser browser;
  private final URI address;

  private UploadPage(PageServer server, Browser browser, URI address) {
    this.server = server;
    this.browser = browser;
    this.address = address;
  }

  /**
   * @param profile an empty directory for the browser's own files
   */
  static UploadPage start(Path profile) throws Exception {
    PageServer server = new PageServer();
    server.fake("spillway-client.js", Files.readString(Path.of("src/test/js/fake-client.js")));
    Pages pages = new Pages(new FileTemplateResolver(), "src/main/webapp/WEB-INF/templates/");
    Map<String, Object> model =
        Map.of(
            "assets", server.assetsWithFakes(),
            "version", "1.0",
            "maxSize", "1\u00a0TiB",
            "chunkSize", "8\u00a0MiB");
    URI address = server.serve("upload", pages.render("start", model));
    Browser browser = Browser.start(profile);
    browser.devTools("Page.addScriptToEvaluateOnNewDocument", Map.of("source", RECORD));
    return new UploadPage(server, browser, address);
  }

  Browser browser() {
    return browser;
  }

  /** Loads the page anew and waits until it takes files. */
  void open() throws IOException, InterruptedException {
    browser.open(address);
    browser.await(READY);
  }

  /** As {@link #open}, with uploads of an earlier page. */
  void openAfter(List<Map<String, Object>> interrupted) throws IOException, InterruptedException {
    browser.open(address);
    String items = JSON.writeValueAsString(JSON.writeValueAsString(interrupted));
    run("sessionStorage.setItem('fake.restored', " + items + ")");
    open();
    run("sessionStorage.clear()");
  }

  /** Ends all uploads: while one runs, leaving the page would be asked about. */
  void settle() throws IOException, InterruptedException {
    run("fakeClient.end()");
    await("dispatchEvent(new Event('beforeunload', { cancelable: true }))");
  }

  /** Puts uploads in every state into the list. */
  void showEveryState() throws IOException, InterruptedException {
    try (InputStream in = UploadPage.class.getResourceAsStream("upload-states.js")) {
      run(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
    await("document.querySelectorAll('#uploads > li').length === fakeClient.uploads.length");
  }

  /** Runs a function body and gives back what it returns, as text. */
  String run(String script) throws IOException, InterruptedException {
    return browser.run(script).asText();
  }

  /** The value of an expression, as text. */
  String value(String expression) throws IOException, InterruptedException {
    return run("return " + expression);
  }

  /** Waits until an expression is true. */
  void await(String expression) throws IOException, InterruptedException {
    browser.await("return " + expression);
  }

  /** The text of the first element that fits a CSS selector, as it is seen. */
  String text(String selector) throws IOException, InterruptedException {
    return value("document.querySelector(" + JSON.writeValueAsString(selector) + ").innerText");
  }

  /** What has been said so far, one announcement each. */
  List<String> said() throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    browser.run("return said").forEach(line -> lines.add(line.asText()));
    return lines;
  }

  /** Presses keys where the focus is, and gives back where it is then. */
  String press(String keys) throws IOException, InterruptedException {
    browser.press(keys);
    return focused();
  }

  /** The id of what has the focus; in a row, the row's file and what it is there. */
  String focused() throws IOException, InterruptedException {
    return run(
        """
        const at = document.activeElement;
        const row = at.closest('li.upload');
        if (!row) return at.id || at.className || at.localName;
        return row.querySelector('.name').textContent + ' ' + at.className;
        """);
  }

  /** What the page may not do and has done: writing to the console, breaking its policy. */
  List<String> faults() throws IOException, InterruptedException {
    List<String> faults = new ArrayList<>(browser.console());
    browser.run("return window.violations ?? []").forEach(line -> faults.add(line.asText()));
    return faults;
  }

  @Override
  public void close() throws Exception {
    try {
      browser.close();
    } finally {
      server.close();
    }
  }
}
