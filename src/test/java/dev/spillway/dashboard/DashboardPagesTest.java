package dev.spillway.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.memory.RuntimeReader;
import dev.spillway.operate.Operator;
import dev.spillway.operate.Outcome;
import dev.spillway.status.Points;
import dev.spillway.status.Snapshot;
import dev.spillway.status.Trend;
import dev.spillway.status.UploadList;
import dev.spillway.status.Window;
import dev.spillway.upload.UploadState;
import dev.spillway.web.Handler;
import dev.spillway.web.Pages;
import dev.spillway.web.ProblemException;
import dev.spillway.web.RouteTable;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.thymeleaf.templateresolver.FileTemplateResolver;

class DashboardPagesTest {

  private static final String OVERVIEW = "/dashboard";
  private static final String DATA = "/dashboard/data/overview.json";

  private boolean readOnly;
  private boolean mayAct = true;
  private Snapshot latest = Specimens.snapshot(Specimens.situation("busy"));
  private final AtomicInteger pointsAsked = new AtomicInteger();

  @Test
  void overviewIsRendered() throws IOException, ServletException {
    assertThat(get(OVERVIEW).text()).contains("<h1 id=\"verdict\"");
  }

  @Test
  void parametersThatMakeNoSenseDoNoHarm() throws IOException, ServletException {
    FakeRequest request =
        new FakeRequest("GET", OVERVIEW)
            .query("window", "<x>")
            .query("sort", "'\"")
            .query("refresh", "-1")
            .query("result", "nothing");

    send(request);

    assertThat(request.status).isEqualTo(200);
  }

  @Test
  void refreshIsOnlyAskedForByTheOperator() throws IOException, ServletException {
    assertThat(get(OVERVIEW).answered).doesNotContainKey("Refresh");
  }

  @Test
  void refreshIsSentWhenItIsAskedFor() throws IOException, ServletException {
    FakeRequest request = new FakeRequest("GET", OVERVIEW).query("refresh", "10");

    send(request);

    assertThat(request.answered).containsEntry("Refresh", "10");
  }

  @Test
  void resultOfAnActionIsLookedUpAndNotTakenFromTheAddress() throws IOException, ServletException {
    FakeRequest request = new FakeRequest("GET", OVERVIEW).query("result", "17");

    send(request);

    assertThat(request.text()).contains("38 uploads purged, 2 failed.");
  }

  @Test
  void tickHasOnlyPointsThatTheReaderHasNot() throws IOException, ServletException {
    JsonNode points = data("3", Specimens.NOW.minusSeconds(12)).path("points");

    assertThat(points.path("millis")).hasSize(3);
    assertThat(points.path("reset").asBoolean()).isFalse();
  }

  @Test
  void readerFromBeforeARestartGetsAllPoints() throws IOException, ServletException {
    JsonNode points = data("99999", Specimens.NOW.minusSeconds(12)).path("points");

    assertThat(points.path("millis")).hasSize(720);
    assertThat(points.path("reset").asBoolean()).isTrue();
  }

  @Test
  void overviewIsMadeOnceForAllReadersOfASnapshot() throws IOException, ServletException {
    DashboardPages pages = pages();
    FakeRequest first = new FakeRequest("GET", DATA);
    FakeRequest second = new FakeRequest("GET", DATA).query("since", "1");
    send(pages, first);
    send(pages, second);

    assertThat(pointsAsked).hasValue(1);
    assertThat(second.text()).isEqualTo(first.text().replace("\"reset\":true", "\"reset\":false"));
  }

  @Test
  void readersOfDifferentWindowsGetTheirOwn() throws IOException, ServletException {
    DashboardPages pages = pages();
    send(pages, new FakeRequest("GET", DATA));
    FakeRequest other = new FakeRequest("GET", DATA).query("window", "24h");
    send(pages, other);

    assertThat(new ObjectMapper().readTree(other.text()).at("/points/window").asText())
        .isEqualTo("24h");
  }

  @Test
  void overviewIsMadeAnewForTheNextSnapshot() throws IOException, ServletException {
    DashboardPages pages = pages();
    send(pages, new FakeRequest("GET", DATA));
    latest = Specimens.starting();
    FakeRequest next = new FakeRequest("GET", DATA);
    send(pages, next);

    assertThat(next.text()).contains("\"state\":\"STARTING\"");
    assertThat(pointsAsked).hasValue(2);
  }

