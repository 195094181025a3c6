package dev.spillway.it;

import static dev.spillway.it.UploadPage.ENTER;
import static dev.spillway.it.UploadPage.SPACE;
import static dev.spillway.it.UploadPage.TAB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The upload page for those who use a keyboard, listen, or point at something while the rest moves.
 */
@Timeout(180)
class UploadPageReadersIT extends UploadPageTests {

  private static final String FOUR =
      "window.u = ['a', 'b', 'c', 'd'].map((name) =>"
          + " fakeClient.put({ name, size: 1000, state: 'uploading' }));";
  private static final String FAILURE =
      "{ failures: 10, problem: { title: 'x', detail: '', code: 'network', retryable: true,"
          + " status: 0 } }";
  private static final String FOUR_ROWS = "document.querySelectorAll('.upload').length === 4";
  private static final String COVERED =
      "(({ left, top, width, height }) => !document.activeElement.contains("
          + "document.elementFromPoint(left + width / 2, top + height / 2)))"
          + "(document.activeElement.getClientRects()[0])";

  @Test
  void theTabKeyVisitsEverythingInTheOrderInWhichItIsSeen() throws Exception {
    page.run(
        "fakeClient.put({ name: 'a', size: 10 }).become('uploading');"
            + "fakeClient.put({ name: 'b', size: 10 }).complete();"
            + "fakeClient.put({ name: 'c', size: 10 }).become('failed', "
            + FAILURE
            + ")");
    page.await("document.querySelectorAll('.upload').length === 3");
    List<String> visited = new ArrayList<>();
    for (int i = 0; i < 19; i++) {
      visited.add(page.press(TAB));
      assertThat(page.value("document.activeElement.matches(':focus-visible')")).isEqualTo("true");
    }
    assertThat(visited)
        .containsExactly(
            "theme",
            "choose",
            "choose-folder",
            "attention",
            "pause-all",
            "retry-all",
            "cancel-all",
            "clear",
            "awake",
            "show-all",
            "show-going",
            "show-attention",
            "show-over",
            "a toggle",
            "a cancel",
            "b link",
            "b copy",
            "c toggle",
            "c cancel");
  }

  @Test
  void everythingCanBeDoneByKeysAndTheFocusIsNeverLost() throws Exception {
    page.run(
        "window.showOpenFilePicker = async () => ['a', 'b'].map((name) =>"
            + " ({ getFile: async () => new File(['1234567890'], name) }))");
    page.run("document.getElementById('choose').focus()");
    assertThat(page.press(ENTER)).isEqualTo("choose");
    page.await("document.querySelectorAll('.upload').length === 2");
    page.run("document.querySelector('.toggle').focus()");
    assertThat(page.press(SPACE)).isEqualTo("a toggle");
    page.await("document.activeElement.innerText === 'Resume'");
    assertThat(page.press(TAB)).isEqualTo("a cancel");
    page.press(ENTER);
    page.await("document.activeElement.innerText === 'Upload again'");
    page.press(ENTER);
    page.run("fakeClient.uploads[0].become('uploading')");
    page.await("document.activeElement.innerText === 'Pause'");
    page.run("fakeClient.uploads[0].become('finishing')");
    page.await("document.activeElement.matches('li.upload')");
    page.run("document.querySelectorAll('.toggle')[1].focus(); fakeClient.uploads[1].complete()");
    page.await("document.activeElement.matches('a.link')");
    page.run("document.getElementById('clear').focus()");
    assertThat(page.press(ENTER)).isEqualTo("list-title");
    page.run("fakeClient.uploads[0].complete()");
    page.await("!document.getElementById('clear').hidden");
    page.run("document.getElementById('clear').focus()");
    assertThat(page.press(ENTER)).isEqualTo("choose");
  }

  @Test
  void whatHasTheFocusIsNeverBehindTheTotals() throws Exception {
    page.browser().emulateScreen(390, 844);
    page.showEveryState();
    page.await("document.querySelector('.upload.settled') !== null");
    page.run("document.querySelector('footer a').focus()");
    List<String> hidden = new ArrayList<>();
    for (String at = ""; !at.equals("show-over"); ) {
      at = page.press(UploadPage.BACK_TAB);
      if (page.value(COVERED).equals("true")) {
        hidden.add(at);
      }
    }
    assertThat(hidden).isEmpty();
  }

  @Test
  void aButtonForAllThatHasDoneItsWorkHandsTheFocusOn() throws Exception {
    page.run(FOUR);
    page.await("!document.getElementById('pause-all').hidden");
    page.run("document.getElementById('pause-all').focus()");
    page.press(ENTER);
    page.await("document.activeElement.id === 'resume-all'");
    page.press(ENTER);
    page.await("document.activeElement.id === 'pause-all'");
  }

