package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.api.Operation;
import dev.spillway.storage.gcs.FakeGcs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The description of the wire protocol against running servers: every operation, every status and
 * every code that a client can bring about, and not one header or member that is not described.
 */
@Timeout(180)
class ApiDescriptionIT {

  /** Described, and not brought about here, with the reasons. */
  private static final Map<String, String> UNSEEN_STATUSES =
      Map.of(
          "finishUpload 507", "needs a disk that fills up: DiskFullIT",
          "sendChunkRaw 507", "needs a disk that fills up: DiskFullIT",
          "sendChunkAsForm 507", "needs a disk that fills up: DiskFullIT");

  private static final Map<String, String> UNSEEN_CODES =
      Map.of(
          "internal", "the server has no known way to fail",
          "memory-critical", "needs a full heap: MemoryGuardIT",
          "too-fragmented", "needs 50000 chunks",
          "not-signed-in", "a container's: RoleGateTest",
          "role-missing", "a container's: RoleGateTest",
          "too-many-attempts", "for the dashboard alone: AccessIT");

  @TempDir private static Path home;
  private static @Nullable FakeGcs bucket;
  private static final List<ServerProcess> SERVERS = new ArrayList<>();

  private final Conformity conformity = new Conformity();

  private static ServerProcess started(ServerKind kind, Site site) throws Exception {
    ServerProcess server = kind.start(site);
    SERVERS.add(server);
    return server;
  }

  private static Path homeOf(String name) throws Exception {
    return Files.createDirectories(home.resolve(name));
  }

  @AfterAll
  static void stop() throws Exception {
    for (ServerProcess server : SERVERS) {
      server.close();
    }
    if (bucket != null) {
      bucket.close();
    }
  }

  /** One test, as its last step is about all that came before. */
  @TestFactory
  List<DynamicTest> everyAnswerIsDescribedAndEveryDescribedAnswerIsGiven() throws Exception {
    ServerProcess ample = started(new ExecutableWar(), ample(homeOf("ample")));
    ServerProcess narrow = started(new ExecutableWar(), DescribedLimits.narrow(homeOf("narrow")));
    ServerProcess impatient =
        started(Realms.executableWar(), DescribedEnds.impatient(homeOf("impatient")));
    FakeGcs fake = FakeGcs.in(homeOf("bucket"));
    bucket = fake;
    ServerProcess publishing =
        started(new ExecutableWar(), DescribedPublishing.publishing(fake, homeOf("publishing")));
    UploadClient client = new UploadClient(ample.base());
    DescribedCalls calls = new DescribedCalls(conformity);
    new DescribedUploads(client).addTo(calls);
    new DescribedRequests(client, conformity.description()).addTo(calls);
    new DescribedChunks(client).addTo(calls);
    new DescribedFiles(client, ample.data()).addTo(calls, conformity.description().operations());
    new DescribedSites(client, conformity.description()).addTo(calls);
    new DescribedLimits(narrow).addTo(calls);
    new DescribedPublishing(fake, publishing).addTo(calls);
    new DescribedEnds(impatient).addTo(calls);
    calls.step("every described status has been seen", this::requireStatuses);
    calls.step("every described code has been seen", this::requireCodes);
    return calls.tests();
  }

  /** With room for whatever is asked, but not for slow bodies. */
  private static Site ample(Path home) {
    return Site.in(home)
        .brief()
        .with("SPILLWAY_UPLOAD_MAX_SIZE", "1EiB")
        .with("SPILLWAY_CLIENT_BYTES", "4EiB")
        .with("SPILLWAY_RATE_MINIMUM", "10KiB")
        .with("SPILLWAY_RATE_GRACE", "2s")
        .with("SPILLWAY_CORS_ORIGINS", DescribedSites.LISTED);
  }

  private void requireStatuses() {
    SortedSet<String> expected = new TreeSet<>();
    for (Operation operation : conformity.description().operations()) {
      operation.statuses().forEach(status -> expected.add(operation.id() + " " + status));
    }
    assertThat(expected).as("statuses that need a reason").containsAll(UNSEEN_STATUSES.keySet());
    expected.removeAll(UNSEEN_STATUSES.keySet());
    assertThat(conformity.pairs()).containsExactlyInAnyOrderElementsOf(expected);
  }

  private void requireCodes() {
    SortedSet<String> expected = new TreeSet<>();
    conformity
        .description()
        .schema("Problem")
        .at("/properties/code/anyOf/0/enum")
        .forEach(code -> expected.add(code.asText()));
    assertThat(expected).as("codes that need a reason").containsAll(UNSEEN_CODES.keySet());
    expected.removeAll(UNSEEN_CODES.keySet());
    assertThat(conformity.codes()).containsExactlyInAnyOrderElementsOf(expected);
  }
}
