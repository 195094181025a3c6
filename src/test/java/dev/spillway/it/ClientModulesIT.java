package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.Programs;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the browser client asks of a browser that Node has not: workers, databases, locks. */
@Timeout(180)
class ClientModulesIT {

  private static final String HTML =
      "<!doctype html><html lang='en'><link rel='icon' href='data:,'><title>modules</title>"
          + "%s<input type='file' id='file'>";

  private static final int SIZE = 3_000_001;

  /** Computes the checksum of SIZE bytes, and counts what the page itself has read for it. */
  private static final String SUM =
      """
      let reads = 0;
      const read = Blob.prototype.stream;
      Blob.prototype.stream = function () { reads++; return read.call(this); };
      const { Checksums } = await import('CLIENT/checksums.js');
      const bytes = Uint8Array.from({ length: %d }, (_, i) => i * 7);
      const sums = [];
      for (const checksums of [new Checksums(), new Checksums()]) {
        sums.push(await checksums.crcOf(new Blob([bytes])));
        checksums.close();
      }
      return { sums, reads };
      """
          .formatted(SIZE);

  private static final String RECORD =
      """
      const { Remembered, keyOf } = await import('CLIENT/remembered.js');
      const record = { endpoint: 'https://a.example', id: '17', idempotencyKey: 'k', name: 'a.bin', size: 5,
        type: '', lastModified: 7, path: 'folder/a.bin', metadata: { by: 'me' }, createdAt: Date.now(),
        touchedAt: Date.now(), paused: true, handle: null };
      record.key = keyOf(record);
      const remembered = await Remembered.open();
      """;

  @TempDir private static Path profile;
  @TempDir private Path files;
  private static Browser browser;
  private static PageServer server;
  private static PlainSite elsewhere;
  private static PlainSite embedding;

  @BeforeAll
  static void start() throws Exception {
    Programs.require("chromium");
    Programs.require("chromedriver");
    server = new PageServer();
    elsewhere = new PlainSite();
    embedding = new PlainSite();
    browser = Browser.start(profile);
  }