  @Test
  void whatNeedsSomebodyIsOneKeyAway() throws Exception {
    page.run(FOUR + "u[2].become('failed', " + FAILURE + ")");
    page.await("document.getElementById('attention').innerText.endsWith('1 needs you')");
    page.run("document.getElementById('attention').focus()");
    assertThat(page.press(ENTER)).isEqualTo("c toggle");
    assertThat(page.value("document.querySelectorAll('.upload:not([hidden])').length"))
        .isEqualTo("1");
    assertThat(page.text(".upload:not([hidden]) .problem"))
        .isEqualTo(
            "No connection. The server could not be reached. Given up after 10 attempts without"
                + " progress. Nothing had arrived yet. Check your connection, then press Retry.");
  }

  @Test
  void aFloodOfResultsIsSaidInFewWords() throws Exception {
    page.run("fakeClient.fill(60, 'uploading')");
    page.await("document.querySelectorAll('.upload').length === 60");
    page.run("for (const upload of fakeClient.uploads) upload.complete()");
    page.await("said.length > 0");
    page.await("said.join().includes('60 files finished.')");
    assertThat(page.said()).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void aFailureIsSaidWithWhatToDo() throws Exception {
    page.run(FOUR + "u[0].become('failed', " + FAILURE + ")");
    page.await("said.length > 0");
    assertThat(page.said())
        .containsExactly(
            "\u2068a\u2069: Failed. No connection. Check your connection, then press Retry.");
  }

  @Test
  void progressIsNotSaid() throws Exception {
    page.run(FOUR + "for (const upload of u) upload.move(500, 100)");
    page.await("document.querySelector('.upload .percent').textContent === '50 %'");
    assertThat(page.said()).isEmpty();
  }

  @Test
  void whatIsPointedAtStaysWhereItIs() throws Exception {
    page.run(FOUR);
    page.await(FOUR_ROWS);
    page.browser().hover(".upload:nth-child(3) .cancel");
    String top = "document.querySelectorAll('.upload')[2].getBoundingClientRect().top";
    String before = page.value(top);
    page.run("u[0].become('failed', " + FAILURE + "); u[1].complete()");
    page.await("document.querySelectorAll('.upload')[0].dataset.state === 'failed'");
    page.run("fakeClient.setLine({ online: false })");
    page.await("!document.getElementById('line').hidden");
    page.run("u[0].become('uploading')");
    page.await("document.querySelectorAll('.upload')[0].dataset.state === 'uploading'");
    assertThat(Double.parseDouble(page.value(top)))
        .isCloseTo(Double.parseDouble(before), offset(1.0));
    assertThat(page.value("document.querySelector('.settled') === null")).isEqualTo("true");
  }

  @Test
  void finishedRowsBecomeSmallWhenNobodyIsInTheList() throws Exception {
    page.run(FOUR + "u[1].complete()");
    page.await("document.querySelectorAll('.upload')[1]?.classList.contains('settled')");
    assertThat(
            page.value(
                "[...document.querySelectorAll('.upload')].map((row) => row.offsetHeight)"
                    + ".every((height, i, all) => i === 1 ? height < all[0] : height === all[0])"))
        .isEqualTo("true");
  }

  @Test
  void underAFingerNothingThatIsSeenChangesItsSize() throws Exception {
    touch(true);
    try {
      page.open();
      page.run("fakeClient.fill(40, 'uploading')");
      page.await("document.querySelectorAll('.upload').length === 40");
      page.run("for (const upload of fakeClient.uploads) upload.complete()");
      page.await("document.querySelector('.upload:last-child').classList.contains('settled')");
      assertThat(page.value("document.querySelector('.upload').classList.contains('settled')"))
          .isEqualTo("false");
    } finally {
      touch(false);
    }
  }

  private static void touch(boolean enabled) throws Exception {
    page.browser()
        .devTools(
            "Emulation.setTouchEmulationEnabled", Map.of("enabled", enabled, "maxTouchPoints", 5));
    page.browser()
        .devTools(
            "Emulation.setDeviceMetricsOverride",
            Map.of("width", 390, "height", 844, "deviceScaleFactor", 1, "mobile", enabled));
  }

  @Test
  void aRowThatLeavesItsGroupGoesWhenThePointerHas() throws Exception {
    page.run(FOUR);
    page.await(FOUR_ROWS);
    page.browser().click("#show-going");
    page.browser().hover(".upload:nth-child(2)");
    page.run("u[0].complete()");
    page.await("document.querySelector('.upload').dataset.state === 'completed'");
    assertThat(page.value("document.querySelector('.upload').hidden")).isEqualTo("false");
    page.browser().hover("footer");
    page.await("document.querySelector('.upload').hidden");
    assertThat(page.text("#count-going")).isEqualTo("3");
  }

  @Test
  void theThemeIsThatOfTheDashboard() throws Exception {
    page.run("localStorage.setItem('spillway.theme', 'dark')");
    page.open();
    assertThat(page.value("document.documentElement.dataset.theme")).isEqualTo("dark");
    page.browser().type("#theme", "light");
    page.await("localStorage.getItem('spillway.theme') === 'light'");
    page.run("localStorage.clear()");
  }
}
