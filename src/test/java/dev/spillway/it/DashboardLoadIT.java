package dev.spillway.it;

import static dev.spillway.it.LoadClient.Step.CANCEL;
import static dev.spillway.it.LoadClient.Step.OPEN;
import static dev.spillway.it.LoadClient.Step.SEND;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What it costs to be looked at: twenty open dashboards, with ten thousand uploads on record, while
 * nothing else happens and while uploads take all that the machine has. The server measures, and
 * the pages ask, every second, which is five times as often as by default. Everything is printed
 * before the first assertion; what depends on the machine is asserted with room to spare.
 */
@Tag("alone")
@Timeout(300)
class DashboardLoadIT {

  private static final int OPEN_UPLOADS = 10_000;
  private static final int WITH_RANGES = 300;
  private static final byte[] SOME = Small.FILE.chunk(0, Small.CHUNK);
  private static final byte[] NONE = {};

  private static final int VIEWERS = 20;
  private static final int TIMES_AS_OFTEN = 5;
  private static final Duration EVERY = Duration.ofSeconds(5).dividedBy(TIMES_AS_OFTEN);

  private static final int KIB = 1024;
  private static final double MIB = KIB * KIB;
  private static final int PAGE_BYTES = 60 * KIB;
  private static final int TICK_BYTES = 8 * KIB;
  private static final double SNAPSHOT_MILLIS = 5;
  private static final double ANSWER_MILLIS = 100;
  private static final double CPU_SHARE = 0.01;

  /** Beside others who use the machine, everything takes longer. */
  private static final int GENEROSITY = 4;

  /** Behind uploads that take the whole machine, an answer waits for its turn. */
  private static final double ANSWER_MILLIS_UNDER_LOAD = 2_000;

  private static final long HEAP_NOISE = 8L * KIB * KIB;
  private static final int MORE_THREADS = VIEWERS + 10;

  private static final int UPLOADS_AT_ONCE = 64;
  private static final LoadPlan SATURATING =
      LoadPlan.fast(UPLOADS_AT_ONCE, 32L * KIB * KIB, 8L * KIB * KIB);

  /** More than there is time for. */
  private static final int ROUNDS = 10_000;

  private static final Pattern MEDIAN_SAMPLE =
      Pattern.compile("spillway_status_sample_seconds\\{quantile=\"0.5\"} (\\S+)");

  @TempDir private Path home;

