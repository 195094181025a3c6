package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The upload page with rows in every state, light and dark, on phones and on a desk: nothing breaks
 * the rules of accessibility that a machine can judge, nor the page's own policy, and nothing has
 * to be scrolled sideways.
 */
@Timeout(300)
class UploadPageRulesIT {

  private static final String SIDEWAYS =
      "document.documentElement.scrollWidth - document.documentElement.clientWidth";
  private static final int TALL = 4500;

  @TempDir private static Path profile;
  private static UploadPage page;
  private static Axe axe;

  @BeforeAll
  static void start() throws Exception {
    Programs.require("chromium");
    Programs.require("chromedriver");
    page = UploadPage.start(profile);
    axe = new Axe();
  }

  @AfterAll
  static void stop() throws Exception {
    if (page != null) {
      page.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> thePageKeepsTheRules() {
    return Stream.of("light", "dark")
        .flatMap(
            scheme ->
                Stream.of(320, 390, 1280)
                    .map(
                        width ->
                            DynamicTest.dynamicTest(
                                scheme + " at " + width,
                                () -> assertThatItIsSound(scheme, width))));
  }

  private static void assertThatItIsSound(String scheme, int width) throws Exception {
    List<String> found = new ArrayList<>();
    page.browser().emulateColours(scheme);
    page.browser().emulateScreen(width, 844);
    page.open();
    page.faults(); // what the last test's rules have written there
    judge("empty-" + scheme + "-" + width, found);
    page.showEveryState();
    page.run("fakeClient.setLine({ circuit: 'open', retryAt: Date.now() + 60_000 })");
    page.await("document.querySelector('.upload.settled') !== null");
    keep("states-" + scheme + "-" + width);
    // As high as all rows: what is out of sight is not drawn, and could not be judged.
    page.browser().emulateScreen(width, TALL);
    judge("states-all-" + scheme + "-" + width, found);
    page.browser().emulateScreen(width, 844);
    page.run("document.getElementById('cancel-all').click()");
    judge("question-" + scheme + "-" + width, found);
    page.settle();
    assertThat(found).isEmpty();
  }

  private static void judge(String name, List<String> found) throws Exception {
    keep(name);
    List<String> wrong = new ArrayList<>(page.faults());
    wrong.addAll(axe.violations(page.browser()));
    if (!page.value(SIDEWAYS).equals("0")) {
      wrong.add("has to be scrolled sideways");
    }
    wrong.forEach(line -> found.add(name + ": " + line));
    page.faults(); // what the rules' own work has written there
  }

  @Test
  void coloursOfTheSystemLeaveEverythingVisible() throws Exception {
    page.browser().emulateScreen(390, TALL);
    emulate("forced-colors", "active");
    page.open();
    page.showEveryState();
    keep("forced-colours-390");
    assertThat(axe.violations(page.browser())).isEmpty();
    assertThat(
            page.value(
                "[...document.querySelectorAll('.upload progress')]"
                    + ".every((e) => getComputedStyle(e).borderTopWidth === '1px')"))
        .isEqualTo("true");
    page.settle();
  }

  @Test
  void nothingIsInMotionForThoseWhoDoNotWantIt() throws Exception {
    page.browser().emulateScreen(1280, 844);
    emulate("prefers-reduced-motion", "reduce");
    page.open();
    page.showEveryState();
    assertThat(
            page.value("document.getAnimations().filter((a) => a.playState === 'running').length"))
        .isEqualTo("0");
    assertThat(page.value("getComputedStyle(document.getElementById('drop')).transitionDuration"))
        .isEqualTo("0s");
    page.settle();
  }

  private static void emulate(String feature, String value) throws Exception {
    page.browser()
        .devTools(
            "Emulation.setEmulatedMedia",
            Map.of("features", List.of(Map.of("name", feature, "value", value))));
  }

  /** To be looked at. */
  private static void keep(String name) throws Exception {
    Path folder = Files.createDirectories(Path.of("target/screenshots/upload"));
    Files.write(folder.resolve(name + ".png"), page.browser().screenshot());
  }
}
