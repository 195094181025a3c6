package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The dashboard's pages and forms as requests. All actions of one server together stay below what
 * it lets happen in a minute.
 */
interface DashboardScenario extends Scenario {

  Duration SOON = Duration.ofSeconds(60);

  /** Part of every password of {@link Realms}. */
  String CANARY = "the password of";

  /**
   * Uploads are abandoned at once, and nobody but an operator ends them. The settings have a
   * password even where the container's realm has its own.
   */
  static Site configured(Site site) {
    return site.with("SPILLWAY_UPLOAD_IDLE_EXPIRY", "1s")
        .with("SPILLWAY_UPLOAD_IDLE_EXPIRY_LOW_DISK", "1s")
        .with("SPILLWAY_UPKEEP_STALE_EVERY", "7d")
        .with("SPILLWAY_DASHBOARD_SAMPLE", "500ms")
        .with("SPILLWAY_DASHBOARD_PASSWORD", Realms.passwordOf("operator"))
        .with("SPILLWAY_DASHBOARD_VIEWER_PASSWORD", Realms.passwordOf("viewer"));
  }

  static List<String> looks() {
    return List.of(
        "dashboard",
        "dashboard?window=10m",
        "dashboard?window=6h&sort=name",
        "dashboard?window=24h",
        "dashboard?refresh=10",
        "dashboard/uploads",
        "dashboard/uploads?state=all&q=%3Cb%3E&client=x&sort=-age&page=1&size=25",
        "dashboard/failures",
        "dashboard/failures?class=busy&since=10m",
        "dashboard/runtime",
        "dashboard/audit",
        "dashboard/data/overview.json?window=1h",
        "dashboard/health",
        "dashboard/metrics");
  }

  static List<String> questions() {
    return List.of(
        "dashboard/actions/drain",
        "dashboard/actions/resume",
        "dashboard/actions/cancel",
        "dashboard/actions/extend",
        "dashboard/actions/retry",
        "dashboard/actions/purge",
        "dashboard/actions/thread-dump",
        "dashboard/actions/log-level");
  }

  private URI base() {
    return client().base();
  }

  private OperatorClient operator() {
    return Realms.client(base(), "operator");
  }

  @ParameterizedTest
  @MethodSource("looks")
  default void everyPageIsThereForBothRolesWithItsHeaders(String path) throws Exception {
    for (String who : List.of("operator", "viewer")) {
      Answer answer = Realms.client(base(), who).get(path).requireStatus(200);
      requireStrict(answer);
      assertThat(answer.text()).doesNotContain(CANARY);
    }
  }

  @ParameterizedTest
  @MethodSource("questions")
  default void onlyOperatorsAreAskedWhetherToAct(String path) throws Exception {
    requireStrict(operator().get(path).requireStatus(200));
    Answer viewers = Realms.client(base(), "viewer").get(path).requireStatus(403);
    requireStrict(viewers);
    assertThat(viewers.text()).contains("spillway-operator").doesNotContain("method=\"post\"");
  }

