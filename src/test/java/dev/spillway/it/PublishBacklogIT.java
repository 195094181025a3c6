package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.storage.gcs.FakeBucket;
import dev.spillway.storage.gcs.FakeGcs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A bucket that cannot be reached: finished files wait on the disk, which fills; nothing that was
 * acknowledged is lost, and with the bucket everything comes back by itself, the oldest first.
 */
@Timeout(500)
class PublishBacklogIT {

  private static final long MIB = 1 << 20;
  private static final int WAITING = 50;

  /** At most: those have to stand in line again. */
  private static final int TRIED_IN_VAIN = 15;

  private static final Duration SOON = Duration.ofMinutes(2);

  /** The longest pause between two tries is a minute. */
  private static final Duration AFTER_AN_OUTAGE = Duration.ofMinutes(4);

  @Test
  void aBacklogWaitsForItsBucketAndTheDiskIsFreeAgainAfterwards(@TempDir Path home)
      throws Exception {
    LoopVolume.require(home);
    try (FakeGcs fake = FakeGcs.in(home.resolve("bucket"))) {
      SentFiles files = new SentFiles(fake);
      Site site = site(files, home);
      try (LoopVolume volume = LoopVolume.at(site.data(), "96M");
          ServerProcess server = new ExecutableWar().start(site)) {
        UploadClient client = new UploadClient(server.base());
        long room = volume.usable();
        fake.down();
        List<String> waiting = finishMany(client, files);
        requireFull(client, volume);
        requireWaiting(client, waiting);
        long begun = System.nanoTime();
        fake.up();
        files.awaitPublished(server, AFTER_AN_OUTAGE);
        System.out.printf(
            Locale.ROOT,
            "PublishBacklogIT: %d files published %.1f s after the bucket was back%n",
            waiting.size(),
            (System.nanoTime() - begun) / 1e9);
        files.requireEachOnce();
        requireOldestFirst(files.bucket(), waiting);
        assertThat(volume.usable()).isGreaterThan(room - 8 * MIB);
        requireUploadsGoOn(server, client, files);
        files.requireDownloads(client);
        requireCleanEnd(server, client);
      }
    }
  }

  /** One file at a time, so that there is an order; and none is tried for long. */
  private static Site site(SentFiles files, Path home) {
    return files
        .site(Site.in(home).brief())
        .with("SPILLWAY_STORAGE_RESERVE", "8MiB")
        .with("SPILLWAY_PUBLISH_PARALLEL", "1")
        .with("SPILLWAY_PUBLISH_PATIENCE", "1s");
  }

  private static List<String> finishMany(UploadClient client, SentFiles files) throws Exception {
    List<String> waiting = new ArrayList<>();
    for (int i = 0; i < WAITING; i++) {
      SeededFile file = new SeededFile(9000 + i, MIB + i);
      String id = SentFiles.received(client, file, 1);
      files.finish(client, id, file).requireStatus(202);
      waiting.add(id);
    }
    return waiting;
  }

  /** What was promised to open uploads counts, too. */
  private static void requireFull(UploadClient client, LoopVolume volume) throws Exception {
    long left = volume.usable() - 8 * MIB;
    assertThat(left).as("what is left beside the files that wait").isBetween(MIB, 48 * MIB);
    Answer refused = client.create(Map.of("name", "more.bin", "size", left + MIB));
    refused.requireProblem(507, "disk-full");
    assertThat(refused.header("Retry-After")).matches("[1-9][0-9]*");
  }

  private static void requireWaiting(UploadClient client, List<String> waiting) throws Exception {
    for (String id : waiting) {
      JsonNode upload = client.status(id).requireStatus(200).json();
      assertThat(upload.path("state").asText()).as("%s", upload).isEqualTo("PUBLISHING");
      assertThat(upload.has("location")).isFalse();
    }
    Eventually.becomes(
        "it is noticed that the bucket cannot be reached",
        SOON,
        () -> client.health().at("/publishing/circuit/state").asText().equals("OPEN"));
    assertThat(client.health().at("/publishing/circuit/reason").asText()).isNotBlank();
  }

  private static void requireOldestFirst(FakeBucket bucket, List<String> waiting) {
    List<String> born =
        bucket.names().stream()
            .sorted(
                Comparator.comparingLong(name -> bucket.object(name).orElseThrow().generation()))
            .toList();
    List<String> untried =
        waiting.subList(TRIED_IN_VAIN, WAITING).stream().map(SentFiles::object).toList();
    assertThat(born.stream().filter(untried::contains)).containsExactlyElementsOf(untried);
  }

  private static void requireUploadsGoOn(ServerProcess server, UploadClient client, SentFiles files)
      throws Exception {
    files.send(client, new SeededFile(9999, 16 * MIB));
    files.awaitPublished(server, SOON);
    files.requireEachOnce();
    assertThat(client.health().at("/publishing/circuit/state").asText()).isEqualTo("CLOSED");
  }

  private static void requireCleanEnd(ServerProcess server, UploadClient client) throws Exception {
    Health.requireNothingHeld(client);
    assertThat(client.health().path("storage").path("outstanding").asLong(-1)).isZero();
    assertThat(server.log()).doesNotContain("ERROR").doesNotContain("\tat ");
    server.stop();
  }
}
