package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a reader can do with the upload page of a real server, on a line that works. */
class UploadFilesIT extends PageTests {

  private static final String TAB = "\uE004";
  private static final String ENTER = "\uE007";
  private static final String SPACE = " ";
  private static final int FILES = 20;

  @Test
  void twentyFilesAtOnceArriveWhole() throws Exception {
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < FILES; i++) {
      files.add(file("file-" + i + ".bin", sizeOf(i)));
    }
    page().choose(files);
    page().awaitCompleted(FILES);
    for (Path file : files) {
      requireStored(file);
    }
  }

  /** Empty, a byte, around the boundaries of chunks, and several chunks. */
  private static int sizeOf(int i) {
    return switch (i) {
      case 0 -> 0;
      case 1 -> 1;
      case 2 -> CHUNK - 1;
      case 3 -> CHUNK;
      case 4 -> CHUNK + 1;
      default -> i * i * 9_973;
    };
  }

  @Test
  void theLinkAndTheChecksumAreThoseOfTheFile() throws Exception {
    Path file = file("holiday ü.mov", 3 * MIB + 5);
    page().choose(file);
    page().awaitCompleted(1);
    byte[] content = Files.readAllBytes(file);
    assertThat(client().download(page().id("holiday ü.mov")).requireStatus(200).body())
        .isEqualTo(content);
    assertThat(page().text("holiday ü.mov", ".crc")).isEqualTo(Checksums.crc32c(content));
  }

  @Test
  void aHostileNameIsShownAsText() throws Exception {
    String name = "<img src=x onerror=alert(1)>\u202e.txt";
    page().choose(file(name, 10));
    page().awaitCompleted(1);
    assertThat(page().run("return rows[0].querySelector('.name').textContent").asText())
        .isEqualTo(name);
    assertThat(page().run("return document.images.length").asInt()).isZero();
  }

  @Test
  void nothingHasToBeScrolledSidewaysOnASmallScreen() throws Exception {
    page().browser().emulateScreen(320, 700);
    try {
      page().choose(file("a".repeat(200) + ".bin", 1000));
      page().awaitCompleted(1);
      assertThat(
              page()
                  .run("const e = document.documentElement; return e.scrollWidth - e.clientWidth")
                  .asInt())
          .isZero();
    } finally {
      page().browser().devTools("Emulation.clearDeviceMetricsOverride", Map.of());
    }
  }

  @Test
  void aFolderThatIsDroppedArrivesWithAllThatIsInIt() throws Exception {
    Path inner = Files.createDirectories(folder().resolve("photos/2026/may"));
    Path deep = Files.move(file("deep.bin", 70_000), inner.resolve("deep.bin"));
    Path flat = Files.move(file("flat.bin", 1_000), folder().resolve("photos/flat.bin"));
    page().drop(folder().resolve("photos"));
    page().awaitCompleted(2);
    requireStored(deep);
    requireStored(flat);
    assertThat(page().text()).contains("photos/2026/may");
  }

  @Test
  void aFolderThatIsChosenArrivesWithAllThatIsInIt() throws Exception {
    Path inner = Files.createDirectories(folder().resolve("music/a"));
    Path deep = Files.move(file("song.bin", 70_000), inner.resolve("song.bin"));
    Path flat = Files.move(file("list.bin", 1_000), folder().resolve("music/list.bin"));
    page().browser().type("#folder", folder().resolve("music").toString());
    page().awaitCompleted(2);
    requireStored(deep);
    requireStored(flat);
  }

  @Test
  void aFileThatIsPastedArrives() throws Exception {
    page()
        .run(
            "const files = new DataTransfer();"
                + "files.items.add(new File(['from the clipboard'], 'pasted.txt'));"
                + "document.body.dispatchEvent(new ClipboardEvent('paste',"
                + " { clipboardData: files, bubbles: true, cancelable: true }))");
    page().awaitCompleted(1);
    assertThat(stored(page().id("pasted.txt"))).hasContent("from the clipboard");
  }

  @Test
  void cancelFreesTheServersDiskAtOnce() throws Exception {
    startSlowly(file("unwanted.bin", 12 * MIB));
    page().click("unwanted.bin", "button.cancel");
    page().awaitState("unwanted.bin", "cancelled");
    assertThat(unfinished()).isEmpty();
  }

  @Test
  void leavingIsWarnedOfWhileUploadsRun() throws Exception {
    startSlowly(file("long.bin", 12 * MIB));
    assertThat(leave()).isTrue();
    proxy().pace().free();
    page().click("long.bin", "button.cancel");
    page().awaitState("long.bin", "cancelled");
  }

  @Test
  void leavingIsNotWarnedOfWhenAllIsOver() throws Exception {
    page().choose(file("short.bin", 1000));
    page().awaitCompleted(1);
    assertThat(leave()).isFalse();
  }

  /**
   * Really, though the driver accepts every prompt at once.
   *
   * @return whether the page has asked the browser for one
   */
  private boolean leave() throws Exception {
    page()
        .run(
            "addEventListener('beforeunload',"
                + " event => localStorage.setItem('asked', event.defaultPrevented))");
    page().reload();
    return page().run("return localStorage.getItem('asked') === 'true'").asBoolean();
  }

  @Test
  void everythingCanBeDoneWithTheKeyboardAlone() throws Exception {
    proxy().pace().limit(SLOW, LESS_THAN_ALL);
    page().run(OriginFile.picked("typed.bin", 12 * MIB));
    tabTo("#choose");
    press(ENTER);
    page().awaitState("typed.bin", "uploading");
    tabTo("button.toggle");
    press(SPACE);
    page().awaitState("typed.bin", "paused");
    assertThat(page().run("return document.activeElement.className").asText())
        .as("where the keyboard is")
        .contains("toggle");
    press(ENTER);
    page().awaitState("typed.bin", "uploading", "starting");
    proxy().pace().free();
    page().awaitCompleted(1);
    tabTo("a.link");
    assertThat(stored(page().id("typed.bin"))).hasBinaryContent(OriginFile.content(12 * MIB));
  }

  /** A ring has no end: so many steps lead past everything. */
  private void tabTo(String selector) throws Exception {
    String there = "return document.activeElement.matches('%s')".formatted(selector);
    for (int steps = 0; steps < 40; steps++) {
      if (page().run(there).asBoolean()) {
        return;
      }
      press(TAB);
    }
    throw new AssertionError("the keyboard does not reach " + selector);
  }

  private void press(String key) throws Exception {
    page().browser().press(key);
  }
}