  private static void requireStrict(Answer answer) {
    assertThat(answer.header("Content-Security-Policy"))
        .contains(
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "worker-src 'self'",
            "require-trusted-types-for 'script'",
            "trusted-types spillway-client")
        .doesNotContain("unsafe");
    assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(answer.header("Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
    assertThat(answer.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
    assertThat(answer.header("Referrer-Policy")).isEqualTo("same-origin");
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
  }

  @Test
  default void aViewersPagesHaveNoFormThatActs() throws Exception {
    String upload = "dashboard/uploads/" + Small.opened(client());
    for (String path : List.of("dashboard", "dashboard/uploads", "dashboard/runtime", upload)) {
      assertThat(Realms.client(base(), "viewer").get(path).requireStatus(200).text())
          .as("of " + path)
          .doesNotContain("method=\"post\"", "/dashboard/actions/")
          .contains("may look");
    }
    assertThat(operator().get(upload).text()).contains("method=\"post\"", "may act");
  }

  @Test
  default void secretsAreMaskedAmongTheSettings() throws Exception {
    String page = operator().get("dashboard/runtime").requireStatus(200).text();
    assertThat(page)
        .containsPattern("spillway\\.dashboard\\.password</code></th><td><bdi>\\*+</bdi>")
        .doesNotContain(CANARY);
    assertThat(server().log()).doesNotContain(CANARY);
  }

  @Test
  default void drainedItFinishesWhatIsOpenAndResumes() throws Exception {
    String open = Small.opened(client());
    client().putChunk(open, 0, Small.FILE.chunk(0, Small.CHUNK)).requireStatus(200);
    ActionTrial.of(base(), "drain", Map.of(), this::newUploads).run("201", "503");
    client().create(Map.of("name", "late", "size", 1)).requireProblem(503, "draining");
    requireReady(503);
    for (int index = 1; index < Small.CHUNKS; index++) {
      client().putChunk(open, index, Small.FILE.chunk(index, Small.CHUNK)).requireStatus(200);
    }
    client().finish(open).requireStatus(200);
    ActionTrial.of(base(), "resume", Map.of(), this::newUploads).run("503", "201");
    requireReady(200);
  }

  private String newUploads() throws Exception {
    return String.valueOf(client().create(Map.of("name", "new", "size", 1)).status());
  }

  private void requireReady(int status) throws Exception {
    Eventually.becomes(
        "ready is " + status, SOON, () -> client().get("health/ready").status() == status);
  }

  @Test
  default void cancellingEndsAnUpload() throws Exception {
    String id = Small.received(client());
    ActionTrial.of(base(), "cancel", Map.of("id", id), () -> state(id))
        .run("RECEIVING", "CANCELLED");
    client().putChunk(id, 0, new byte[Small.CHUNK]).requireProblem(410, "upload-cancelled");
  }

  private String state(String id) throws Exception {
    return client().status(id).json().path("state").asText();
  }

  @Test
  default void extendingLetsTheIdleTimeBeginAnew() throws Exception {
    String id = Small.opened(client());
    Set<String> ends = new HashSet<>();
    ActionTrial.of(
            base(),
            "extend",
            Map.of("id", id),
            () -> {
              ends.add(end(id));
              return ends.size() + " seen";
            })
        .run("1 seen", "2 seen");
  }

  private String end(String id) throws Exception {
    return client().status(id).requireStatus(200).json().path("expiresAt").asText();
  }

  /** A file is where the finished file's directory has to be made. */
  @Test
  default void afterAFailedFinishItIsTriedAgain() throws Exception {
    String id = Small.received(client());
    Path shard = server().data().resolve("files").resolve(id.substring(0, 2));
    Optional<Path> aside = moved(shard);
    Files.createFile(shard);
    client().finish(id).requireProblem(503, "storage-unavailable");
    assertThat(operator().get("dashboard/uploads/" + id).requireStatus(200).text())
        .contains("the file could not be given its name");
    Files.delete(shard);
    if (aside.isPresent()) {
      Files.move(aside.get(), shard);
    }
    ActionTrial.of(base(), "retry", Map.of("id", id), () -> state(id)).run("FAILED", "COMPLETED");
    assertThat(Checksums.sha256().digest(client().download(id).requireStatus(200).body()))
        .isEqualTo(Small.FILE.sha256());
  }

  /** Where to, if it is there. */
  private static Optional<Path> moved(Path directory) throws Exception {
    Path aside = directory.resolveSibling(directory.getFileName() + ".aside");
    return Files.exists(directory) ? Optional.of(Files.move(directory, aside)) : Optional.empty();
  }

  @Test
  default void aPurgeEndsWhatIsAbandonedAndTellsHowMuchBefore() throws Exception {
    String id = Small.received(client());
    Eventually.becomes("it is abandoned", SOON, () -> isAbandoned(client(), id));
    assertThat(review("purge")).contains("will end.", "cannot be brought back");
    ActionTrial.of(base(), "purge", Map.of(), () -> state(id)).run("RECEIVING", "EXPIRED");
    assertThat(AuditLine.read(operator()).get(1).result()).contains(" purged, ", " freed");
  }

  /** Whether an upload's time is over, though nobody may have ended it. */
  static boolean isAbandoned(UploadClient client, String id) throws Exception {
    String end = client.status(id).requireStatus(200).json().path("expiresAt").asText();
    return Instant.parse(end).isBefore(Instant.now());
  }

  private String review(String action) throws Exception {
    JsonNode asked =
        operator().get("dashboard/actions/" + action, "Accept", "application/json").json();
    return asked.path("consequences").toString();
  }

  @Test
  default void aThreadDumpIsKeptAndShown() throws Exception {
    ActionTrial.of(
            base(),
            "thread-dump",
            Map.of(),
            () -> operator().get("dashboard/threads/1").status() + " " + secondDump())
        .run("404 404", "200 404");
    Answer dump = operator().get("dashboard/threads/1").requireStatus(200);
    requireStrict(dump);
    assertThat(dump.type()).startsWith("text/plain");
    assertThat(dump.text()).contains("Reference Handler").doesNotContain(CANARY);
    assertThat(OperatorClient.stranger(base()).get("dashboard/threads/1").status()).isEqualTo(401);
  }

  private int secondDump() throws Exception {
    return operator().get("dashboard/threads/2").status();
  }

  @Test
  default void aLogLevelHoldsFromThenOn() throws Exception {
    Map<String, String> form = Map.of("logger", "dev.spillway.access", "level", "DEBUG");
    ActionTrial.of(base(), "log-level", form, this::requestsInTheLog).run("none", "all");
  }

  /** A request's line is written before the next one on its connection is looked at. */
  private String requestsInTheLog() throws Exception {
    String request = "uploads/" + UUID.randomUUID();
    client().get(request);
    client().get("health/live");
    return server().log().contains(request) ? "all" : "none";
  }
}