  @AfterAll
  static void stop() throws Exception {
    if (browser != null) {
      browser.close();
    }
    for (PlainSite site : new PlainSite[] {elsewhere, embedding}) {
      if (site != null) {
        site.close();
      }
    }
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void openPage() throws Exception {
    browser.open(server.serve("modules", HTML.formatted("")));
    browser.console();
  }

  @Test
  void underOurOwnPolicyAWorkerComputesForEveryClientOfThePage() throws Exception {
    JsonNode done = run(SUM);
    assertThat(done.path("sums")).allMatch(sum -> sum.asLong() == expected());
    assertThat(done.path("reads").asInt()).isZero();
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void onAnotherSiteAWorkerComputes() throws Exception {
    browser.open(embedding("script-src " + elsewhere.origin() + "; worker-src blob:;"));
    JsonNode done = runFrom(elsewhere.origin() + "/client", SUM);
    assertThat(done.path("sums")).allMatch(sum -> sum.asLong() == expected());
    assertThat(done.path("reads").asInt()).isZero();
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void onAnotherSiteThatForbidsItThePageComputes() throws Exception {
    browser.open(embedding("script-src " + elsewhere.origin() + "; worker-src 'self';"));
    assertThatThePageComputes(runFrom(elsewhere.origin() + "/client", SUM));
  }

  @Test
  void whereWorkersAreForbiddenThePageComputes() throws Exception {
    browser.open(server.serve("forbidden", HTML.formatted(meta("worker-src 'none'"))));
    assertThatThePageComputes(run(SUM));
  }

  @Test
  void whereThePolicyOfTheWorkersAddressIsForbiddenThePageComputes() throws Exception {
    browser.open(server.serve("untrusted", HTML.formatted(meta("trusted-types other"))));
    assertThatThePageComputes(run(SUM));
  }

  @Test
  void aWorkerThatCannotBeLoadedIsDoneWithout() throws Exception {
    JsonNode crc =
        run(
            """
            const { Checksums } = await import('CLIENT/checksums.js');
            const checksums = new Checksums({ workerUrl: new URL('no-such-page', location) });
            return checksums.crcOf(new Blob(['123456789']));
            """);
    assertThat(crc.asLong()).isEqualTo(0xe3069283L);
  }

  @Test
  void aFileThatWasChangedAfterItWasChosenCannotBeRead() throws Exception {
    Path file = Files.write(files.resolve("a.bin"), new byte[5]);
    browser.type("#file", file.toString());
    Files.write(file, new byte[4]);
    JsonNode code =
        run(
            """
            const { Checksums } = await import('CLIENT/checksums.js');
            const file = document.querySelector('#file').files[0];
            return new Checksums().crcOf(file).catch((problem) => problem.code);
            """);
    assertThat(code.asText()).isEqualTo("unreadable");
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void anUploadIsRememberedOverAReload() throws Exception {
    assertThat(run(RECORD + "return await remembered.put(record)").asBoolean()).isTrue();
    browser.reload();
    JsonNode found = run(RECORD + "return await remembered.all('https://a.example')");
    assertThat(found).hasSize(1);
    assertThat(found.get(0).path("id").asText()).isEqualTo("17");
    assertThat(found.get(0).path("metadata").path("by").asText()).isEqualTo("me");
    run(RECORD + "await remembered.delete(record.key)");
    browser.reload();
    assertThat(run(RECORD + "return await remembered.get(record.key)").isNull()).isTrue();
  }

  @Test
  void theHandleOfAFileIsRememberedOverAReload() throws Exception {
    JsonNode put =
        run(
            RECORD
                + """
                const folder = await navigator.storage.getDirectory();
                const handle = await folder.getFileHandle('a.bin', { create: true });
                const out = await handle.createWritable();
                await out.write('what was chosen');
                await out.close();
                return await remembered.put({ ...record, handle });
                """);
    assertThat(put.asBoolean()).isTrue();
    browser.reload();
    JsonNode content =
        run(
            RECORD
                + """
                const { handle } = await remembered.get(record.key);
                await remembered.delete(record.key);
                return (await handle.getFile()).text();
                """);
    assertThat(content.asText()).isEqualTo("what was chosen");
  }

  @Test
  void aHandleThatCannotBeStoredIsLeftOut() throws Exception {
    JsonNode found =
        run(
            RECORD
                + """
                const stored = await remembered.put({ ...record, handle: { getFile: () => {} } });
                const { handle } = await remembered.get(record.key);
                await remembered.delete(record.key);
                return stored && handle === null;
                """);
    assertThat(found.asBoolean()).isTrue();
  }

  @Test
  void aPageWithANewerVersionOfTheDatabaseIsLetThroughAndThenDoneWithout() throws Exception {
    JsonNode durable =
        run(
            RECORD
                + """
                const newer = await new Promise((resolve, reject) => {
                  const request = indexedDB.open('spillway-client', 99);
                  request.onsuccess = () => resolve(request.result);
                  request.onerror = request.onblocked = reject;
                });
                const late = await Remembered.open();
                newer.close();
                await new Promise((resolve, reject) => {
                  const request = indexedDB.deleteDatabase('spillway-client');
                  request.onsuccess = resolve;
                  request.onerror = request.onblocked = reject;
                });
                return [remembered.durable, late.durable, (await Remembered.open()).durable];
                """);
    assertThat(durable.toString()).isEqualTo("[false,false,true]");
  }

  @Test
  void aTabWaitsUntilAnotherHasDoneItsWork() throws Exception {
    begin();
    String first = openAnotherTab();
    begin();
    browser.await("return waits === 1");
    assertThat(browser.run("return begun").asBoolean()).isFalse();
    assertThat(run("return [...(await (await import('CLIENT/tabs.js')).taken())]").toString())
        .isEqualTo("[\"a file\"]");
    browser.run("channel.postMessage('finish')");
    browser.await("return begun");
    browser.run("end('of the second')");
    browser.await("return window.result === 'of the second'");
    browser.closeTabAndUse(first);
    assertThat(browser.run("return result").asText()).isEqualTo("finished by the other");
  }

  @Test
  void aTabThatLeavesThePageLetsGo() throws Exception {
    begin();
    String first = openAnotherTab();
    begin();
    browser.await("return waits === 1");
    browser.run("channel.postMessage('leave')");
    browser.await("return begun");
    browser.closeTabAndUse(first);
  }

  @Test
  void aTabThatIsAbortedWhileItWaitsLeaves() throws Exception {
    begin();
    String first = openAnotherTab();
    begin();
    browser.await("return waits === 1");
    browser.run("control.abort(new Error('paused'))");
    browser.await("return window.result === 'paused'");
    assertThat(browser.run("return begun").asBoolean()).isFalse();
    browser.closeTabAndUse(first);
  }

  /** Opens the page in another tab, where commands go from now on; gives back the one of before. */
  private static String openAnotherTab() throws Exception {
    String before = browser.openTab();
    browser.open(server.serve("modules", HTML.formatted("")));
    return before;
  }

  /** Does some work under the one name that all tabs use, until it is told to end. */
  private static void begin() throws Exception {
    run(
        """
        const { alone } = await import('CLIENT/tabs.js');
        const channel = new BroadcastChannel('tabs');
        Object.assign(window, { channel, begun: false, waits: 0, control: new AbortController() });
        const work = () => new Promise((resolve) => {
          begun = true;
          window.end = resolve;
          channel.onmessage = ({ data }) =>
            data === 'leave' ? location.reload() : resolve('finished by the other');
        });
        alone('a file', control.signal, work, { onWait: () => waits++ })
          .then((result) => window.result = result, (error) => window.result = error.message);
        """);
    browser.await("return begun || waits > 0");
  }

  private static void assertThatThePageComputes(JsonNode done) {
    assertThat(done.path("sums")).allMatch(sum -> sum.asLong() == expected());
    assertThat(done.path("reads").asInt()).isEqualTo(2);
  }

  private static URI embedding(String policy) {
    String all = "default-src 'none'; img-src data:; require-trusted-types-for 'script'; " + policy;
    return embedding.serve("page", all, HTML.formatted(""));
  }

  private static String meta(String policy) {
    return "<meta http-equiv='Content-Security-Policy' content=\"" + policy + "\">";
  }

  private static long expected() {
    ByteBuffer bytes = ByteBuffer.allocate(SIZE);
    for (int i = 0; i < SIZE; i++) {
      bytes.put((byte) (i * 7));
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes.flip());
    return crc.getValue();
  }

  private static JsonNode run(String script) throws Exception {
    return runFrom(PageServer.ROOT + "/assets/client", script);
  }

  /** Runs the body of an asynchronous function in the page, with the client from some folder. */
  private static JsonNode runFrom(String client, String script) throws Exception {
    return browser.run("return (async () => {" + script.replace("CLIENT", client) + "})()");
  }
}
