package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.Programs;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The upload page with thousands of rows; prints what it has measured. */
class UploadPageCrowdIT {

  private static final int MANY = 2000;

  /** Lets all uploads move, and counts how often each row is written to. */
  private static final String MOVE_AND_COUNT =
      """
      window.writes = new Map();
      const count = (records) => {
        const rows = new Set(records.map(({ target }) =>
          (target.nodeType === 1 ? target : target.parentElement)?.closest('li.upload')));
        for (const row of rows) if (row) writes.set(row, (writes.get(row) ?? 0) + 1);
      };
      new MutationObserver(count).observe(document.getElementById('uploads'),
        { subtree: true, childList: true, characterData: true, attributes: true });
      window.longest = 0;
      new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => {
        longest = Math.max(longest, duration);
      })).observe({ entryTypes: ['longtask'] });
      window.started = performance.now();
      window.sent = 0;
      window.moving = setInterval(() => {
        sent += 1000;
        for (const upload of fakeClient.uploads) upload.move(sent, 20_000);
      }, 50);
      """;

  @TempDir private Path profile;

  @Test
  @Timeout(180)
  void twoThousandRowsStayUsable() throws Exception {
    Programs.require("chromium");
    Programs.require("chromedriver");
    try (UploadPage page = UploadPage.start(profile)) {
      page.open();
      measure(page);
      assertThat(page.faults()).isEmpty();
      page.settle();
    }
  }

  private static void measure(UploadPage page) throws Exception {
    page.run("window.t0 = performance.now(); fakeClient.fill(" + MANY + ", 'uploading')");
    page.await("document.querySelectorAll('#uploads > li').length === " + MANY);
    String shown =
        page.run("document.body.offsetHeight; return Math.round(performance.now() - t0)");
    page.run(MOVE_AND_COUNT);
    page.await("performance.now() - started > 5000");
    page.run("clearInterval(moving); window.seconds = (performance.now() - started) / 1000");
    double rate = Double.parseDouble(page.value("Math.max(...writes.values()) / seconds"));
    int written = Integer.parseInt(page.value("writes.size"));
    String longest = page.value("Math.round(longest)");
    page.run("window.t1 = performance.now(); fakeClient.pauseAll()");
    page.await("document.querySelectorAll('.upload[data-state=paused]').length === " + MANY);
    String paused =
        page.run("document.body.offsetHeight; return Math.round(performance.now() - t1)");
    System.out.printf(
        "%,d rows: shown in %s ms; while all move 20 times a second: %d rows written to, the busiest"
            + " %.1f times a second, longest task %s ms; all paused in %s ms%n",
        MANY, shown, written, rate, longest, paused);
    assertThat(rate).isPositive().isLessThan(5.0);
    assertThat(written).isLessThan(40);
  }
}