  @Test
  void whatWasNotMeasuredIsNullInTheTick() throws IOException, ServletException {
    assertThat(data("99999", Specimens.NOW).path("points").path("values").path("received"))
        .anyMatch(JsonNode::isNull);
  }

  @Test
  void documentsAreCompressedForThoseWhoTakeThat() throws IOException, ServletException {
    FakeRequest request = new FakeRequest("GET", DATA).header("Accept-Encoding", "gzip, br");

    send(request);

    assertThat(request.answered).containsEntry("Content-Encoding", "gzip");
  }

  @Test
  void documentsAreNotCompressedForOthers() throws IOException, ServletException {
    FakeRequest request = new FakeRequest("GET", DATA).header("Accept-Encoding", "gzip;q=0");

    send(request);

    assertThat(request.answered).doesNotContainKey("Content-Encoding");
  }

  @Test
  void readOnlyPagesHaveNoForms() throws IOException, ServletException {
    readOnly = true;

    assertThat(get("/dashboard/uploads/" + Specimens.id(1).value()).text())
        .contains("READ-ONLY UI")
        .doesNotContain("method=\"post\"");
  }

  @Test
  void viewersSeeNoForms() throws IOException, ServletException {
    mayAct = false;

    assertThat(get("/dashboard/uploads/" + Specimens.id(1).value()).text())
        .doesNotContain("method=\"post\"");
  }

  @Test
  void operatorsSeeFormsWithTheirToken() throws IOException, ServletException {
    assertThat(get("/dashboard/uploads/" + Specimens.id(1).value()).text())
        .contains("name=\"token\" value=\"token-of-extend\"");
  }

  @Test
  void uploadThatIsNotKnownIsNotFound() {
    assertThatThrownBy(() -> get("/dashboard/uploads/nothing"))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("not-found");
  }

  private FakeRequest get(String path) throws IOException, ServletException {
    FakeRequest request = new FakeRequest("GET", path);
    send(request);
    return request;
  }

  private JsonNode data(String seq, Instant since) throws IOException, ServletException {
    FakeRequest request =
        new FakeRequest("GET", DATA)
            .query("seq", seq)
            .query("since", String.valueOf(since.toEpochMilli()));
    send(request);
    return new ObjectMapper().readTree(request.text());
  }

  private void send(FakeRequest request) throws IOException, ServletException {
    send(pages(), request);
  }

  private static void send(DashboardPages pages, FakeRequest request)
      throws IOException, ServletException {
    Handler upload = pages::upload;
    request.handle(
        new RouteTable()
            .get(OVERVIEW, pages::overview)
            .get(DATA, pages::data)
            .get("/dashboard/uploads/{id}", upload));
  }

  private DashboardPages pages() {
    Frames frames =
        new Frames(
            new Frames.Site("assets/0", "1.0", "n", "", Duration.ofSeconds(5), readOnly),
            new Frames.Sources(
                () -> latest,
                exchange -> new Operator("someone", "192.0.2.7", mayAct),
                DashboardPagesTest::result));
    return new DashboardPages(
        new Pages(new FileTemplateResolver(), "src/main/webapp/WEB-INF/templates/"),
        frames,
        new DashboardPages.Figures(this::points, () -> Specimens.failures(3)),
        new DashboardPages.Uploads(
            query -> new UploadList(List.of(), 0),
            id -> Optional.of(Specimens.detail(UploadState.RECEIVING))),
        new DashboardPages.More(
            new DashboardPages.House(
                Optional::empty,
                new RuntimeReader(System::nanoTime),
                List::of,
                List::of,
                List.of()),
            action -> "token-of-" + action.path()));
  }

  private static Optional<Outcome> result(String key) {
    return key.equals("17")
        ? Optional.of(new Outcome(Outcome.Kind.PARTLY, "38 uploads purged, 2 failed."))
        : Optional.empty();
  }

  private Points points(Window window, long after) {
    pointsAsked.incrementAndGet();
    Points all = SpecimenPoints.of(window, 0.9);
    int from = (int) all.millis().stream().filter(at -> at <= after).count();
    Map<Trend, double[]> values = new EnumMap<>(all.values());
    values.replaceAll((trend, numbers) -> Arrays.copyOfRange(numbers, from, numbers.length));
    return new Points(window, all.millis().subList(from, all.millis().size()), values, List.of());
  }
}
