package dev.spillway.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.status.Points;
import dev.spillway.status.Window;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class GoldenPagesTest {

  private static final int PAGE_BUDGET = 60 * 1024;

  /** Of what is said of publishing, where there is any. */
  private static final int PUBLISHING_BUDGET = 3 * 1024;

  private static final int TICK_BUDGET = 8 * 1024;

  private static final Map<String, String> PAGES = new GoldenPages("assets/0").all();

  @Test
  void verdictComesFirst() {
    for (Specimens.Situation situation : Specimens.situations()) {
      String page = PAGES.getOrDefault(situation.name(), "");

      assertThat(text(page.substring(page.indexOf("<main")))).startsWith(situation.headline());
    }
  }

  @Test
  void tilesThatOperatorsOpenThePageForComeFirst() {
    List<String> titles = all("<h3><a href=\"[^\"]*\">([^<]*)</a>", PAGES.getOrDefault("busy", ""));

    assertThat(titles)
        .startsWith("Queue depth", "Heap", "Buffer pool", "Stale uploads", "Uploads in progress");
  }

  @Test
  void troubledChecksComeFirst() {
    List<String> checks = all("id=\"check-([a-z-]*)\"", PAGES.getOrDefault("failing", ""));

    assertThat(checks).startsWith("server-errors", "disk", "abandoned");
  }

  @Test
  void verdictLinksToTheCheckThatDecided() {
    assertThat(PAGES.getOrDefault("busy", "")).contains("href=\"#check-buffers\"");
  }

  @Test
  void everyPageHasOneHeadingOfTheFirstLevel() {
    PAGES.forEach((name, page) -> assertThat(all("(<h1)", page)).as(name).hasSize(1));
  }

  @Test
  void everyPageSaysWhereItIs() {
    PAGES.forEach(
        (name, page) -> assertThat(all("(aria-current=\"page\")", page)).as(name).hasSize(1));
  }

  @Test
  void everyIdIsGivenOnce() {
    PAGES.forEach(
        (name, page) -> assertThat(all(" id=\"([^\"]*)\"", page)).as(name).doesNotHaveDuplicates());
  }

  @Test
  void pagesAreSmall() {
    for (Specimens.Situation situation : Specimens.situations()) {
      String page = PAGES.getOrDefault(situation.name(), "");

      int budget = PAGE_BUDGET + (page.contains("id=\"publishing\"") ? PUBLISHING_BUDGET : 0);
      assertThat(page.getBytes(StandardCharsets.UTF_8).length)
          .as(situation.name())
          .isLessThan(budget);
    }
  }

  @Test
  void tickIsSmall() throws IOException {
    byte[] tick = new ObjectMapper().writeValueAsBytes(tick("many"));

    assertThat(gzip(tick)).isLessThan(TICK_BUDGET);
  }

  @Test
  void nothingInlineAndNothingUnescapedInTemplates() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/main/webapp/WEB-INF/templates"))) {
      for (Path file : files.toList()) {
        String template = Files.readString(file);
        assertIsStrict(file.toString(), template);
        assertThat(template).as(file.toString()).doesNotContain("th:utext", "th:style", "[(${");
      }
    }
  }

  @Test
  void nothingInlineInPages() {
    PAGES.forEach(GoldenPagesTest::assertIsStrict);
  }

  @Test
  void hostileNamesAreTextWhereverTheyStand() {
    PAGES.forEach(
        (name, page) ->
            assertThat(page)
                .as(name)
                .doesNotContain("<img", "<script>", "\u202E", "\u0000", "\u2028", "onmouseover='"));
  }

  @Test
  void hostileNamesAreShown() {
    assertThat(PAGES.getOrDefault("uploads", "")).contains("&lt;img src=x onerror=alert(1)&gt;");
  }

  @Test
  void expressionsInNamesAreNotEvaluated() {
    assertThat(PAGES.getOrDefault("uploads", "")).contains("${7*7} [[${7*7}]]");
  }

  @Test
  void everyLiveTextOfThePageIsInTheTick() {
    OverviewView view = view("busy");
    Set<String> keys = new TreeSet<>(all("data-live=\"([^\"]*)\"", PAGES.getOrDefault("busy", "")));

    assertThat(view.live().texts().keySet()).containsAll(keys);
  }

  @Test
  void everyLevelOfThePageIsInTheTick() {
    OverviewView view = view("busy");
    Set<String> keys =
        new TreeSet<>(all("data-level-of=\"([^\"]*)\"", PAGES.getOrDefault("busy", "")));
    keys.remove("row");

    assertThat(view.live().levels().keySet()).containsAll(keys);
  }

  @Test
  void tickHasTheSameCellsAsTheRows() {
    Row row = view("busy").worst().get(0);
    Set<String> cells =
        new TreeSet<>(all("data-cell=\"([^\"]*)\"", PAGES.getOrDefault("uploads", "")));

    assertThat(row.cells().keySet()).containsAll(cells);
  }

  @Test
  void whereFilesStayNothingIsSaidOfPublishing() throws IOException {
    for (String name : List.of("ok", "failing", "idle", "starting", "uploads", "upload")) {
      assertThat(PAGES.getOrDefault(name, "")).as(name).isNotEmpty().doesNotContain("ublish");
    }
    assertThat(new ObjectMapper().writeValueAsString(tick("ok"))).doesNotContain("ublish");
  }

  @Test
  void whatIsPublishedIsToldWithItsProgressAndItsTrouble() {
    assertThat(text(PAGES.getOrDefault("publishing", "")))
        .contains(
            "Publishing Sending 2 files of at most 2; 1 had trouble and is tried again.",
            "Destination gs://reports/in",
            "Still to go 40 files, 11.7 GiB",
            "The oldest waits for 1 min 12 s",
            "Speed 41.5 MiB/s, done in about 4 min",
            "Memory 16.0 MiB, 2 files at once",
            "61 % of 2.00 GiB",
            "Tried again later 12 files, the oldest 1 below",
            "failed 3 times, tried again in 2 min: the disk does not answer",
            "gs://reports answers with status 503");
  }

  @Test
  void aBucketOutOfReachIsToldWithItsReasonAndTheNextTry() {
    assertThat(text(PAGES.getOrDefault("bucket-away", "")))
        .contains(
            "Out of reach since 11:57:00 UTC: gs://reports does not answer: no connection. 7"
                + " attempts failed in a row; the next one is in 15 s, and files go on by"
                + " themselves.",
            "No file is on its way.");
  }

  @Test
  void aBucketThatRefusesIsToldToNeedSomebody() {
    assertThat(text(PAGES.getOrDefault("bucket-refuses", "")))
        .contains(
            "Refused since 11:57:00 UTC: this server may not use gs://reports: permission"
                + " storage.objects.create is missing. Somebody has to put that right; one file is"
                + " tried in 35 s, and the others go on when it is taken. Those that have failed have"
                + " to be finished again.",
            "Failed since the start 3 files, kept here");
  }

  @Test
  void filesOnTheirWayAreInTheTick() {
    OverviewView view = view("publishing");
    Map<?, ?> rows = (Map<?, ?>) Objects.requireNonNull(tick("publishing").get("rows"));

    assertThat(rows.get("publishing")).asInstanceOf(InstanceOfAssertFactories.LIST).hasSize(3);
    assertThat(view.live().texts())
        .containsKeys("publish.state", "publish.backlog", "publish.retries");
    assertThat(view.live().levels()).containsEntry("publish", "info");
  }

  @Test
  void everyLiveTextOfPublishingIsInTheTick() {
    Set<String> keys =
        new TreeSet<>(all("data-live=\"([^\"]*)\"", PAGES.getOrDefault("publishing", "")));

    assertThat(view("publishing").live().texts().keySet()).containsAll(keys);
  }

  @Test
  void anUploadTellsHowMuchOfItIsInTheBucket() {
    assertThat(text(PAGES.getOrDefault("upload-publishing", "")))
        .contains("61 % of 2.00 GiB in the bucket, gs://reports/in, begun 14 s ago.");
  }

  @Test
  void anUploadTellsWhatItWaitsFor() {
    assertThat(text(PAGES.getOrDefault("upload-waiting", "")))
        .contains(
            "It waits until gs://reports/in takes files again. Since 11:57:00 UTC: gs://reports does"
                + " not answer: no connection.");
  }

  @Test
  void emptyTablesSaySo() {
    assertThat(text(PAGES.getOrDefault("idle", "")))
        .contains("No uploads in progress. last one finished 14 min ago", "No failures");
  }

  @Test
  void whatIsNotKnownYetIsNotZero() {
    assertThat(text(PAGES.getOrDefault("starting", "")))
        .contains("Collecting", "not yet", "No check has run yet", "Nothing has been measured yet");
  }

  @Test
  void tablesHaveACaptionAndColumnsThatSaySo() {
    PAGES.forEach(
        (name, page) -> {
          assertThat(all("(<caption)", page)).as(name).hasSameSizeAs(all("(<table)", page));
          assertThat(page).as(name).doesNotContainPattern("<th(?=[ >])(?![^>]*scope)");
        });
  }

  @Test
  void percentilesOfFewSamplesAreNotShown() {
    assertThat(text(PAGES.getOrDefault("idle", ""))).contains("n = 7");
  }

  private static void assertIsStrict(String name, String page) {
    assertThat(page).as(name).doesNotContainPattern("<[^>\"]*(\"[^\"]*\"[^>\"]*)*\\sstyle=");
    assertThat(page).as(name).doesNotContainPattern("<[^>\"]*(\"[^\"]*\"[^>\"]*)*\\son\\w+=");
    assertThat(page).as(name).doesNotContain("<style");
    assertThat(page)
        .as(name)
        .doesNotContainPattern("<script(?![^>]*(src=|type=\"application/json\"))");
  }

  private static OverviewView view(String name) {
    Specimens.Situation situation = Specimens.situation(name);
    Points hour = SpecimenPoints.of(Window.HOUR, situation.load());
    return GoldenPages.view(Specimens.snapshot(situation), hour, Specimens.failures(40));
  }

  private static Map<String, Object> tick(String name) {
    Specimens.Situation situation = Specimens.situation(name);
    Points hour = SpecimenPoints.of(Window.HOUR, situation.load());
    long last = hour.millis().get(hour.millis().size() - 2);
    OverviewJson.Since since = new OverviewJson.Since(last, false, 5000);
    return OverviewJson.of(Specimens.snapshot(situation), view(name), hour, "OK – n", since);
  }

  private static int gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.size();
  }

  private static List<String> all(String pattern, String page) {
    Matcher matcher = Pattern.compile(pattern).matcher(page);
    return matcher.results().map(result -> result.group(1)).toList();
  }

  private static String text(String page) {
    return page.replaceAll("<[^>]*>", " ").replace('\u00a0', ' ').replaceAll("\\s+", " ").strip();
  }
}
