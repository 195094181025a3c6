package dev.spillway.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upload.Destination.Progress;
import dev.spillway.upload.DestinationFailed;
import dev.spillway.upload.Upload;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What one file's way has to do with the watch over all. */
@Timeout(120)
class PublicationTest {

  /** The watch looks four times in this; the time that it measures is the test's. */
  private static final Duration LIMIT = Duration.ofMillis(400);

  /** A chunk takes several looks of the watch then. */
  private static final long SLOW = 500_000;

  private static final PatternFile FILE = PatternFile.of(2L * FakeSite.BUFFER);

  private final AtomicLong now = new AtomicLong();
  private final Upload upload = FILE.upload();

  @Test
  void whatComesAfterACutHasItsWholeTime(@TempDir Path directory) throws Exception {
    try (FakeGcs fake = FakeGcs.in(directory);
        GcsClient client = client(fake);
        StallWatch watch = new StallWatch(LIMIT, client.connections(), now::get)) {
      fake.bucket("b");
      fake.faults().on(RequestKind.CHUNK).always().meet(Fault.slow(1));
      Future<String> publishing = FakeSite.begin(() -> publish(client, watch, onceTroubled(fake)));
      Awaited.until(() -> fake.counts().of(RequestKind.CHUNK) == 1);

      now.addAndGet(LIMIT.toNanos());

      assertThat(publishing.get(60, TimeUnit.SECONDS)).isEqualTo("gs://b/" + upload.id());
    }
  }

  private static Progress onceTroubled(FakeGcs fake) {
    return new Progress() {
      @Override
      public void at(long bytes) {}

      @Override
      public void trouble(DestinationFailed reason) {
        fake.faults().clear();
        fake.faults().on(RequestKind.CHUNK).always().meet(Fault.slow(SLOW));
      }
    };
  }

  private static GcsClient client(FakeGcs fake) {
    return new GcsClient(
        new GcsDestination.Access(
            Optional.of(URI.create(fake.url())),
            Optional.empty(),
            Duration.ofSeconds(5),
            Duration.ofSeconds(60)),
        transport -> Optional.empty(),
        FakeSite.QUICK,
        new GcsErrors("b"),
        new GcsConnections());
  }

  private String publish(GcsClient client, StallWatch watch, Progress progress) throws Exception {
    PublishedObject object =
        new ObjectNames(new GcsDestination.Target("b", "", false)).objectOf(upload);
    Publication.Tools tools =
        new Publication.Tools(client, new StopSignal(), watch, PublicationTest::budget);
    watch.begin();
    try {
      ByteBuffer part = ByteBuffer.allocateDirect(FakeSite.BUFFER);
      return new Publication(tools, object, FILE, part, progress).run();
    } finally {
      watch.end();
      client.connections().release();
    }
  }

  /** By the real clock: who is cut off again and again is to be told some time. */
  private static RetryBudget budget() {
    return new RetryBudget(
        Duration.ofSeconds(20), FakeSite.QUICK, System::nanoTime, RandomGenerator.getDefault());
  }
}
