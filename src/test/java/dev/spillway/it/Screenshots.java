package dev.spillway.it;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Pictures of a running server's dashboard. They go to {@code target/screenshots}, or to the
 * directory that the system property {@code spillway.screenshots} names.
 */
final class Screenshots implements AutoCloseable {

  /** A window, in CSS pixels. */
  record Window(int width, int height) {
    static final Window DESK = new Window(1280, 860);
    static final Window PHONE = new Window(390, 844);
  }

  private static final String DRAWN =
      "return document.querySelector('h1') !== null && document.readyState === 'complete'";

  private final Browser browser;
  private final Path directory =
      Path.of(System.getProperty("spillway.screenshots", "target/screenshots"));

  private Screenshots(Browser browser) {
    this.browser = browser;
  }

  /**
   * @param profile an empty directory for the browser's own files
   */
  static Screenshots in(Path profile) throws IOException, InterruptedException {
    Browser browser = Browser.start(profile);
    browser.sendHeaders(
        Map.of("Authorization", OperatorClient.basic("operator", Realms.passwordOf("operator"))));
    return new Screenshots(browser);
  }

  /**
   * Takes one of a page's first screen.
   *
   * @param theme light or dark
   * @param name of the file, without its ending
   */
  void take(URI page, String theme, Window window, String name) throws Exception {
    browser.emulateScreen(window.width(), window.height());
    browser.emulateColours(theme);
    browser.open(page);
    browser.await(DRAWN);
    Files.createDirectories(directory);
    Files.write(directory.resolve(name + ".png"), browser.screenshot());
  }

  @Override
  public void close() throws IOException, InterruptedException {
    browser.close();
  }
}