  @Test
  void twentyOpenDashboardsCostLittle() throws Exception {
    try (ServerProcess server = Realms.executableWar().start(siteWithUploads())) {
      warmUp(server);
      long heapBefore = LoadWatch.liveBytes(server);
      LoadFigures nothing = new LoadFigures();
      DashboardStretch rest = DashboardStretch.unwatched("at rest", server, nothing);
      double snapshot = medianSampleMillis(server);
      DashboardStretch watched =
          DashboardStretch.watched("at rest, watched", server, nothing, VIEWERS, EVERY);
      DashboardStretch load;
      DashboardStretch both;
      try (LoadClients clients = new LoadClients(server.base(), SATURATING)) {
        clients.start(forever());
        load = DashboardStretch.unwatched("under load", server, clients.figures());
        both =
            DashboardStretch.watched(
                "under load, watched", server, clients.figures(), VIEWERS, EVERY);
        assertThat(clients.figures().failures()).as("uploads that failed").isEmpty();
      }
      Health.requireNothingHeld(new UploadClient(server.base()));
      long heapAfter = LoadWatch.liveBytes(server);
      int page = pageBytes(server);
      double added = (watched.cpuShare() - rest.cpuShare()) / TIMES_AS_OFTEN;
      System.out.println(
          DashboardStretch.table(
              String.format(
                  Locale.ROOT,
                  "DashboardLoadIT, %d open uploads, %d viewers who ask %d times as often:"
                      + " a snapshot takes %.2f ms, the page has %d bytes, the live heap %.1f ->"
                      + " %.1f MiB; asking as often as by default would add %.2f %% of the machine",
                  OPEN_UPLOADS,
                  VIEWERS,
                  TIMES_AS_OFTEN,
                  snapshot,
                  page,
                  heapBefore / MIB,
                  heapAfter / MIB,
                  100 * added),
              List.of(rest, watched, load, both)));
      assertThat(page).as("bytes of the page").isLessThanOrEqualTo(PAGE_BYTES);
      assertThat(List.of(watched, both))
          .allSatisfy(
              stretch ->
                  assertThat(stretch.looks().tickBytes())
                      .as("compressed bytes of a tick %s", stretch.name())
                      .isLessThanOrEqualTo(TICK_BYTES));
      assertThat(snapshot).as("ms for a snapshot").isLessThan(GENEROSITY * SNAPSHOT_MILLIS);
      assertThat(watched.looks().tickP99())
          .as("ms for a tick")
          .isLessThan(GENEROSITY * ANSWER_MILLIS);
      assertThat(watched.looks().pageP99())
          .as("ms for a page")
          .isLessThan(GENEROSITY * ANSWER_MILLIS);
      assertThat(both.looks().tickP99())
          .as("ms for a tick under load")
          .isLessThan(ANSWER_MILLIS_UNDER_LOAD);
      assertThat(added).as("share of the machine").isLessThan(GENEROSITY * CPU_SHARE);
      assertThat(heapAfter - heapBefore).as("growth of the live heap").isLessThan(HEAP_NOISE);
      assertThat(watched.threads() - rest.threads())
          .as("threads for viewers")
          .isLessThanOrEqualTo(MORE_THREADS);
      assertThat(both.threads() - load.threads())
          .as("threads for viewers under load")
          .isLessThanOrEqualTo(MORE_THREADS);
      server.stop();
    }
  }

  private Site siteWithUploads() throws Exception {
    Site site =
        Site.in(home)
            .with("SPILLWAY_DASHBOARD_SAMPLE", EVERY.toSeconds() + "s")
            .with("SPILLWAY_CLIENT_TRANSFERS", "100000")
            .with("SPILLWAY_CLIENT_UPLOADS", "100000");
    Files.createDirectories(site.home());
    try (ServerProcess server = new ExecutableWar().start(site)) {
      server.stop();
    }
    try (LeftData left = new LeftData(site.data(), 1)) {
      for (int i = 0; i < OPEN_UPLOADS; i++) {
        left.upload("RECEIVING", 3L * Small.CHUNK, i < WITH_RANGES ? SOME : NONE);
      }
    }
    return site;
  }

  /**
   * The compiler takes its time, and so do threads and connections that come for good. One signs in
   * before all do at once, which a server that knows nobody yet takes for guessing.
   */
  private static void warmUp(ServerProcess server) throws Exception {
    LoadFigures nothing = new LoadFigures();
    for (int i = 0; i < 5; i++) {
      DashboardStretch.pageMillis(server);
    }
    DashboardStretch.watched("warm-up", server, nothing, VIEWERS, EVERY.dividedBy(TIMES_AS_OFTEN));
    try (LoadClients clients = new LoadClients(server.base(), SATURATING)) {
      clients.seconds(Duration.ofMinutes(2), OPEN, SEND, CANCEL);
    }
  }

  private static LoadClient.Step[] forever() {
    return Collections.nCopies(ROUNDS, List.of(OPEN, SEND, CANCEL)).stream()
        .flatMap(List::stream)
        .toArray(LoadClient.Step[]::new);
  }

  private static double medianSampleMillis(ServerProcess server) throws Exception {
    String metrics = new UploadClient(server.base()).get("metrics").requireStatus(200).text();
    Matcher median = MEDIAN_SAMPLE.matcher(metrics);
    assertThat(median.find()).as("there is a median").isTrue();
    return 1000 * Double.parseDouble(median.group(1));
  }

  private static int pageBytes(ServerProcess server) throws Exception {
    return Realms.client(server.base(), "viewer").get("dashboard").requireStatus(200).body().length;
  }
}
