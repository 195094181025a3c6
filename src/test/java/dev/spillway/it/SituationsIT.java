package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.Programs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an operator sees when something is wrong: each situation is made for real, and the first
 * screen has to say what it is. The screenshots go where {@link Screenshots} says.
 */
@Timeout(600)
class SituationsIT {

  private static final Duration SOON = Duration.ofMinutes(2);
  private static final int KIB = 1024;
  private static final int MIB = 1 << 20;

  @TempDir private Path home;
  @TempDir private Path profile;

  @BeforeEach
  void requirePrograms() throws Exception {
    Programs.require("chromium");
    Programs.require("chromedriver");
  }

  /** Looks often, so that what lasts for some looks is seen soon. */
  private Site site() {
    return Site.in(home)
        .brief()
        .with("SPILLWAY_DASHBOARD_SAMPLE", "500ms")
        .with("SPILLWAY_DASHBOARD_NODE", "upload-7")
        .with("SPILLWAY_DASHBOARD_ENVIRONMENT", "staging");
  }

  @Test
  void nothingIsGoingOn() throws Exception {
    try (ServerProcess server = Realms.executableWar().start(site())) {
      Small.finished(new UploadClient(server.base()));
      await(server, "IDLE", "last upload finished");
      picture(server, "idle", LIGHT, PHONE);
      server.stop();
    }
  }

