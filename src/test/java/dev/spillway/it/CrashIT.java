package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server under load is killed at random moments, started again, and the clients go on; again and
 * again. Whatever it had acknowledged must be there, and whatever is finished must be whole.
 *
 * <p>{@code -Dspillway.test.crash-rounds=N} sets how often, {@code -Dspillway.test.seed=N} when.
 */
class CrashIT {

  private static final int ROUNDS = Effort.of("spillway.test.crash-rounds", 9, 30);
  private static final long SEED = Long.getLong("spillway.test.seed", 20261121);
  private static final int LONGEST_LIFE_MILLIS = 700;

  @Test
  @Timeout(value = 60, unit = TimeUnit.MINUTES)
  void whatWasAcknowledgedSurvivesEveryCrash(@TempDir Path home) throws Exception {
    Site site = Site.in(home).brief();
    Random random = new Random(SEED);
    RecoveringClients<CrashClient> clients =
        new RecoveringClients<>(SEED, each -> new CrashClient(each, false));
    for (int round = 0; round < ROUNDS; round++) {
      try (ServerProcess server = new ExecutableWar().start(site)) {
        UploadClient http = new UploadClient(server.base());
        clients.oneLife(http, 1 + random.nextInt(LONGEST_LIFE_MILLIS), server::kill);
      }
    }
    try (ServerProcess server = new ExecutableWar().start(site)) {
      UploadClient http = new UploadClient(server.base());
      int files = clients.completeEverything(http);
      assertThat(Trees.files(server.data().resolve("uploads"))).isEmpty();
      assertThat(Trees.files(server.data().resolve("files"))).hasSize(files);
      System.out.printf(
          "CrashIT: %d crashes, %d files, %d acknowledged chunks, nothing lost%n",
          ROUNDS, files, clients.sum(CrashClient::acknowledgedChunks));
      server.stop();
    }
  }
}
