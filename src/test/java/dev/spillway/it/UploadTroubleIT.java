package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.it.ProxiedRequest.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What goes wrong between the upload page and the server, and heals by itself. */
class UploadTroubleIT extends PageTests {

  private static final Duration UNAVAILABLE = Duration.ofSeconds(Effort.of(10, 20));
  private static final int MOST_REQUESTS = 20;

  @Test
  void aServerThatIsUnavailableIsLeftAloneAndThenGoneOnWith() throws Exception {
    expectFailedRequests("503");
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      files.add(file("patient-" + i + ".bin", 4 * MIB));
    }
    proxy().pace().limit(SLOW);
    page().choose(files);
    page().awaitOrShow("chunks are on their way", () -> proxy().count(Kind.CHUNK) > 2);
    AtomicInteger refused = new AtomicInteger();
    long from = System.nanoTime();
    proxy().script(request -> unavailable(request, refused.incrementAndGet()));
    proxy().pace().free();
    awaitTrue("that time has passed", () -> System.nanoTime() - from > UNAVAILABLE.toNanos());
    long until = System.nanoTime();
    proxy().passEverything();
    long calls =
        proxy().requests().stream()
            .filter(request -> request.kind().isUpload())
            .filter(request -> request.at() - from > 0 && request.at() - until < 0)
            .count();
    page().awaitCompleted(5);
    System.out.printf(
        "UploadTroubleIT: %d requests in %d s of 503, back %.1f s after it%n",
        calls, UNAVAILABLE.toSeconds(), (System.nanoTime() - from - UNAVAILABLE.toNanos()) / 1e9);
    assertThat(calls).as("requests in that time").isLessThan(MOST_REQUESTS);
    for (Path file : files) {
      requireStored(file);
    }
  }

  /** Every second one says for how long. */
  private static Fault unavailable(ProxiedRequest request, int number) {
    if (!request.kind().isUpload()) {
      return Fault.NONE;
    }
    return new Fault.Reply(503, number % 2 == 0 ? "Retry-After: 2\r\n" : "");
  }

  @Test
  void aChunkThatIsCorruptedOnItsWayIsSentAgain() throws Exception {
    expectFailedRequests("422");
    Path file = file("bits.bin", 4 * MIB);
    proxy().doToNext(Kind.CHUNK, new Fault.FlippedBit());
    page().choose(file);
    page().awaitCompleted(1);
    requireStored(file);
    assertThat(proxy().passedBytes(Kind.CHUNK)).isBetween(4L * MIB + CHUNK, 6L * MIB);
  }

  @Test
  void aCorruptedChunkIsNothingThatTheReaderIsAlarmedWith() throws Exception {
    expectFailedRequests("422");
    page()
        .run(
            "window.seen = new Set(); new MutationObserver(() =>"
                + " document.querySelectorAll('.upload').forEach(e => seen.add(e.dataset.state)))"
                + ".observe(document.body, { subtree: true, childList: true, attributes: true })");
    proxy().doToNext(Kind.CHUNK, new Fault.FlippedBit());
    page().choose(file("calm.bin", 4 * MIB));
    page().awaitCompleted(1);
    assertThat(page().run("return [...seen].join()").asText()).doesNotContain("failed");
    assertThat(page().text("calm.bin", ".problem")).isEmpty();
    assertThat(page().textIn("#notice")).isEmpty();
    assertThat(page().textIn("#line")).isEmpty();
  }

  @Test
  void whenAnAnswerIsLostNothingIsWrittenTwice() throws Exception {
    expectFailedRequests("net::ERR");
    Path file = file("twice.bin", 4 * MIB);
    proxy().doToNext(Kind.CHUNK, new Fault.LostAnswer());
    page().choose(file);
    page().awaitCompleted(1);
    requireStored(file);
    assertThat(proxy().passedBytes(Kind.CHUNK))
        .as("bytes sent: no more than that chunk again")
        .isLessThan(4L * MIB + CHUNK + CHUNK / 4);
  }

  @Test
  void whenTheAnswerToTheCreationIsLostThereIsOneUpload() throws Exception {
    expectFailedRequests("net::ERR");
    Path file = file("once.bin", 100_000);
    proxy().doToNext(Kind.CREATE, new Fault.LostAnswer());
    page().choose(file);
    page().awaitCompleted(1);
    requireStored(file);
  }

  @Test
  void whenTheAnswerToTheFinishIsLostTheFileIsThereOnce() throws Exception {
    expectFailedRequests("net::ERR");
    Path file = file("ended.bin", 100_000);
    proxy().doToNext(Kind.FINISH, new Fault.LostAnswer());
    page().choose(file);
    page().awaitCompleted(1);
    requireStored(file);
  }

  /**
   * Chromium itself sends it again over another connection, so soon that the server may take the
   * broken one for the newer, answers 409 to the other, and gets the chunk a third time.
   */
  @Test
  void aConnectionThatIsCutCostsLittleMoreThanItsChunk() throws Exception {
    expectFailedRequests("net::ERR");
    expectFailedRequests("409");
    Path file = file("cut.bin", 4 * MIB);
    proxy().doToNext(Kind.CHUNK, new Fault.CutBody());
    page().choose(file);
    page().awaitCompleted(1);
    requireStored(file);
    assertThat(proxy().passedBytes(Kind.CHUNK)).isLessThan(4L * MIB + 2L * CHUNK);
  }

  @Test
  void withoutANetworkItWaitsAndGoesOnByItself() throws Exception {
    expectFailedRequests("net::ERR");
    Path file = file("tunnel.bin", 12 * MIB);
    startSlowly(file);
    page().offline(true);
    page().awaitState("tunnel.bin", "waiting");
    assertThat(page().textIn("#line")).isNotEmpty();
    int calls = proxy().requests().size();
    proxy().pace().free();
    page().offline(false);
    page().awaitCompleted(1);
    requireStored(file);
    assertThat(calls).isPositive();
  }

  @Test
  void filesThatAreDroppedWithoutANetworkStartWithIt() throws Exception {
    Path one = file("one.bin", 200_000);
    Path other = file("other.bin", 300_000);
    page().offline(true);
    page().drop(one, other);
    page().awaitOrShow("both are shown", () -> page().states().size() == 2);
    page().awaitOrShow("it is told", () -> !page().textIn("#line").isEmpty());
    page().offline(false);
    page().awaitCompleted(2);
    requireStored(one);
    requireStored(other);
  }

  @Test
  void aFileThatChangesInTheMiddleIsAClearFailureAndNoFile() throws Exception {
    expectFailedRequests("net::ERR");
    Path file = file("changing.bin", 12 * MIB);
    List<String> before = Trees.files(server().data().resolve("files"));
    startSlowly(file);
    file("other content", 12 * MIB);
    Files.move(
        folder().resolve("other content"), file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    proxy().pace().free();
    page().awaitState("changing.bin", "failed");
    assertThat(page().text("changing.bin", ".problem")).containsPattern("(?i)chang|moved|read");
    assertThat(Trees.files(server().data().resolve("files"))).isEqualTo(before);
    page().click("changing.bin", "button.cancel");
    page().awaitState("changing.bin", "cancelled");
  }
}
