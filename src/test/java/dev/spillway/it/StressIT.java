package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A small server in a storm of clients that do everything right and everything wrong. Afterwards
 * everything acknowledged is there, and nothing is left of all the rest.
 *
 * <p>{@code -Dspillway.test.storm-seconds=N} sets how long, {@code -Dspillway.test.seed=N} what the
 * clients choose.
 */
@Tag("alone")
@Timeout(value = 24, unit = TimeUnit.HOURS)
class StressIT extends RunningServer {

  private static final long SECONDS = Effort.of("spillway.test.storm-seconds", 20, 40);
  private static final long SEED = Long.getLong("spillway.test.seed", 20261121);
  private static final int CLIENTS = 24;
  private static final Duration WARM_UP = Duration.ofSeconds(4);

  StressIT() {
    super(new ExecutableWar());
  }

  /** So little memory for buffers that clients have to wait for it. */
  @Override
  Site configured(Site site) {
    return site.withHeap("96m")
        .with("SPILLWAY_BUFFERS_MEMORY", "1MiB")
        .with("SPILLWAY_CLIENT_UPLOADS", "1000000");
  }

  @Test
  void nothingIsLostAndNothingIsLeftAfterAStorm() throws Exception {
    new Storm(server().base(), CLIENTS).run(SEED + 1, WARM_UP);
    StressLaws laws = StressLaws.before(server());

    Storm storm = new Storm(server().base(), CLIENTS);
    storm.run(SEED, Duration.ofSeconds(SECONDS));
    StormRecord record = storm.record();
    System.out.printf(
        "StressIT: seed %d, %d s, %d clients, %d answers and events:%n%s",
        SEED, SECONDS, CLIENTS, record.count(), record);

    assertAll(
        "seed " + SEED,
        () ->
            assertThat(record.serverErrors(server())).as("answers that blame the server").isEmpty(),
        () -> assertThat(record.failures()).as("what went wrong").isEmpty(),
        laws::requireAll);
  }
}
