package dev.spillway.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.upload.FinishedFile;
import dev.spillway.upload.Upload;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stop ends whatever a publisher is doing, and leaves nothing half-done. */
@Timeout(60)
class GcsStopTest extends FakeSiteTests {

  private static final Duration LONG = Duration.ofMinutes(5);

  /** A second or two, on a machine that has other things to do. */
  private static final Duration SOON = Duration.ofSeconds(10);

  private static final PatternFile FILE = PatternFile.of(4 * FakeSite.BUFFER + 1000);

  private final Upload upload = FILE.upload();

  private void assertStops(Future<String> publishing) throws Exception {
    long begun = System.nanoTime();

    site.destination().stop();

    assertThat(FakeSite.failureOf(publishing)).isInstanceOf(InterruptedException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SOON);
    assertThat(site.bucket.names()).isEmpty();
  }

  private void assertStopsDuring(RequestKind kind, int skipped, Fault fault) throws Exception {
    site.fake.faults().on(kind).skipping(skipped).always().meet(fault);
    Future<String> publishing = site.publishing(FILE, upload, heard);
    Awaited.until(() -> site.fake.counts().of(kind) > skipped);
    assertStops(publishing);
  }

  @Test
  void itEndsTheFirstLook() throws Exception {
    assertStopsDuring(RequestKind.STAT, 0, Fault.late(LONG));
  }

  @Test
  void itEndsTheStartOfASession() throws Exception {
    assertStopsDuring(RequestKind.SESSION, 0, Fault.late(LONG));
  }

  @Test
  void itEndsTheSendingOfAChunk() throws Exception {
    assertStopsDuring(RequestKind.CHUNK, 1, Fault.slow(1000));
  }

  @Test
  void itEndsTheWaitForAChunksAnswer() throws Exception {
    assertStopsDuring(RequestKind.CHUNK, 2, Fault.late(LONG));
  }

  @Test
  void itEndsTheLibrarysOwnPauses() throws Exception {
    assertStopsDuring(RequestKind.CHUNK, 1, Fault.answer(503));
  }

  @Test
  void itEndsTheWaitForAToken() throws Exception {
    site.keyFile(Files.writeString(directory.resolve("key.json"), site.fake.keyFile()));

    assertStopsDuring(RequestKind.TOKEN, 0, Fault.late(LONG));
  }

  @Test
  void itEndsTheTriesWhenNothingAnswers() throws Exception {
    site.fake.down();
    Future<String> publishing = site.publishing(FILE, upload, heard);
    Awaited.until(() -> heard.troubles().size() > 1);

    assertStops(publishing);
  }

  @Test
  void whatComesAfterwardsIsNotBegun() throws Exception {
    site.destination().stop();
    site.destination().stop();

    assertThatThrownBy(() -> site.publish(upload, FILE, heard))
        .isInstanceOf(InterruptedException.class);
    assertThat(site.fake.counts().log()).isEmpty();
  }

  @Test
  void aFileWhoseLastAnswerWasCutOffIsFoundNextTime() throws Exception {
    site.fake.faults().on(RequestKind.CHUNK).skipping(4).always().meet(Fault.late(LONG));
    Future<String> publishing = site.publishing(FILE, upload, heard);
    Awaited.until(() -> site.bucket.objectsCreated() == 1);
    site.destination().stop();
    assertThat(FakeSite.failureOf(publishing)).isInstanceOf(InterruptedException.class);
    site.fake.faults().clear();
    long sent = site.fake.counts().bytesArrived();

    try (FakeSite again = new FakeSite(site.fake)) {
      again.publish(upload, FILE, heard);
    }

    assertThat(site.bucket.objectsCreated()).isEqualTo(1);
    assertThat(site.fake.counts().bytesArrived()).isEqualTo(sent);
  }

  @Test
  void readingGoesOn() throws Exception {
    String location = site.publish(upload, FILE, heard);
    site.destination().stop();
    ByteBuffer read = ByteBuffer.allocate(1000);

    try (FinishedFile file = site.destination().open(PatternFile.published(upload, location))) {
      file.readFully(read, 500_000);
    }

    assertThat(read.flip()).isEqualTo(ByteBuffer.wrap(FILE.bytes(), 500_000, 1000).slice());
  }

  @Test
  void nothingOfTheLibraryRunsOnAfterTheEnd() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    site.keyFile(Files.writeString(directory.resolve("key.json"), site.fake.keyFile()));
    site.publish(upload, FILE, heard);

    site.destination().close();

    assertThatCode(() -> Awaited.until(() -> strangers(before).isEmpty()))
        .as(() -> "still there: " + strangers(before))
        .doesNotThrowAnyException();
  }

  /**
   * The JDK keeps a timer for idle connections, which belongs to no application; Jetty is the
   * fake's.
   */
  private static Set<String> strangers(Set<Thread> before) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread))
        .map(Thread::getName)
        .filter(name -> !name.matches("(Keep-Alive|fake-gcs|Scheduler)-.*"))
        .collect(Collectors.toSet());
  }
}
