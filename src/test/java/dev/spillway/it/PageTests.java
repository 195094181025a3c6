package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.Programs;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The upload page in a real browser against a real server, with a proxy between them that makes
 * trouble. Server and browser are those of the class; each test has a proxy and so an origin of its
 * own, with nothing stored in the browser.
 */
@Timeout(300)
abstract class PageTests extends RunningServer {

  static final int MIB = 1024 * 1024;

  /** The largest that the server takes. */
  static final int CHUNK = MIB;

  /** Slow enough for a test to look at what is in the middle, of several MiB. */
  static final long SLOW = 4L * MIB;

  /**
   * What may pass before the line stops by itself, however late a test is to stop it: of the six
   * chunks that a page sends at once, one is whole by then, and a file of 12 MiB is not.
   */
  static final long LESS_THAN_ALL = 7L * MIB;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path files;
  private Browser browser;
  private UploadTab page;
  private FaultyProxy proxy;
  private Quiet quiet;
  private Predicate<String> expected = line -> false;

  PageTests() {
    super(new ExecutableWar());
  }

  @Override
  Site configured(Site site) {
    return site.with("SPILLWAY_UPLOAD_CHUNK_SIZE_MAX", CHUNK + "B")
        .with("SPILLWAY_UPLOAD_CHUNK_SIZE_DEFAULT", CHUNK + "B");
  }

  @BeforeAll
  void startBrowser(@TempDir Path profile) throws Exception {
    Programs.require("chromium");
    Programs.require("chromedriver");
    browser = Browser.start(profile);
  }

  @AfterAll
  void stopBrowser() throws Exception {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void openPage() throws Exception {
    quiet = Quiet.fromNowOn(server());
    expected = line -> false;
    proxy = new FaultyProxy(server().base());
    page = new UploadTab(browser);
    browser.console(); // what leaving the page of another test has written there
    page.open(proxy.base());
  }

  /** Whatever a test did to the page and to the server. */
  @AfterEach
  void nothingWentWrongOrIsLeft() throws Exception {
    List<String> console = browser.console();
    browser.open(URI.create("about:blank"));
    proxy.close();
    assertThat(console).filteredOn(expected.negate()).as("what the page has complained").isEmpty();
    List<String> unfinished = unfinished();
    for (String left : unfinished) {
      client().cancel(id(left)); // So that the other tests do not find it.
    }
    Health.requireNothingHeld(client());
    assertThat(unfinished).as("uploads that nobody has finished or cancelled").isEmpty();
    assertThat(Trees.files(server().data().resolve("spool"))).isEmpty();
    quiet.require();
  }

  UploadTab page() {
    return page;
  }

  FaultyProxy proxy() {
    return proxy;
  }

  /**
   * Chromium writes every request that fails to the console; of the API only, and for this reason.
   */
  void expectFailedRequests(String reason) {
    expected =
        expected.or(
            line ->
                line.contains("/uploads")
                    && line.contains("Failed to load resource")
                    && line.contains(reason));
  }

  Path folder() {
    return files;
  }

  /** Of bytes that look random, always the same for one name. */
  Path file(String name, int size) throws IOException {
    byte[] content = new byte[size];
    new SplittableRandom(name.hashCode()).nextBytes(content);
    return Files.write(files.resolve(name), content);
  }

  /** The files of uploads that are neither finished nor over. */
  List<String> unfinished() throws IOException {
    return Trees.files(server().data().resolve("uploads"));
  }

  /**
   * Lets the line be slow, and waits until the server has acknowledged something of the only
   * upload: a file of 12 MiB.
   */
  String startSlowly(Path file) throws Exception {
    proxy.pace().limit(SLOW, LESS_THAN_ALL);
    page.choose(file);
    return awaitTheMiddle();
  }

  /**
   * Waits until the server has acknowledged something of the only upload, and stops the line.
   *
   * @return the upload's id
   */
  String awaitTheMiddle() throws Exception {
    page.awaitOrShow("a part is acknowledged", () -> !unfinished().isEmpty() && received() > 0);
    proxy.pace().hold();
    assertThat(page.states()).doesNotContain("completed");
    return onlyId();
  }

  /** The bytes of the only upload that the server has acknowledged; its file comes before it. */
  long received() throws Exception {
    return client().status(onlyId()).json().path("receivedBytes").asLong(0);
  }

  private String onlyId() throws IOException {
    List<String> ids = unfinished();
    assertThat(ids).hasSize(1);
    return id(ids.get(0));
  }

  private static String id(String file) {
    return file.replaceFirst(".*/", "").replace(".part", "");
  }

  /** A completed upload has exactly these bytes on the server's disk. */
  void requireStored(Path file) throws Exception {
    requireStored(page, file);
  }

  void requireStored(UploadTab in, Path file) throws Exception {
    Path stored = stored(in.id(file.getFileName().toString()));
    assertThat(Files.mismatch(file, stored))
        .as("where %s differs from what the server has", file.getFileName())
        .isEqualTo(-1);
  }

  Path stored(String id) throws IOException {
    Path all = server().data().resolve("files");
    return Trees.files(all).stream()
        .filter(file -> file.endsWith(id))
        .map(all::resolve)
        .findAny()
        .orElseThrow(() -> new AssertionError("no file of upload " + id));
  }

  static void awaitTrue(String what, UploadTab.Condition condition) throws Exception {
    Eventually.becomes(what, PATIENCE, condition::holds);
  }
}
