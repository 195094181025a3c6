package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the upload page makes of files and of what the client says of them, in a real browser. */
@Timeout(120)
class UploadPageIT extends UploadPageTests {

  private static final String TWO_UPLOADING =
      "window.a = fakeClient.put({ name: 'a.mov', size: 1000, state: 'uploading' });"
          + "window.b = fakeClient.put({ name: 'b.mov', size: 1000, state: 'uploading' });";
  private static final String FAILURE =
      "{ problem: { title: 'x', detail: '', code: 'network', retryable: true, status: 0 } }";

  @TempDir private Path files;

  @Test
  void chosenFilesAreHandedToTheClient() throws Exception {
    page.browser().type("#files", file("a.mov") + "\n" + file("b.mov"));
    page.await("document.querySelectorAll('#uploads > li.upload[data-state=queued]').length === 2");
    assertThat(page.value("fakeClient.added.map((f) => f.path).join()")).isEqualTo("a.mov,b.mov");
  }

  @Test
  void thePickerOfTheBrowserGivesHandlesWhereThereIsOne() throws Exception {
    page.run(
        "window.showOpenFilePicker = async ({ multiple }) => multiple"
            + " && [{ getFile: async () => new File(['x'], 'a.mov') }]");
    page.browser().click("#choose");
    page.await("fakeClient.added.length === 1");
    assertThat(page.value("fakeClient.added[0].handle")).isEqualTo("true");
  }

  @Test
  void filesMayBeDroppedAnywhere() throws Exception {
    page.run(
        """
        window.bag = new DataTransfer();
        bag.items.add(new File(['x'], 'dropped.mov'));
        const event = (type) => new DragEvent(type,
          { dataTransfer: bag, bubbles: true, cancelable: true });
        const footer = document.querySelector('footer');
        footer.dispatchEvent(event('dragover'));
        window.invited = document.body.classList.contains('dropping');
        footer.dispatchEvent(event('drop'));
        """);
    page.await("document.querySelector('.upload .name')?.textContent === 'dropped.mov'");
    assertThat(page.value("invited && !document.body.classList.contains('dropping')"))
        .isEqualTo("true");
  }

  @Test
  void filesMayBePasted() throws Exception {
    page.run(
        """
        const bag = new DataTransfer();
        bag.items.add(new File(['x'], 'pasted.png'));
        document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: bag, bubbles: true }));
        """);
    page.await("document.querySelector('.upload .name')?.textContent === 'pasted.png'");
  }

  @Test
  void aFileThatIsThereAlreadyIsToldOf() throws Exception {
    page.browser().type("#files", file("a.mov").toString());
    page.await("fakeClient.uploads.length === 1");
    page.browser().type("#files", files.resolve("a.mov").toString());
    page.await("!document.getElementById('notice').hidden");
    assertThat(page.text("#notice")).isEqualTo("“\u2068a.mov\u2069” is in the list already.");
  }

  @Test
  void interruptedFilesGoOnWithOneChoiceOfAllOfThem() throws Exception {
    page.openAfter(
        List.of(
            Map.of("name", "a.mov", "size", 10, "receivedBytes", 5),
            Map.of("name", "b.mov", "path", "trip/b.mov", "size", 10, "receivedBytes", 5)));
    assertThat(page.text("#headline-text")).isEqualTo("Interrupted – 0 of 2 finished");
    assertThat(page.text(".upload .toggle")).isEqualTo("Choose the file again");
    assertThat(page.text(".upload .problem"))
        .contains("5 of 10 bytes are safe on the server. Choose the same file again");
    page.browser().type("#files", file("a.mov") + "\n" + file("b.mov"));
    page.await("fakeClient.uploads.every(({ state }) => state === 'queued')");
    assertThat(page.value("fakeClient.uploads.length")).isEqualTo("2");
  }

  @Test
  void aRowHasEverythingThatIsKnown() throws Exception {
    page.run(
        "fakeClient.put({ name: 'a.mov', path: 'trip/a.mov', size: 4 * 1024 ** 3 })"
            + ".become('uploading', { sentBytes: 1024 ** 3, speed: 3 * 1024 ** 2, timeLeft: 1024 })");
    page.await("document.querySelector('.upload .speed')?.textContent === '3.00 MiB/s'");
    assertThat(page.text(".upload").lines().filter(line -> !line.isEmpty()))
        .containsExactly(
            "trip/a.mov",
            "● Uploading",
            "25 %",
            "1.00 of 4.00 GiB",
            "3.00 MiB/s",
            "18 min left",
            "Pause",
            "Cancel");
  }

  @Test
  void aFinishedFileHasItsLinkAndItsChecksum() throws Exception {
    page.run(TWO_UPLOADING + "a.complete()");
    page.await("document.querySelector('.upload').dataset.state === 'completed'");
    assertThat(page.value("new URL(document.querySelector('.link').href).pathname"))
        .isEqualTo("/up/files/5");
    assertThat(page.text(".upload .crc")).isEqualTo("yZRlqg==");
    page.run("navigator.clipboard.writeText = async (text) => { window.copied = text; }");
    page.browser().click(".upload .copy");
    page.await("window.copied === 'yZRlqg=='");
  }

  @Test
  void aLinkToAnotherSiteIsNotOffered() throws Exception {
    page.run(TWO_UPLOADING + "a.become('completed', { link: 'javascript:alert(1)', crc32c: 'x' })");
    page.await("document.querySelector('.upload').dataset.state === 'completed'");
    assertThat(page.value("document.querySelector('.link').hasAttribute('href')"))
        .isEqualTo("false");
  }

