package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.storage.gcs.FakeGcs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many files and a large one go on to a bucket while others come in. */
@Tag("alone")
@Timeout(400)
class PublishIT {

  private static final long MIB = 1 << 20;
  private static final long LARGE = 2048 * MIB;
  private static final long BESIDE = 256 * MIB;
  private static final int SMALL = 64 * 1024;
  private static final int CLIENTS = 4;
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  /** Some are empty, some have one byte. */
  private static List<SeededFile> smallFiles(int count) {
    Random random = new Random(count);
    List<SeededFile> files = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      files.add(new SeededFile(i, i % 25 < 2 ? i % 25 : 1 + random.nextInt(SMALL)));
    }
    return files;
  }

  @Test
  void aThousandSmallFilesAndALargeOneArriveOnceWhileUploadsGoOn(@TempDir Path home)
      throws Exception {
    try (FakeGcs fake = FakeGcs.keepingSumsOnly()) {
      SentFiles files = new SentFiles(fake);
      try (ServerProcess server = new ExecutableWar().start(files.site(Site.in(home)))) {
        UploadClient client = new UploadClient(server.base());
        SeededFile large = new SeededFile(5000, LARGE);
        long begun = System.nanoTime();
        String id = SentFiles.received(client, large, 2);
        double before = seconds(begun);
        files.finish(client, id, large).requireStatus(202);
        long finished = System.nanoTime();
        double meanwhile = sendMany(client, files);
        files.awaitPublished(server, PATIENCE);
        long overtaking = born(files, id);
        print(before, meanwhile, seconds(finished), overtaking);
        assertThat(overtaking).as("small files that were not kept by the large one").isPositive();
        files.requireEachOnce();
        requireCleanEnd(server, client);
      }
    }
  }

  /** How many were made before a file. */
  private static long born(SentFiles files, String id) {
    long generation = files.bucket().object(SentFiles.object(id)).orElseThrow().generation();
    return files.bucket().names().stream()
        .filter(name -> files.bucket().object(name).orElseThrow().generation() < generation)
        .count();
  }

  /**
   * Small files by some clients, and another large one.
   *
   * @return the seconds that the large one's bytes took
   */
  private static double sendMany(UploadClient client, SentFiles files) throws Exception {
    List<SeededFile> small = smallFiles(1000);
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS + 1);
    try {
      List<Future<?>> work = new ArrayList<>();
      Future<Double> beside =
          clients.submit(
              () -> {
                SeededFile file = new SeededFile(5001, BESIDE);
                long begun = System.nanoTime();
                String id = SentFiles.received(client, file, 2);
                double took = seconds(begun);
                files.finish(client, id, file);
                return took;
              });
      for (int number = 0; number < CLIENTS; number++) {
        int first = number;
        work.add(
            clients.submit(
                () -> {
                  for (int i = first; i < small.size(); i += CLIENTS) {
                    files.send(client, small.get(i));
                  }
                  return null;
                }));
      }
      for (Future<?> each : work) {
        each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
      return beside.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } finally {
      clients.shutdownNow();
    }
  }

  private static double seconds(long begun) {
    return (System.nanoTime() - begun) / 1e9;
  }

  private static void print(double before, double meanwhile, double all, long born) {
    System.out.printf(
        Locale.ROOT,
        "PublishIT: uploads %.0f MB/s without publishing, %.0f MB/s beside it and %d small files;"
            + " all published %.1f s after the large one was finished, %d files before it%n",
        LARGE / 1e6 / before,
        BESIDE / 1e6 / meanwhile,
        1000,
        all,
        born);
  }

  @Test
  void publishedFilesAreDownloadedFromTheBucket(@TempDir Path home) throws Exception {
    try (FakeGcs fake = FakeGcs.in(home.resolve("bucket"))) {
      SentFiles files = new SentFiles(fake);
      try (ServerProcess server = new ExecutableWar().start(files.site(Site.in(home)))) {
        UploadClient client = new UploadClient(server.base());
        files.send(client, new SeededFile(6000, 40 * MIB + 17));
        for (SeededFile file : smallFiles(100)) {
          files.send(client, file);
        }
        files.awaitPublished(server, PATIENCE);
        files.requireEachOnce();
        files.requireDownloads(client);
        requireCleanEnd(server, client);
      }
    }
  }

  private static void requireCleanEnd(ServerProcess server, UploadClient client) throws Exception {
    Health.requireNothingHeld(client);
    assertThat(server.log()).doesNotContain("ERROR").doesNotContain("WARN").doesNotContain("\tat ");
    server.stop();
  }
}
