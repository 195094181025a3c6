package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.it.ProxiedRequest.Kind;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uploads that stop in the middle, and go on: here, in another page, in another browser. */
class UploadResumeIT extends PageTests {

  private static final int SIZE = 12 * MIB;

  /** The executable WAR closes connections that are idle for 20 s. */
  private static final Duration LONGER_THAN_CONNECTIONS_LIVE = Duration.ofSeconds(22);

  /** What was on the line when it stopped, and the fields around the chunks. */
  private static final long MORE = CHUNK + MIB / 16;

  @Test
  void aPauseMayBeLongerThanConnectionsLive() throws Exception {
    Path file = file("coffee.bin", SIZE);
    startSlowly(file);
    page().click("coffee.bin", "button.toggle");
    page().awaitState("coffee.bin", "paused");
    proxy().pace().free();
    Transfers.awaitLetIn(client(), 0);
    int requests = proxy().requests().size();
    long from = System.nanoTime();
    awaitTrue(
        "the pause is over",
        () -> System.nanoTime() - from > LONGER_THAN_CONNECTIONS_LIVE.toNanos());
    assertThat(proxy().requests()).as("requests, none of them in the pause").hasSize(requests);
    page().click("coffee.bin", "button.toggle");
    page().awaitCompleted(1);
    requireStored(file);
  }

  @Test
  void afterAReloadOnlyWhatIsMissingIsSent() throws Exception {
    Path file = file("again.bin", SIZE);
    startSlowly(file);
    long missing = stopWith(() -> page().reload());
    page().awaitState("again.bin", "needs-file");
    page().choose(file);
    page().awaitCompleted(1);
    requireStored(file);
    requireSent(missing);
  }

  @Test
  void afterAReloadAFileWithAHandleNeedsNotBeChosenAgain() throws Exception {
    page().run(OriginFile.picked("kept.bin", SIZE));
    proxy().pace().limit(SLOW, LESS_THAN_ALL);
    page().browser().click("#choose");
    awaitTheMiddle();
    long missing = stopWith(() -> page().reload());
    // Its permission is still granted, so nothing has to be clicked.
    page().awaitCompleted(1);
    assertThat(stored(page().id("kept.bin"))).hasBinaryContent(OriginFile.content(SIZE));
    requireSent(missing);
  }

  @Test
  void afterTheBrowserWasKilledOnlyWhatIsMissingIsSent(@TempDir Path profile) throws Exception {
    Path file = file("killed.bin", SIZE);
    long missing;
    try (Browser first = Browser.start(profile)) {
      UploadTab page = new UploadTab(first);
      page.open(proxy().base());
      proxy().pace().limit(SLOW, LESS_THAN_ALL);
      page.choose(file);
      page.awaitOrShow("a part is acknowledged", () -> !unfinished().isEmpty() && received() > 0);
      proxy().pace().hold();
      missing = stopWith(first::kill);
    }
    try (Browser second = Browser.start(profile)) {
      UploadTab page = new UploadTab(second);
      page.open(proxy().base());
      page.awaitState("killed.bin", "needs-file");
      page.choose(file);
      page.awaitCompleted(1);
      requireStored(page, file);
      assertThat(second.console()).isEmpty();
    }
    requireSent(missing);
  }

  private interface Stop {
    void run() throws Exception;
  }

  private long sentBefore;

  /**
   * Stops what is under way, and lets the line be fast again.
   *
   * @return how many bytes the server misses then
   */
  private long stopWith(Stop stop) throws Exception {
    stop.run();
    long missing = SIZE - received();
    sentBefore = proxy().passedBytes(Kind.CHUNK);
    proxy().pace().free();
    return missing;
  }

  private void requireSent(long missing) {
    assertThat(missing).isBetween(1L, SIZE - 1L);
    assertThat(proxy().passedBytes(Kind.CHUNK) - sentBefore)
        .as("bytes sent again, of which %d were missing", missing)
        .isBetween(1L, missing + MORE);
  }

  @Test
  void ofTwoTabsWithTheSameFileOneSendsIt() throws Exception {
    Path file = file("tabs.bin", SIZE);
    startSlowly(file);
    String first = page().browser().openTab();
    try {
      UploadTab other = new UploadTab(page().browser());
      other.open(proxy().base());
      other.choose(file);
      other.awaitState("tabs.bin", "elsewhere");
      proxy().pace().free();
      other.awaitCompleted(1);
      String link = other.link("tabs.bin");
      requireStored(other, file);
      page().browser().closeTabAndUse(first);
      page().awaitCompleted(1);
      assertThat(page().link("tabs.bin")).isEqualTo(link);
    } finally {
      page().browser().useTab(first);
    }
    assertThat(proxy().passedBytes(Kind.CHUNK)).isLessThan(SIZE + MORE);
  }

  @Test
  void aServerThatIsKilledAndStartedAgainIsGoneOnWith(@TempDir Path home) throws Exception {
    expectFailedRequests("net::ERR");
    Site site = configured(Site.in(home)).brief();
    Path file = file("crash.bin", SIZE);
    try (ServerProcess first = kind().start(site);
        FaultyProxy between = new FaultyProxy(first.base())) {
      UploadClient client = new UploadClient(first.base());
      page().open(between.base());
      between.pace().limit(SLOW, LESS_THAN_ALL);
      page().choose(file);
      page().awaitOrShow("chunks have passed", () -> between.count(Kind.CHUNK) > 4);
      first.kill();
      between.pace().free();
      page().awaitState("crash.bin", "waiting");
      ServerKind same = new AtPort(kind(), first.base().getPort());
      try (ServerProcess second = same.start(site)) {
        page().awaitCompleted(1);
        byte[] stored = client.download(page().id("crash.bin")).requireStatus(200).body();
        assertThat(stored).isEqualTo(Files.readAllBytes(file));
        assertThat(Trees.files(second.data().resolve("uploads"))).isEmpty();
        Health.requireNothingHeld(client);
        page().browser().open(URI.create("about:blank"));
        second.stop();
      }
    }
  }
}
