package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power of the server's disk is cut at random moments under load. Killing the process cannot
 * find a missing force, because the page cache survives it; this can. As the negative controls, the
 * same load must lose bytes with {@code durability=none}, and where forces are asked for but do
 * nothing; else the cut is none.
 *
 * <p>{@code -Dspillway.test.power-cuts=N} sets how often.
 */
class PowerCutIT {

  private static final int ROUNDS = Effort.of("spillway.test.power-cuts", 3, 5);
  private static final int ROUNDS_OF_RESUMING = Math.max(1, ROUNDS / 2);
  private static final long SEED = Long.getLong("spillway.test.seed", 20261121);
  private static final int LONGEST_LIFE_MILLIS = 3000;
  private static final Duration SOON = Duration.ofSeconds(60);

  /** A server without a disk answers after twice this time; by default, that is 20 seconds. */
  private static final String PATIENCE_WITHOUT_A_DISK = "3s";

  private static final List<String> LIBRARY_DIRECTORIES =
      List.of("/usr/lib", "/usr/lib64", "/usr/local/lib");

  @TempDir private Path home;

  @BeforeEach
  void requirePowerToCut() throws Exception {
    Programs.require("xfs_io");
    LoopVolume.require(home);
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.MINUTES)
  void whatWasAcknowledgedSurvivesEveryPowerCut() throws Exception {
    try (LoopVolume volume = LoopVolume.create(home, "1G")) {
      Site site = on(volume);
      Random random = new Random(SEED);
      RecoveringClients<CrashClient> clients = strict();
      for (int round = 0; round < ROUNDS; round++) {
        oneLife(volume, site, http -> clients.oneLife(http, life(random), volume::cutPower));
      }
      try (ServerProcess server = new ExecutableWar().start(site)) {
        int files = clients.completeEverything(new UploadClient(server.base()));
        System.out.printf(
            "PowerCutIT: %d power cuts, %d files, %d acknowledged chunks, nothing lost%n",
            ROUNDS, files, clients.sum(CrashClient::acknowledgedChunks));
        server.stop();
      }
    }
  }

  /** Here a chunk that was acknowledged may be lost, and its client is told so at the latest. */
  @Test
  @Timeout(value = 60, unit = TimeUnit.MINUTES)
  void withForcesAtTheEndOnlyNoFileIsEverWrong() throws Exception {
    try (LoopVolume volume = LoopVolume.create(home, "1G")) {
      Site site = on(volume).with("SPILLWAY_STORAGE_DURABILITY", "finish");
      Random random = new Random(SEED);
      RecoveringClients<ResumingClient> clients =
          new RecoveringClients<>(SEED, ResumingClient::new);
      for (int round = 0; round < ROUNDS_OF_RESUMING; round++) {
        oneLife(volume, site, http -> clients.oneLife(http, life(random), volume::cutPower));
      }
      try (ServerProcess server = new ExecutableWar().start(site)) {
        int files = clients.completeEverything(new UploadClient(server.base()));
        System.out.printf(
            "PowerCutIT: %d power cuts with forces at the end only, %d files, none wrong%n",
            ROUNDS_OF_RESUMING, files);
        server.stop();
      }
    }
  }

  @Test
  @Timeout(400)
  void withoutForcesTheSameCutLosesWhatWasAcknowledged() throws Exception {
    try (LoopVolume volume = LoopVolume.create(home, "1G")) {
      Site site = on(volume).with("SPILLWAY_STORAGE_DURABILITY", "none");
      RecoveringClients<CrashClient> clients = workedUntilTheCut(volume, site);
      // A server that does not start is not what this control is after, and fails it.
      try (ServerProcess server = new ExecutableWar().start(site)) {
        assertThat(keepsItsWord(server, clients)).as("kept what was never forced").isFalse();
      }
    }
  }

  /** The server does everything right here, and the disk lies. */
  @Test
  @Timeout(400)
  void whereForcesDoNothingTheSameCutLosesWhatWasAcknowledged() throws Exception {
    String library = library("libeatmydata.so");
    try (LoopVolume volume = LoopVolume.create(home, "1G")) {
      Site honest = on(volume);
      RecoveringClients<CrashClient> clients =
          workedUntilTheCut(volume, honest.with("LD_PRELOAD", library));
      assertThat(startsAndKeepsItsWord(honest, clients)).as("kept what was not forced").isFalse();
    }
  }

  private static RecoveringClients<CrashClient> strict() {
    return new RecoveringClients<>(SEED, each -> new CrashClient(each, true));
  }

  private static RecoveringClients<CrashClient> workedUntilTheCut(LoopVolume volume, Site site)
      throws Exception {
    RecoveringClients<CrashClient> clients = strict();
    RecoveringClients.Ending cut =
        () -> {
          Eventually.becomes(
              "a chunk is acknowledged",
              SOON,
              () -> clients.sum(CrashClient::acknowledgedChunks) > 0);
          volume.cutPower();
        };
    oneLife(volume, site, http -> clients.oneLife(http, LONGEST_LIFE_MILLIS, cut));
    return clients;
  }

  /** The catalogue may be lost with the rest, or be left in ruins, which ends the start. */
  private static boolean startsAndKeepsItsWord(Site site, RecoveringClients<CrashClient> clients)
      throws Exception {
    try (ServerProcess server = new ExecutableWar().start(site)) {
      return keepsItsWord(server, clients);
    } catch (AssertionError e) {
      return false;
    }
  }

  private static boolean keepsItsWord(ServerProcess server, RecoveringClients<CrashClient> clients)
      throws InterruptedException {
    try {
      clients.completeEverything(new UploadClient(server.base()));
      return true;
    } catch (AssertionError | IOException e) {
      return false;
    }
  }

  private static Site on(LoopVolume volume) {
    return Site.in(volume.path()).brief().with("SPILLWAY_STORAGE_RESERVE", "1MiB");
  }

  private static int life(Random random) {
    return 500 + random.nextInt(LONGEST_LIFE_MILLIS);
  }

  /** What clients do with a server until its disk is gone. */
  @FunctionalInterface
  private interface Life {
    void live(UploadClient http) throws Exception;
  }

  /** The server starts, lives, and loses its disk, which then comes back. */
  private static void oneLife(LoopVolume volume, Site site, Life life) throws Exception {
    Site impatient = site.with("SPILLWAY_CATALOG_TIMEOUT", PATIENCE_WITHOUT_A_DISK);
    try (ServerProcess server = new ExecutableWar().start(impatient)) {
      life.live(new UploadClient(server.base()));
      server.kill();
    }
    volume.mountAgain();
  }

  /** Where a library is, in one of the usual directories or one of theirs for an architecture. */
  private static String library(String name) throws IOException {
    for (String each : LIBRARY_DIRECTORIES) {
      Path directory = Path.of(each);
      if (Files.isDirectory(directory)) {
        try (Stream<Path> found = Files.find(directory, 2, (path, is) -> path.endsWith(name))) {
          Path library = found.findFirst().orElse(null);
          if (library != null) {
            return library.toString();
          }
        }
      }
    }
    Machine.require(false, name + " is not installed; this test needs it");
    throw new AssertionError("not reached: the test is skipped or has failed");
  }
}
