package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Phones on bad lines: thousands of them must not keep a server from its other work. The figures
 * are printed.
 */
@Tag("alone")
@Timeout(120)
class SlowClientsIT {

  /** Two thousand first requests at once, on two cores that client and server share. */
  private static final long SLOWEST_HEALTH_MILLIS = 20_000;

  /**
   * Somebody who is held up gets nothing. How much more it is differs too much from run to run to
   * be required: with 2,400 threads on two quiet cores, 0.67 once and 0.11 once. It is printed.
   */
  private static final double LEAST_SHARE = 0.02;

  private static final int THOUSANDS = 2_000;

  /** All clients of a test have one address. */
  private static final String NO_LIMIT = "100000";

  @TempDir private Path home;

  @Test
  void twoThousandSlowClientsDoNotHoldUpAFastOneOnVirtualThreads() throws Exception {
    Optional<String> java = SlowClientsJava.withVirtualThreads();
    assumeTrue(
        java.isPresent(),
        "no JDK with virtual threads below /usr/lib/jvm, and no " + SlowClientsJava.PROPERTY);
    try (ServerProcess server = new ExecutableWar(java.orElseThrow()).start(site())) {
      SlowClientsRun run = new SlowClientsRun("virtual threads", server, THOUSANDS);
      requireAll(run);
      server.stop();
    }
  }

  @Test
  void twoThousandSlowClientsDoNotHoldUpAFastOneOnAsManyThreads() throws Exception {
    Site site =
        site().with("SPILLWAY_SERVER_THREADS", "2400").with("SPILLWAY_TRANSFERS_MAX", "2300");
    try (ServerProcess server = new ExecutableWar().start(site)) {
      requireAll(new SlowClientsRun("2400 threads", server, THOUSANDS));
      server.stop();
    }
  }

  @Test
  void slowClientsBelowTheBoundOfTheDefaultSettingsDoNotKeepOthersWaiting() throws Exception {
    try (ServerProcess server = new ExecutableWar().start(site())) {
      SlowClientsRun run = new SlowClientsRun("default threads", server, 150);
      requireAll(run);
      server.stop();
    }
  }

  private Site site() {
    return Site.in(home)
        .with("SPILLWAY_CLIENT_TRANSFERS", NO_LIMIT)
        .with("SPILLWAY_CLIENT_UPLOADS", NO_LIMIT);
  }

  /** Everything is measured and printed before the first assertion. */
  private static void requireAll(SlowClientsRun run) throws Exception {
    SlowClientsRun.Figures figures = run.measure();
    System.out.println(figures.line());
    assertThat(figures.healthFailures()).as("answers of /health").isEmpty();
    assertThat(figures.slowestHealthMillis())
        .as("slowest answer of /health")
        .isLessThan(SLOWEST_HEALTH_MILLIS);
    assertThat(figures.speeds().stillSending())
        .as("slow clients in the middle of their files while the fast one was measured")
        .isGreaterThan(figures.clients() / 2);
    assertThat(figures.besideToAlone())
        .as("share of its throughput")
        .isGreaterThanOrEqualTo(LEAST_SHARE);
    assertThat(figures.heapGrowth())
        .as("growth of the live heap")
        .isLessThan(SlowClientsRun.allowedHeapGrowth(figures.clients()));
  }
}