  @Test
  void aHostileNameIsShownAsText() throws Exception {
    page.run(
        "window.hostile = '<img src=x onerror=alert(1)>\\u202etxt.exe';"
            + "fakeClient.put({ name: hostile, size: 1 }).become('failed', "
            + FAILURE
            + ")");
    page.await("document.querySelector('.upload .name')?.textContent === hostile");
    page.await("said.some((text) => text.includes(hostile))");
    assertThat(page.value("document.images.length")).isEqualTo("0");
  }

  @Test
  void everyButtonDoesWhatItSays() throws Exception {
    page.run(TWO_UPLOADING);
    page.await("document.querySelectorAll('.upload').length === 2");
    page.browser().click(".upload .toggle");
    page.await("a.state === 'paused' && document.querySelector('.toggle').innerText === 'Resume'");
    page.browser().click(".upload .toggle");
    page.await("a.state === 'queued' && document.querySelector('.toggle').innerText === 'Pause'");
    page.browser().click(".upload .cancel");
    page.await("document.querySelector('.toggle').innerText === 'Upload again'");
    page.browser().click("#pause-all");
    page.await("b.state === 'paused' && !document.getElementById('resume-all').hidden");
    page.browser().click("#resume-all");
    page.await("b.state === 'queued'");
    page.run("b.become('failed', " + FAILURE + ")");
    page.await("!document.getElementById('retry-all').hidden");
    page.browser().click("#retry-all");
    page.await("b.state === 'queued'");
    page.browser().click("#clear");
    page.await("document.querySelectorAll('.upload').length === 1");
  }

  @Test
  void cancellingAllIsAskedAboutFirst() throws Exception {
    page.run(TWO_UPLOADING);
    page.await("!document.getElementById('cancel-all').hidden");
    page.browser().click("#cancel-all");
    assertThat(page.text("#ask-title")).isEqualTo("Cancel 2 uploads?");
    assertThat(page.press(UploadPage.ESCAPE)).isEqualTo("cancel-all");
    assertThat(page.value("a.state")).isEqualTo("uploading");
    page.browser().click("#cancel-all");
    page.browser().click("#ask .ask-yes");
    page.await("a.state === 'cancelled' && b.state === 'cancelled'");
  }

  @Test
  void throwingAwayMuchIsAskedAboutFirst() throws Exception {
    page.run(TWO_UPLOADING + "a.size = 4 * 1024 ** 3; a.move(2 * 1024 ** 3)");
    page.await("document.querySelectorAll('.upload').length === 2");
    page.browser().click(".upload .cancel");
    assertThat(page.text("#ask-text"))
        .isEqualTo("The 2.00 GiB of “\u2068a.mov\u2069” that have arrived are deleted.");
    page.browser().click("#ask .ask-yes");
    page.await("a.state === 'cancelled'");
  }

  @Test
  void leavingIsAskedAboutOnlyWhileUploadsRun() throws Exception {
    String leave = "!dispatchEvent(new Event('beforeunload', { cancelable: true })) === ";
    page.await(leave + "false");
    page.run(TWO_UPLOADING);
    page.await(leave + "true");
    page.run("a.complete(); b.become('failed', " + FAILURE + ")");
    page.await(leave + "false");
  }

  @Test
  void whatHoldsForAllIsSaidOnceAtTheTop() throws Exception {
    page.run(TWO_UPLOADING + "fakeClient.setLine({ online: false })");
    page.await("!document.getElementById('line').hidden");
    assertThat(page.text("#line")).startsWith("You are offline. Everything goes on by itself");
    assertThat(page.text("#headline-text")).startsWith("Offline");
    page.run("fakeClient.setLine({ online: true })");
    page.await("document.getElementById('line').hidden");
  }

  @Test
  void theTitleAndTheTotalsFollow() throws Exception {
    page.run(TWO_UPLOADING + "a.move(500, 100); b.complete()");
    page.await("document.title === '75 %, 1 to go – Spillway'");
    assertThat(page.text("#sum-bytes")).isEqualTo("1.46 of 1.95 KiB");
    assertThat(page.text("#sum-left")).isEqualTo("a few seconds left");
    assertThat(page.value("document.getElementById('icon').href")).endsWith("/status-info.svg");
  }

  @Test
  void theWindowHasItsPictureWithoutANetwork() throws Exception {
    page.await("document.readyState === 'complete'");
    network(false);
    try {
      page.run("fakeClient.put({ name: 'a', size: 1 }).become('waiting', " + FAILURE + ")");
      page.await("document.getElementById('icon').href.endsWith('/status-warning.svg')");
      page.run("fakeClient.uploads[0].complete()");
      page.await("document.getElementById('icon').href.endsWith('/status-ok.svg')");
      page.await("fetch(document.getElementById('icon').href).then((answer) => answer.ok)");
    } finally {
      network(true);
    }
  }

  private static void network(boolean on) throws Exception {
    Map<String, Object> conditions =
        Map.of("offline", !on, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1);
    page.browser().devTools("Network.enable", Map.of());
    page.browser().devTools("Network.emulateNetworkConditions", conditions);
  }

  @Test
  void theScreenStaysOnWhileUploadsRunIfSomebodyWantsIt() throws Exception {
    page.run(
        "window.locks = [];"
            + "navigator.wakeLock.request = async (type) => {"
            + "  const lock = { released: false, release: async () => { lock.released = true; } };"
            + "  locks.push(lock); return lock; };"
            + TWO_UPLOADING);
    page.await("!document.getElementById('awake-label').hidden");
    page.browser().click("#awake");
    page.await("locks.length === 1 && !locks[0].released");
    page.run("fakeClient.end()");
    page.await("locks[0].released && document.getElementById('awake-label').hidden");
    page.run("localStorage.clear()");
  }

  private Path file(String name) throws Exception {
    return Files.write(files.resolve(name), new byte[10]);
  }
}
