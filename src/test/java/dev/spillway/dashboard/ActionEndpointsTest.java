package dev.spillway.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.LoggerContext;
import dev.spillway.admission.Admission;
import dev.spillway.admission.DiskBudget;
import dev.spillway.memory.MemoryLevel;
import dev.spillway.operate.AbandonedUploads;
import dev.spillway.operate.Action;
import dev.spillway.operate.AuditEntry;
import dev.spillway.operate.Drainage;
import dev.spillway.operate.LogLevels;
import dev.spillway.operate.Operations;
import dev.spillway.operate.Operator;
import dev.spillway.operate.Outcome;
import dev.spillway.operate.Services;
import dev.spillway.operate.UploadActions;
import dev.spillway.status.Figures;
import dev.spillway.status.Snapshot;
import dev.spillway.status.Verdict;
import dev.spillway.telemetry.Telemetry;
import dev.spillway.upkeep.CleanUp;
import dev.spillway.upkeep.StaleUploadCleaner;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadPolicy;
import dev.spillway.upload.UploadState;
import dev.spillway.web.Pages;
import dev.spillway.web.Problem;
import dev.spillway.web.ProblemException;
import dev.spillway.web.RouteTable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.thymeleaf.templateresolver.FileTemplateResolver;

class ActionEndpointsTest {

  private static final Instant NOW = Instant.parse("2026-11-21T12:00:05Z");
  private static final UploadId ID = UploadId.random(new Random(3));
  private static final String HOSTILE = "<img src=x onerror=alert(1)>\u202e";

  /** Reading the templates anew for each test takes most of its time. */
  private static final Pages PAGES =
      new Pages(new FileTemplateResolver(), "src/main/webapp/WEB-INF/templates/");

  private final List<String> done = new ArrayList<>();
  private final Admission admission =
      new Admission(
          new Admission.Limits(() -> 3, 2, 5, 1000),
          new DiskBudget(() -> 10_000, () -> 0, 0, System::nanoTime, Telemetry.NONE),
          client -> new Admission.Usage(0, 0),
          Admission.Gate.OPEN,
          Telemetry.NONE);
  private Operator who = new Operator("ann", "192.0.2.7", true);
  private Optional<Problem> foreign = Optional.empty();
  private boolean readOnly;
  private final Operations writable = operations(false);
  private final Operations locked = operations(true);

  private Operations operations(boolean closed) {
    return new Operations(
        new Services(
            new Drainage(admission, Clock.systemUTC()),
            new OneUpload(),
            new NothingAbandoned(),
            new LogLevels(new LoggerContext(), System::nanoTime)),
        new Operations.Rules(closed, 10),
        new Operations.Time(Clock.systemUTC(), System::nanoTime),
        new Random(5),
        Telemetry.NONE);
  }

  private Operations operations() {
    return readOnly ? locked : writable;
  }

  private FakeRequest get(String path) {
    return new FakeRequest("GET", path);
  }

  private FakeRequest post(Action action, String more) {
    FakeRequest request =
        new FakeRequest("POST", "/dashboard/actions/" + action.path())
            .header("Content-Type", "application/x-www-form-urlencoded");
    request.body = "token=" + operations().token(action) + more;
    return request;
  }

  private FakeRequest send(FakeRequest request) throws Exception {
    request.handle(routes());
    return request;
  }

  private RouteTable routes() {
    Frames frames =
        new Frames(
            new Frames.Site("assets", "1.0", "node", "", Duration.ofSeconds(5), readOnly),
            new Frames.Sources(
                ActionEndpointsTest::snapshot, exchange -> who, operations()::outcome));
    ActionEndpoints endpoints =
        new ActionEndpoints(operations(), frames, PAGES, request -> foreign);
    return new RouteTable()
        .get("/dashboard/actions/{name}", endpoints::confirm)
        .post("/dashboard/actions/{name}", endpoints::act)
        .get("/dashboard/audit", endpoints::audit)
        .get("/dashboard/threads/{n}", endpoints::threads);
  }

