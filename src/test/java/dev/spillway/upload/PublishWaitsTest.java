package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.telemetry.RecordedTelemetry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PublishWaitsTest {

  private static final Duration LONG = Duration.ofMinutes(10);

  @TempDir Path root;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicBoolean isStopping = new AtomicBoolean();
  private final RecordedTelemetry telemetry = new RecordedTelemetry();
  private final PublishWaits waits = new PublishWaits(isStopping::get, telemetry);
  private PublishSite site;

  @BeforeEach
  void start() throws IOException {
    site = new PublishSite(root);
  }

  @AfterEach
  void stop() throws InterruptedException {
    threads.shutdownNow();
    assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    site.close();
  }

  /** One that has looked once, and waits. */
  private Future<Optional<Upload>> waiting(UploadId id) throws InterruptedException {
    CountDownLatch looked = new CountDownLatch(1);
    Future<Optional<Upload>> waiting =
        threads.submit(
            () ->
                waits.await(
                    id,
                    LONG,
                    () -> {
                      looked.countDown();
                      return Optional.empty();
                    }));
    assertThat(looked.await(30, TimeUnit.SECONDS)).isTrue();
    return waiting;
  }

  @Test
  void whoWaitsIsToldTheEnd() throws Exception {
    Upload upload = site.finished();
    Future<Optional<Upload>> waiting =
        threads.submit(() -> site.publishing().await(upload.id(), LONG));
    site.publish(upload);
    assertThat(waiting.get(30, TimeUnit.SECONDS)).contains(site.now(upload));
  }

  @Test
  void whoWaitsIsToldAFailure() throws Exception {
    Upload upload = site.finished();
    Future<Optional<Upload>> waiting =
        threads.submit(() -> site.publishing().await(upload.id(), LONG));
    site.publishing().fail(upload, "no permission");
    assertThat(waiting.get(30, TimeUnit.SECONDS).orElseThrow().state())
        .isEqualTo(UploadState.FAILED);
  }

  @Test
  void whatAnotherServerHasPublishedIsFoundInTheCatalogue() throws Exception {
    Upload upload = site.finished();
    Future<Optional<Upload>> waiting =
        threads.submit(() -> site.publishing().await(upload.id(), LONG));
    site.server
        .catalog()
        .transition(
            upload.id(),
            UploadState.PUBLISHING,
            Catalog.Change.published("memory://other", upload.lastActivityAt()));
    assertThat(waiting.get(30, TimeUnit.SECONDS)).contains(site.now(upload));
  }

  @Test
  void aWaitEndsWithItsTime() throws Exception {
    Upload upload = site.finished();
    assertThat(site.publishing().await(upload.id(), Duration.ofMillis(20))).isEmpty();
    assertThat(site.publishing().await(upload.id(), Duration.ZERO)).isEmpty();
    assertThat(site.server.finishing.awaitPublished(upload, Duration.ZERO)).isEmpty();
  }

  @Test
  void whatIsNotOnItsWayIsNotWaitedFor() throws Exception {
    Upload published = site.publish(site.finished());
    assertThat(site.publishing().await(published.id(), LONG)).contains(published);
    assertThat(site.server.finishing.awaitPublished(published, LONG)).contains(published);
  }

  @Test
  void nobodyWaitsAtAStop() throws Exception {
    Future<Optional<Upload>> waiting = waiting(site.sent().id());
    isStopping.set(true);
    assertThat(waiting.get(30, TimeUnit.SECONDS)).isEmpty();
  }

  @Test
  void theEndOfAnotherUploadWakesNobody() throws Exception {
    Future<Optional<Upload>> waiting = waiting(site.sent().id());
    waits.ended(site.sent().id());
    assertThat(waiting).isNotDone();
  }

  @Test
  void whoFindsNoPlaceIsAnsweredAtOnceAndCounted() throws Exception {
    UploadId id = site.sent().id();
    List<Future<Optional<Upload>>> all = new ArrayList<>();
    for (int i = 0; i < PublishWaits.PLACES; i++) {
      all.add(waiting(id));
    }

    assertThat(waits.await(id, LONG, Optional::empty)).isEmpty();

    waits.ended(id);
    for (Future<Optional<Upload>> one : all) {
      assertThat(one.get(30, TimeUnit.SECONDS)).isEmpty();
    }
    assertThat(waiting(id)).isNotDone();
  }
}
