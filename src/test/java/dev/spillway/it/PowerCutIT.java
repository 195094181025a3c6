package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power of the server's disk is cut at random moments under load. Killing the process cannot
 * find a missing force, because the page cache survives it; this can. As the negative control, the
 * same load with {@code durability=none} must lose bytes, or the cut is none.
 *
 * <p>{@code -Dspillway.test.power-cuts=N} sets how often.
 */
class PowerCutIT {

  private static final int ROUNDS = Integer.getInteger("spillway.test.power-cuts", 5);
  private static final long SEED = Long.getLong("spillway.test.seed", 20261121);
  private static final int LONGEST_LIFE_MILLIS = 3000;

  @TempDir private Path home;

  @Test
  @Timeout(value = 60, unit = TimeUnit.MINUTES)
  void whatWasAcknowledgedSurvivesEveryPowerCut() throws Exception {
    requireMounting();
    try (LoopVolume volume = LoopVolume.create(home, "1G")) {
      Site site = Site.in(volume.path()).with("SPILLWAY_STORAGE_RESERVE", "1MiB");
      Random random = new Random(SEED);
      CrashClients clients = new CrashClients(SEED, true);
      for (int round = 0; round < ROUNDS; round++) {
        oneLife(volume, site, clients, 500 + random.nextInt(LONGEST_LIFE_MILLIS));
      }
      try (ServerProcess server = new ExecutableWar().start(site)) {
        UploadClient http = new UploadClient(server.base());
        int files = clients.completeEverything(http);
        System.out.printf(
            "PowerCutIT: %d power cuts, %d files, %d acknowledged chunks, nothing lost%n",
            ROUNDS, files, clients.acknowledgedChunks());
        server.stop();
      }
    }
  }

  @Test
  @Timeout(120)
  void withoutForcesTheSameCutLosesWhatWasAcknowledged() throws Exception {
    requireMounting();
    try (LoopVolume volume = LoopVolume.create(home, "1G")) {
      Site site =
          Site.in(volume.path())
              .with("SPILLWAY_STORAGE_RESERVE", "1MiB")
              .with("SPILLWAY_STORAGE_DURABILITY", "none");
      CrashClients clients = new CrashClients(SEED, true);
      oneLife(volume, site, clients, LONGEST_LIFE_MILLIS);
      assertThat(keepsItsWord(site, clients)).as("the disk kept what was never forced").isFalse();
    }
  }

  /** A server that does not start is not what this control is after, and fails it. */
  private static boolean keepsItsWord(Site site, CrashClients clients) throws Exception {
    try (ServerProcess server = new ExecutableWar().start(site)) {
      return completesEverything(clients, new UploadClient(server.base()));
    }
  }

  private static boolean completesEverything(CrashClients clients, UploadClient http)
      throws InterruptedException {
    try {
      clients.completeEverything(http);
      return true;
    } catch (AssertionError | IOException e) {
      return false;
    }
  }

  private void requireMounting() throws Exception {
    Programs.require("xfs_io");
    boolean possible = LoopVolume.isPossible(home);
    if (!possible && "true".equals(System.getenv("CI"))) {
      throw new AssertionError("continuous integration must be able to mount a loop volume");
    }
    Assumptions.assumeTrue(possible, "this machine lets nobody mount a loop volume");
  }

  /** The server starts, is held to its word, works, and loses its disk. */
  private static void oneLife(LoopVolume volume, Site site, CrashClients clients, int millis)
      throws Exception {
    try (ServerProcess server = new ExecutableWar().start(site)) {
      clients.oneLife(new UploadClient(server.base()), millis, volume::cutPower);
      server.kill();
    }
    volume.mountAgain();
  }
}
