package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.storage.gcs.FakeGcs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file that is much larger than the heap goes on to a bucket while others come in. What that
 * takes does not depend on its size. The figures are printed.
 */
@Tag("alone")
@Timeout(240)
class PublishMemoryIT {

  private static final double MIB = 1 << 20;
  private static final long LARGE = 1L << 30;
  private static final long BESIDE = 16L << 20;
  private static final int CLIENTS = 2;
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final double MAX_HEAP_GROWTH = 8 * MIB;

  /** What the JVM and the web server take for their connections. */
  private static final double OTHERS = 8 * MIB;

  @Test
  void aGibibyteIsPublishedWithASmallHeapBesideUploads(@TempDir Path home) throws Exception {
    try (FakeGcs fake = FakeGcs.keepingSumsOnly()) {
      SentFiles files = new SentFiles(fake);
      Site site = files.site(Site.in(home).withHeap("64m"));
      try (ServerProcess server = new ExecutableWar().start(site)) {
        UploadClient client = new UploadClient(server.base());
        warmUp(server, client, files);
        JvmFigures figures = new JvmFigures(server);
        double before = figures.liveHeap();
        SeededFile large = new SeededFile(8000, LARGE);
        String id = SentFiles.received(client, large, 2);
        files.finish(client, id, large).requireStatus(202);
        long begun = System.nanoTime();
        double direct = mostDirectWhilePublishing(client, files, id);
        double seconds = (System.nanoTime() - begun) / 1e9;
        files.awaitPublished(server, PATIENCE);
        files.requireEachOnce();
        double after = figures.liveHeap();
        double bound = directBound(client.health());
        print(files.count(), LARGE / 1e6 / seconds, List.of(before, after, direct, bound), figures);
        assertThat(after - before).as("growth of the live heap").isLessThan(MAX_HEAP_GROWTH);
        assertThat(direct).as("direct memory").isLessThanOrEqualTo(bound);
        Health.requireNothingHeld(client);
        assertThat(server.log()).doesNotContain("OutOfMemoryError").doesNotContain("ERROR");
        server.stop();
      }
    }
  }

  /** So that what every first file loads is there before the heap is looked at. */
  private static void warmUp(ServerProcess server, UploadClient client, SentFiles files)
      throws Exception {
    files.send(client, new SeededFile(8001, 1));
    files.send(client, new SeededFile(8002, 2 * BESIDE + 1));
    files.awaitPublished(server, PATIENCE);
  }

  /** Others send files all the time until the large one is there. */
  private static double mostDirectWhilePublishing(UploadClient client, SentFiles files, String id)
      throws Exception {
    AtomicBoolean there = new AtomicBoolean();
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    List<Future<?>> work = new ArrayList<>();
    try {
      for (int number = 0; number < CLIENTS; number++) {
        long first = 8100 + 1000L * number;
        work.add(
            clients.submit(
                () -> {
                  for (long seed = first; !there.get(); seed++) {
                    files.send(client, new SeededFile(seed, BESIDE));
                  }
                  return null;
                }));
      }
      double[] most = {0};
      Eventually.becomes(
          "the large file is there",
          PATIENCE,
          () -> {
            most[0] = Math.max(most[0], client.health().at("/direct/used").asDouble());
            return files.bucket().object(SentFiles.object(id)).isPresent();
          });
      there.set(true);
      for (Future<?> each : work) {
        each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
      return most[0];
    } finally {
      there.set(true);
      clients.shutdownNow();
    }
  }

  /** The bounds that the server states. */
  private static double directBound(JsonNode health) {
    double publishing = health.at("/publishing/memoryBytes").asDouble();
    assertThat(publishing).isPositive();
    return health.at("/buffers/capacityBytes").asDouble() + publishing + OTHERS;
  }

  private static void print(int files, double rate, List<Double> bytes, JvmFigures figures)
      throws Exception {
    System.out.printf(
        Locale.ROOT,
        "PublishMemoryIT: %.0f MB/s, %d files, live heap %.1f -> %.1f MiB, direct memory at most"
            + " %.1f of %.1f MiB, peak resident %d MiB%n",
        rate,
        files,
        bytes.get(0) / MIB,
        bytes.get(1) / MIB,
        bytes.get(2) / MIB,
        bytes.get(3) / MIB,
        figures.peakResidentMiB());
  }
}
