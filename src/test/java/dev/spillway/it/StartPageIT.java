package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The start page in a real browser, against a real server. */
@Timeout(120)
class StartPageIT {

  private static final String ALL_FINISHED =
      "const words = [...document.querySelectorAll('.upload .word')].map(e => e.textContent);"
          + "return words.length > 0 && words.every(word => word === 'Finished')";

  @TempDir private static Path home;
  @TempDir private Path files;
  private static ServerProcess server;
  private Browser browser;

  @BeforeAll
  static void startServer() throws Exception {
    Programs.require("chromium");
    Programs.require("chromedriver");
    server = new ExecutableWar().start(Site.in(home));
  }

  @AfterAll
  static void stopServer() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void openPage() throws Exception {
    browser = Browser.start(Files.createDirectory(files.resolve("profile")));
    browser.open(server.base());
  }

  /** Whatever a test did: no error, no violation of the page's own content security policy. */
  @AfterEach
  void nothingWentWrongInThePage() throws Exception {
    try {
      assertThat(browser.console()).isEmpty();
    } finally {
      browser.close();
    }
  }

  @Test
  void filesThatAreChosenArriveWhole() throws Exception {
    Path large = file("large.bin", 20_000_003);
    Path empty = file("empty.txt", 0);
    browser.type("#files", large + "\n" + empty);
    browser.await(ALL_FINISHED);
    assertThat(downloads()).contains(bytes(large)).contains(bytes(empty));
  }

  @Test
  void aHostileNameIsShownAsText() throws Exception {
    String name = "<img src=x onerror=alert(1)>\u202e.txt";
    browser.type("#files", file(name, 10).toString());
    browser.await(ALL_FINISHED);
    assertThat(browser.run("return document.querySelector('.upload .name').textContent").asText())
        .isEqualTo(name);
    assertThat(browser.run("return document.images.length").asInt()).isZero();
  }

  @Test
  void nothingHasToBeScrolledSidewaysOnASmallScreen() throws Exception {
    browser.resize(500, 800);
    browser.type("#files", file("a".repeat(200) + ".bin", 1000).toString());
    browser.await(ALL_FINISHED);
    assertThat(
            browser
                .run("const e = document.documentElement; return e.scrollWidth - e.clientWidth")
                .asInt())
        .isZero();
  }

  private Path file(String name, int size) throws IOException {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    return Files.write(files.resolve(name), content);
  }

  private static byte[] bytes(Path file) throws IOException {
    return Files.readAllBytes(file);
  }

  private List<byte[]> downloads() throws IOException, InterruptedException {
    var links =
        browser.run("return [...document.querySelectorAll('.upload .link')].map(a => a.href)");
    List<byte[]> contents = new ArrayList<>();
    for (var link : links) {
      try (InputStream in = URI.create(link.asText()).toURL().openStream()) {
        contents.add(in.readAllBytes());
      }
    }
    return contents;
  }
}
