package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page of another site that the documentation shows, in a real browser. */
@Timeout(400)
class EmbedExampleIT {

  private static final String STATE = "return document.querySelector('#uploads li')?.dataset.state";
  private static final String READY = "return !document.querySelector('#files').disabled";

  @TempDir private Path home;
  private EmbeddingSite site;
  private ServerProcess server;
  private Browser browser;

  @BeforeEach
  void startSite() throws Exception {
    Programs.require("chromium");
    Programs.require("chromedriver");
    site = new EmbeddingSite();
  }

  @AfterEach
  void stop() throws Exception {
    try (EmbeddingSite ignoredSite = site;
        ServerProcess ignoredServer = server;
        Browser ignoredBrowser = browser) {
      // Closed in reverse, whatever fails.
    }
  }

  private void start(Map<String, String> settings) throws Exception {
    Site withSettings = Site.in(Files.createDirectory(home.resolve("server"))).brief();
    for (var setting : settings.entrySet()) {
      withSettings = withSettings.with(setting.getKey(), setting.getValue());
    }
    server = new ExecutableWar().start(withSettings);
    site.embed(server.base());
    browser = Browser.start(Files.createDirectory(home.resolve("profile")));
    browser.open(site.page());
  }

  private void startWithTheSiteListed() throws Exception {
    start(Map.of("SPILLWAY_CORS_ORIGINS", site.origin()));
    browser.await(READY);
  }

  @Test
  void aFileArrivesWholeFromAnotherSite() throws Exception {
    startWithTheSiteListed();
    browser.run("document.querySelector('meta[name=upload-token]').content = 'a-token'");
    Path film = film(9_000_017);
    browser.type("#files", film.toString());
    awaitState("completed");
    assertThat(download()).isEqualTo(Files.readAllBytes(film));
    assertThat(browser.run("return document.querySelector('progress').value").asInt()).isOne();
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void afterAReloadAFileGoesOnWhenItIsChosenAgain() throws Exception {
    startWithTheSiteListed();
    slowLine(500_000);
    Path film = film(6_000_017);
    browser.type("#files", film.toString());
    browser.await("return document.querySelector('#uploads progress')?.value > 0.2");
    browser.click("#uploads .toggle");
    awaitState("paused");
    browser.open(site.page());
    browser.await(READY);
    awaitState("needs-file");
    slowLine(-1);
    browser.type("#files", film.toString());
    awaitState("completed");
    assertThat(browser.run("return document.querySelectorAll('#uploads li').length").asInt())
        .isOne();
    assertThat(download()).isEqualTo(Files.readAllBytes(film));
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void aSiteThatIsNotListedIsToldWhatToDo() throws Exception {
    start(Map.of());
    browser.await("return !document.querySelector('#problem').hidden");
    assertThat(browser.run("return document.querySelector('#problem').innerText").asText())
        .contains("does not take uploads from this site")
        .contains("spillway.cors.origins = " + site.origin());
    assertThat(browser.run("return document.querySelector('#files').disabled").asBoolean())
        .isTrue();
  }

  private void awaitState(String state) throws IOException, InterruptedException {
    browser.await(STATE + " === '" + state + "'");
  }

  /**
   * @param bytesPerSecond of the page's requests; -1 for as many as there are
   */
  private void slowLine(int bytesPerSecond) throws IOException, InterruptedException {
    browser.devTools("Network.enable", Map.of());
    browser.devTools(
        "Network.emulateNetworkConditions",
        Map.of(
            "offline",
            false,
            "latency",
            0,
            "downloadThroughput",
            -1,
            "uploadThroughput",
            bytesPerSecond));
  }

  private byte[] download() throws IOException, InterruptedException {
    String id = browser.run("return document.querySelector('#uploads li').dataset.id").asText();
    return new UploadClient(server.base()).download(id).requireStatus(200).body();
  }

  private Path film(int size) throws IOException {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    return Files.write(home.resolve("film.mov"), content);
  }
}