  private Problem problem(FakeRequest request) {
    return catchThrowableOfType(ProblemException.class, () -> send(request)).problem();
  }

  private void assertNothingHappened() {
    assertThat(admission.stats().holding()).isFalse();
    assertThat(done).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "DRAIN, /app/dashboard?result=1",
    "RESUME, /app/dashboard?result=1",
    "PURGE, /app/dashboard?result=1",
    "THREAD_DUMP, /app/dashboard/runtime?result=1",
    "LOG_LEVEL, /app/dashboard/runtime?result=1",
    "CANCEL, /app/dashboard/uploads/ID?result=1",
    "RETRY, /app/dashboard/uploads/ID?result=1",
    "EXTEND, /app/dashboard/uploads/ID?result=1"
  })
  void aFormLeadsToThePageThatItIsAbout(Action action, String page) throws Exception {
    FakeRequest sent = send(post(action, "&id=" + ID));
    assertThat(sent.status).isEqualTo(303);
    assertThat(sent.answered).containsEntry("Location", page.replace("ID", ID.value()));
  }

  @Test
  void anActionIsCarriedOutAndShown() throws Exception {
    send(post(Action.DRAIN, ""));
    assertThat(admission.stats().holding()).isTrue();
    FakeRequest shown = send(get("/dashboard/audit").query("result", "1"));
    assertThat(shown.text())
        .contains("role=\"status\"")
        .contains("New uploads are refused from now on; those that are open go on.")
        .contains(">ann<");
  }

  @ParameterizedTest
  @EnumSource(Action.class)
  void askingNeverActs(Action action) throws Exception {
    for (String method : new String[] {"GET", "HEAD"}) {
      FakeRequest request =
          new FakeRequest(method, "/dashboard/actions/" + action.path())
              .query("id", ID.value())
              .query("token", operations().token(action));
      assertThat(send(request).status).isEqualTo(200);
    }
    assertNothingHappened();
    assertThat(operations().audit()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Action.class)
  void aViewerIsToldWhatIsMissing(Action action) throws Exception {
    who = new Operator("vic", "192.0.2.8", false);
    FakeRequest sent = send(post(action, "&id=" + ID));
    assertThat(sent.status).isEqualTo(403);
    assertThat(sent.text()).contains("spillway-operator").doesNotContain("<form");
    assertThat(send(get("/dashboard/actions/" + action.path())).text()).doesNotContain("<form");
    assertRefused("vic", "spillway-operator");
  }

  @ParameterizedTest
  @EnumSource(Action.class)
  void aReadOnlyDashboardNamesItsSetting(Action action) throws Exception {
    readOnly = true;
    FakeRequest sent = send(post(action, "&id=" + ID));
    assertThat(sent.status).isEqualTo(403);
    assertThat(sent.text()).contains("spillway.dashboard.read-only").doesNotContain("<form");
    assertThat(send(get("/dashboard/actions/" + action.path())).status).isEqualTo(403);
    assertRefused("ann", "spillway.dashboard.read-only");
  }

  @ParameterizedTest
  @EnumSource(Action.class)
  void aFormOfAnotherSiteIsRefusedWithTheReason(Action action) throws Exception {
    foreign = Optional.of(Problem.of(403, "cross-site", "A page of another site sent this."));
    FakeRequest sent = send(post(action, "&id=" + ID));
    assertThat(sent.status).isEqualTo(403);
    assertThat(sent.text()).contains("A page of another site sent this.");
    assertThat(sent.bytesRead()).isZero();
    assertRefused("ann", "another site");
  }

  private void assertRefused(String name, String why) {
    assertNothingHappened();
    List<AuditEntry> audit = operations().audit();
    assertThat(audit).hasSize(1);
    assertThat(audit.get(0).who()).isEqualTo(name);
    assertThat(audit.get(0).outcome().kind()).isEqualTo(Outcome.Kind.REFUSED);
    assertThat(audit.get(0).outcome().text()).contains(why);
  }

  @Test
  void aScriptIsToldInJson() throws Exception {
    FakeRequest sent = send(post(Action.DRAIN, "").header("Accept", "application/json"));
    assertThat(sent.status).isEqualTo(200);
    assertThat(sent.text()).contains("\"outcome\":\"DONE\"").contains("\"action\":\"drain\"");
    FakeRequest asked = send(get("/dashboard/actions/resume").header("Accept", "application/json"));
    assertThat(asked.text()).contains("\"token\":\"").contains("\"question\":\"");
  }

  @Test
  void aScriptsRefusalIsAProblem() {
    FakeRequest noToken = post(Action.DRAIN, "").header("Accept", "application/json");
    noToken.body = "";
    assertThat(problem(noToken).status()).isEqualTo(409);
    assertThat(problem(noToken).code()).isEqualTo("action-refused");
    who = new Operator("vic", "192.0.2.8", false);
    FakeRequest viewer = post(Action.DRAIN, "").header("Accept", "application/problem+json");
    assertThat(problem(viewer).code()).isEqualTo("role-missing");
  }

  @Test
  void aBodyThatIsNoFormIsRefusedAndAudited() {
    FakeRequest request = post(Action.DRAIN, "&x=%");
    assertThat(problem(request).code()).isEqualTo("malformed-form");
    assertRefused("ann", "encoded");
  }

  @Test
  void whatWasTypedWronglyLeadsBackToTheQuestion() throws Exception {
    FakeRequest sent = send(post(Action.CANCEL, "&typed=nope&id=" + ID));
    assertThat(sent.answered.get("Location"))
        .isEqualTo("/app/dashboard/actions/cancel?id=" + ID + "&result=1");
    assertThat(done).isEmpty();
  }

  @Test
  void theQuestionHasAllThatTheFormNeeds() throws Exception {
    String page = send(get("/dashboard/actions/cancel").query("id", ID.value())).text();
    assertThat(page)
        .contains("action=\"/app/dashboard/actions/cancel\"")
        .contains("method=\"post\"")
        .contains("name=\"token\"")
        .contains("name=\"id\" value=\"" + ID + "\"")
        .contains("name=\"typed\"")
        .contains("button danger")
        .contains("<h1 class=\"page-title\">Cancel this upload?</h1>");
  }

  @Test
  void hostileTextIsShownAsText() throws Exception {
    who = new Operator(HOSTILE, HOSTILE, true);
    FakeRequest forged = post(Action.CANCEL, "&id=" + "%3Cimg%20src%3Dx%3E%E2%80%AE");
    forged.body += "&logger=" + "y".repeat(4000);
    FakeRequest sent = send(forged);
    assertThat(sent.answered).containsEntry("Location", "/app/dashboard/uploads?result=1");
    String page = send(get("/dashboard/audit").query("result", HOSTILE)).text();
    assertThat(page).doesNotContain("<img").doesNotContain("yyyy").contains("&lt;img");
    String question = send(get("/dashboard/actions/cancel").query("id", ID.value())).text();
    assertThat(question).doesNotContain("<img").contains("&lt;img");
  }

  @Test
  void noPageHasAnythingInline() throws Exception {
    send(post(Action.DRAIN, ""));
    for (FakeRequest request :
        List.of(
            get("/dashboard/audit"),
            get("/dashboard/actions/purge"),
            get("/dashboard/actions/cancel").query("id", ID.value()))) {
      assertThat(send(request).text())
          .doesNotContainPattern("<[^>]* style=")
          .doesNotContain("<style")
          .doesNotContainPattern("<[^>]* on[a-z]+=")
          .doesNotContainPattern("<script(?![^>]* src=)")
          .doesNotContain("th:");
    }
  }

  @Test
  void anEmptyAuditSaysSo() throws Exception {
    assertThat(send(get("/dashboard/audit")).text())
        .contains("No operator has done anything since the start.");
  }

  @Test
  void aThreadDumpIsPlainText() throws Exception {
    send(post(Action.THREAD_DUMP, ""));
    FakeRequest dump = send(get("/dashboard/threads/1"));
    assertThat(dump.answered).containsEntry("Content-Type", "text/plain; charset=utf-8");
    assertThat(dump.text()).contains("ActionEndpointsTest.aThreadDumpIsPlainText");
    for (String unknown : new String[] {"2", "0", "x", "-1", "9999999999"}) {
      assertThat(problem(get("/dashboard/threads/" + unknown)).status()).isEqualTo(404);
    }
  }

  @Test
  void anUnknownActionIsNotThere() {
    assertThat(problem(get("/dashboard/actions/gc")).status()).isEqualTo(404);
    assertThat(problem(new FakeRequest("POST", "/dashboard/actions/gc")).status()).isEqualTo(404);
  }

  private static Snapshot snapshot() {
    return new Snapshot(
        1,
        "instance",
        NOW.minusSeconds(60),
        NOW,
        Duration.ofMillis(1),
        Optional.empty(),
        new Verdict(Verdict.State.OK, "OK", "All is well.", NOW, Optional.empty()),
        List.of(),
        figures(),
        List.of(),
        List.of(),
        List.of());
  }

  private static Figures figures() {
    Figures.Latency none = new Figures.Latency(0, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    OptionalLong unknown = OptionalLong.empty();
    return new Figures(
        new Figures.Queue(0, 1, 0, 1, Duration.ZERO, none),
        new Figures.Heap(
            unknown, 1, 1, 1, 1, MemoryLevel.NORMAL, List.of(), OptionalDouble.empty()),
        new Figures.Buffers(0, 1, 0, 0, Duration.ZERO),
        new Figures.Stale(unknown, unknown, Optional.empty()),
        new Figures.Open(unknown, 0, 0, 0, unknown, unknown, Optional.empty(), Optional.empty()),
        new Figures.Flow(OptionalDouble.empty(), OptionalDouble.empty()),
        none,
        new Figures.Outcomes(0, 0, 0, 0, 0),
        Optional.empty());
  }

  /** There is one, and it is large. */
  private final class OneUpload implements UploadActions {

    @Override
    public Optional<Upload> find(UploadId id) {
      Upload upload =
          new Upload(
              ID,
              HOSTILE,
              3L << 30,
              null,
              8 << 20,
              UploadState.RECEIVING,
              null,
              "client",
              null,
              null,
              Map.of(),
              NOW,
              NOW,
              2L << 30,
              null,
              null);
      return id.equals(ID) ? Optional.of(upload) : Optional.empty();
    }

    @Override
    public void cancel(UploadId id) {
      done.add("cancel");
    }

    @Override
    public boolean publishes() {
      return false;
    }

    @Override
    public void retry(UploadId id) {
      done.add("retry");
    }

    @Override
    public Instant extend(UploadId id) {
      done.add("extend");
      return NOW;
    }

    @Override
    public Optional<Open> open() {
      return Optional.empty();
    }
  }

  private final class NothingAbandoned implements AbandonedUploads {

    @Override
    public StaleUploadCleaner.Preview preview() {
      return new StaleUploadCleaner.Preview(0, 0);
    }

    @Override
    public CleanUp purge(String why) {
      done.add("purge");
      return new CleanUp(NOW, Duration.ZERO, why, 0, 0, 0, 0, 0, true, null);
    }

    @Override
    public UploadPolicy.Lifetimes lifetimes() {
      return new UploadPolicy.Lifetimes(
          Duration.ofHours(24), Duration.ofMinutes(30), Duration.ofDays(7));
    }
  }
}
