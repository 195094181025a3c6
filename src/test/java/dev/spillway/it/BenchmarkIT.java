package dev.spillway.it;

import static dev.spillway.it.LoadClient.Step.FINISH;
import static dev.spillway.it.LoadClient.Step.OPEN;
import static dev.spillway.it.LoadClient.Step.SEND;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * How fast uploads go in, one at a time to hundreds at once, and what that costs the server. The
 * table is printed; only what does not depend on the machine is asserted.
 */
@Tag("alone")
@Timeout(300)
@TestInstance(Lifecycle.PER_CLASS)
class BenchmarkIT {

  /** The size of every row in MiB: {@code -Dspillway.test.benchmark-mib=4096} for steadier ones. */
  private static final long ROW_MIB = Effort.of("spillway.test.benchmark-mib", 256, 512);

  private static final long MIB = 1024 * 1024;
  private static final long CHUNK = 8 * MIB;
  private static final int MANY = 512;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long HEAP_NOISE = 8 * MIB;
  private static final long HEAP_FOR_EACH_UPLOAD = 16 * 1024;

  private ServerProcess server;

  @BeforeAll
  void startWarm(@TempDir Path home) throws Exception {
    warmPageCache(home.resolve("warm"), 2 * ROW_MIB);
    Site site =
        Site.in(home)
            .with("SPILLWAY_CLIENT_TRANSFERS", "100000")
            .with("SPILLWAY_CLIENT_UPLOADS", "100000");
    server = new ExecutableWar().start(site);
    LoadPlan some = LoadPlan.fast(8, ROW_MIB * MIB / 8, CHUNK);
    send(some);
    send(LoadPlan.fast(4, 64 * MIB, CHUNK).asForms());
  }

  @AfterAll
  void stop() throws Exception {
    if (server != null) {
      try (ServerProcess running = server) {
        running.stop();
      }
    }
  }

  /** The first use of a virtual machine's memory is several times slower than any other. */
  private static void warmPageCache(Path file, long mib) throws IOException {
    byte[] piece = new byte[(int) MIB];
    try (var out = Files.newOutputStream(file)) {
      for (long i = 0; i < mib; i++) {
        out.write(piece);
      }
    }
    Files.delete(file);
  }

  @Test
  void manyUploadsAtOnceCostLittleMoreThanOne() throws Exception {
    List<BenchmarkRow> rows = new ArrayList<>();
    for (int uploads : new int[] {1, 4, 64, MANY}) {
      rows.add(row(uploads + " raw", plan(uploads)));
    }
    rows.add(row("4 forms", plan(4).asForms()));
    System.out.println(BenchmarkRow.table("BenchmarkIT, " + ROW_MIB + " MiB in each row", rows));
    assertThat(rows)
        .allSatisfy(row -> assertThat(row.heapGrowth()).as(row.name()).isLessThan(HEAP_NOISE));
  }

  @Test
  void anUploadInProgressNeedsLittleHeap() throws Exception {
    long one = liveHeapInTheMiddle(1);
    long many = liveHeapInTheMiddle(MANY);
    System.out.printf(
        "BenchmarkIT live heap in the middle of 1 upload: %.1f MiB, of %d: %.1f MiB%n",
        one / (double) MIB, MANY, many / (double) MIB);
    assertThat(many - one).as("growth of the live heap").isLessThan(MANY * HEAP_FOR_EACH_UPLOAD);
  }

  private static LoadPlan plan(int uploads) {
    return LoadPlan.fast(uploads, ROW_MIB * MIB / uploads, CHUNK);
  }

  private BenchmarkRow row(String name, LoadPlan plan) throws Exception {
    try (LoadClients clients = new LoadClients(server.base(), plan)) {
      BenchmarkRow.Meter meter = BenchmarkRow.meter(server);
      clients.seconds(PATIENCE, OPEN);
      meter.start();
      double seconds = clients.seconds(PATIENCE, SEND);
      meter.stop(seconds);
      clients.seconds(PATIENCE, FINISH);
      return meter.row(name, plan, clients.figures());
    } finally {
      removeFinishedFiles();
    }
  }

  private void send(LoadPlan plan) throws Exception {
    try (LoadClients clients = new LoadClients(server.base(), plan)) {
      clients.seconds(PATIENCE, OPEN, SEND, FINISH);
    } finally {
      removeFinishedFiles();
    }
  }

  /** Slow enough to be looked at while they are on their way. */
  private long liveHeapInTheMiddle(int uploads) throws Exception {
    LoadPlan plan = LoadPlan.fast(uploads, MIB, MIB / 4).slowedTo(MIB / 2);
    try (LoadClients clients = new LoadClients(server.base(), plan)) {
      clients.start(OPEN, SEND, FINISH);
      LoadFigures figures = clients.figures();
      Eventually.becomes(
          "half of the bytes are there",
          PATIENCE,
          () -> figures.acknowledgedBytes() >= plan.totalBytes() / 2 || failed(figures));
      long heap = LoadWatch.liveBytes(server);
      clients.await(PATIENCE);
      return heap;
    } finally {
      removeFinishedFiles();
    }
  }

  private static boolean failed(LoadFigures figures) {
    return !figures.failures().isEmpty();
  }

  /** So that the next row is written to memory that is warm, and the disk does not fill up. */
  private void removeFinishedFiles() throws IOException {
    Path files = server.data().resolve("files");
    for (String file : Trees.files(files)) {
      Files.delete(files.resolve(file));
    }
  }
}