  @Test
  void itIsAtWork() throws Exception {
    try (ServerProcess server = Realms.executableWar().start(site())) {
      UploadClient client = new UploadClient(server.base());
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        ids.add(client.open("session-" + i + ".wav", 512L * MIB, MIB));
      }
      try (SteadyClients clients = SteadyClients.start(client, ids, MIB)) {
        Eventually.becomes("they send", SOON, () -> clients.acknowledged() > 60);
        await(server, "OK", "6 uploads in progress");
        picture(server, "at-work", LIGHT, DARK);
      }
      server.stop();
    }
  }

  @Test
  void theQueueForTheDiskIsFull() throws Exception {
    Programs.require("strace");
    Site site = site().with("SPILLWAY_WRITES_PERMITS", "2").with("SPILLWAY_WRITES_WAITING", "8");
    try (ServerProcess server = Realms.executableWar().start(site)) {
      UploadClient client = new UploadClient(server.base());
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        ids.add(client.open("camera-" + i + ".mov", 64 * MIB, MIB));
      }
      Path uploads = server.data().resolve("uploads");
      List<Path> parts = Trees.files(uploads).stream().map(uploads::resolve).toList();
      try (DelayedCalls slow = slowWrites(server, parts);
          SteadyClients clients = SteadyClients.start(client, ids, MIB)) {
        requireTroubled(
            await(server, "BUSY", "wait for the disk", "requests refused"), "write-queue");
        picture(server, "queue-full", LIGHT);
      }
      server.stop();
    }
  }

  @Test
  void theHeapIsCritical() throws Exception {
    Site site =
        new Site(home, List.of("-Xmx160m", "-XX:+UseSerialGC"), site().environment(), false);
    try (ServerProcess server = Realms.tomcat(new TomcatWithNeighbour()).start(site)) {
      UploadClient client = new UploadClient(server.base());
      Small.finished(client);
      int leaked = 0;
      while (client.create(Map.of("name", "a", "size", 1)).status() == 201) {
        assertThat(leaked).as("MiB leaked without being noticed").isLessThan(160);
        TomcatWithNeighbour.ask(client, "POST", 2);
        leaked += 2;
        LockSupport.parkNanos(100_000_000);
      }
      requireTroubled(await(server, "FAILING", "live"), "memory");
      picture(server, "heap-critical", LIGHT, DARK_PHONE);
      TomcatWithNeighbour.ask(client, "DELETE", 0);
      server.stop();
    }
  }

  @Test
  void theDiskIsNearlyFull() throws Exception {
    LoopVolume.require(home);
    Site site =
        site().with("SPILLWAY_STORAGE_RESERVE", "2MiB").with("SPILLWAY_UPKEEP_LOW_DISK", "0B");
    try (LoopVolume volume = LoopVolume.at(site.data(), "256M");
        ServerProcess server = Realms.executableWar().start(site)) {
      Small.finished(new UploadClient(server.base()));
      DiskFiller somebody = new DiskFiller(volume.path().resolve("elsewhere"));
      somebody.takeAllSpaceBut(8 * MIB);
      requireTroubled(await(server, "FAILING", "disk"), "disk");
      picture(server, "disk-nearly-full", LIGHT);
      server.stop();
    }
  }

  @Test
  void fiveHundredUploadsAreStale() throws Exception {
    Site site =
        site()
            .with("SPILLWAY_UPLOAD_IDLE_EXPIRY", "1s")
            .with("SPILLWAY_UPLOAD_IDLE_EXPIRY_LOW_DISK", "1s")
            .with("SPILLWAY_UPKEEP_STALE_EVERY", "7d");
    try (ServerProcess server = Realms.executableWar().start(site)) {
      UploadClient client = new UploadClient(server.base());
      for (int i = 0; i < 500; i++) {
        String id = client.open("abandoned-" + i + ".iso", 256 * KIB, 64 * KIB);
        client.putChunk(id, 0, new byte[64 * KIB]).requireStatus(200);
      }
      requireTroubled(await(server, "DEGRADED", "500"), "abandoned");
      picture(server, "stale-uploads", DARK);
      server.stop();
    }
  }

  @Test
  void itRunsEmptyWhileUploadsGoOn() throws Exception {
    try (ServerProcess server = Realms.executableWar().start(site())) {
      UploadClient client = new UploadClient(server.base());
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        ids.add(client.open("film-" + i + ".mov", 512L * MIB, MIB));
      }
      try (SteadyClients clients = SteadyClients.start(client, ids, MIB)) {
        OperatorClient operator = Realms.client(server.base(), "operator");
        act(operator, "drain");
        requireTroubled(await(server, "DRAINING", "12 uploads left"), "admission");
        client.create(Map.of("name", "late", "size", 1)).requireProblem(503, "draining");
        long before = clients.acknowledged();
        Eventually.becomes(
            "open uploads go on", SOON, () -> clients.acknowledged() > before + ids.size());
        picture(server, "draining", LIGHT);
        act(operator, "resume");
        client.create(Map.of("name", "again", "size", 1)).requireStatus(201);
      }
      server.stop();
    }
  }

  /** A disk that takes its time for these files, and not for the catalogue. */
  private static DelayedCalls slowWrites(ServerProcess server, List<Path> files) throws Exception {
    List<String> options = new ArrayList<>(List.of("--quiet=all", "--output=/dev/null"));
    files.forEach(file -> options.add("--trace-path=" + file));
    return DelayedCalls.attach(server, "pwrite64", Duration.ofMillis(400), options);
  }

  /** Until the dashboard says so, in these words: what it says grows with what it has seen. */
  private static JsonNode await(ServerProcess server, String state, String... words)
      throws Exception {
    OperatorClient operator = Realms.client(server.base(), "operator");
    JsonNode[] seen = new JsonNode[1];
    Eventually.becomes(
        state + ": " + String.join(", ", words),
        SOON,
        () -> {
          seen[0] = operator.get("dashboard/data/overview.json").requireStatus(200).json();
          return seen[0].at("/verdict/state").asText().equals(state)
              && Stream.of(words).allMatch(spoken(seen[0])::contains);
        });
    System.out.printf("SituationsIT %s: %s%n", state, spoken(seen[0]));
    return seen[0];
  }

  private static void requireTroubled(JsonNode overview, String check) {
    assertThat(overview.at("/rows/checks"))
        .filteredOn(row -> row.path("key").asText().equals(check))
        .singleElement()
        .satisfies(
            row -> assertThat(row.at("/levels/row").asText()).isIn("warning", "critical", "info"));
  }

  /** Reads what it will do, and confirms. */
  private static void act(OperatorClient operator, String action) throws Exception {
    String path = "dashboard/actions/" + action;
    JsonNode asked = operator.get(path, "Accept", "application/json").requireStatus(200).json();
    operator.post(path, Map.of("token", asked.path("token").asText())).requireStatus(303);
  }

  /** How a picture is taken. */
  private record Look(String ending, String theme, Screenshots.Window window) {}

  private static final Look LIGHT = new Look("", "light", Screenshots.Window.DESK);
  private static final Look DARK = new Look("-dark", "dark", Screenshots.Window.DESK);
  private static final Look PHONE = new Look("-phone", "light", Screenshots.Window.PHONE);
  private static final Look DARK_PHONE = new Look("-phone-dark", "dark", Screenshots.Window.PHONE);

  /** Of what is seen without scrolling. */
  private void picture(ServerProcess server, String name, Look... looks) throws Exception {
    try (Screenshots screenshots = Screenshots.in(profile)) {
      for (Look look : looks) {
        screenshots.take(
            server.base().resolve("dashboard"), look.theme(), look.window(), name + look.ending());
      }
    }
  }

  private static String spoken(JsonNode overview) {
    return overview.at("/verdict/spoken").asText().replace('\u00a0', ' ');
  }
}
