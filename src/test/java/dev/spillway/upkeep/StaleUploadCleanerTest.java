package dev.spillway.upkeep;

import static dev.spillway.upload.UploadState.EXPIRED;
import static dev.spillway.upload.UploadState.RECEIVING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upkeep.StaleUploadCleaner.Disk;
import dev.spillway.upkeep.StaleUploadCleaner.Preview;
import dev.spillway.upload.CatalogUnavailable;
import dev.spillway.upload.ChunkTransfer;
import dev.spillway.upload.Upload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StaleUploadCleanerTest {

  private static final Disk LARGE = new Disk(() -> Long.MAX_VALUE, 0, 0);

  @TempDir private Path root;
  private UpkeepSite site;

  @BeforeEach
  void start() throws IOException {
    site = new UpkeepSite(root);
  }

  @AfterEach
  void stop() {
    site.close();
  }

  private StaleUploadCleaner cleaner(Runnable pressure) {
    return new StaleUploadCleaner(site.expiry, LARGE, pressure, site.clock, site.telemetry);
  }

  private StaleUploadCleaner cleaner() {
    return cleaner(() -> {});
  }

  /** Lets the first few questions pass. */
  private static Runnable pressureAfter(int calls) {
    AtomicInteger left = new AtomicInteger(calls);
    return () -> {
      if (left.getAndDecrement() <= 0) {
        throw new IllegalStateException("the memory is at 81 percent");
      }
    };
  }

  @Test
  void aRunEndsWhatIsDueAndTellsAboutIt() throws IOException {
    List<Upload> stale = site.received(3);
    site.clock.advance(UpkeepSite.IDLE);
    Upload fresh = site.received();
    StaleUploadCleaner cleaner = cleaner();
    assertThat(cleaner.last()).isEmpty();

    CleanUp done = cleaner.run("a test");

    assertThat(done)
        .isEqualTo(
            new CleanUp(
                site.clock.instant(),
                Duration.ZERO,
                "a test",
                3,
                3,
                3 * UpkeepSite.SIZE,
                0,
                0,
                true,
                null));
    assertThat(cleaner.last()).contains(done);
    assertThat(site.states(stale)).containsOnly(EXPIRED);
    assertThat(site.state(fresh)).isEqualTo(RECEIVING);
    assertThat(stale).noneMatch(upload -> site.unfinishedFile(upload.id()).toFile().exists());
    assertThat(site.telemetry.counted("upkeep.cleaned.uploads")).isEqualTo(3);
    assertThat(site.telemetry.counted("upkeep.cleaned.bytes")).isEqualTo(3 * UpkeepSite.SIZE);
    assertThat(site.telemetry.timed("upkeep.clean")).hasSize(1);
  }

  @Test
  void aRunGoesOnBeyondOneBatch() {
    for (int i = 0; i < 130; i++) {
      site.open();
    }
    site.clock.advance(UpkeepSite.IDLE);
    assertThat(cleaner().run("a test").expired()).isEqualTo(130);
    assertThat(cleaner().run("a test").examined()).isZero();
  }

  @Test
  void oneThatFailsDoesNotKeepARunFromTheOthers() throws IOException {
    List<Upload> stale = site.received(5);
    site.clock.advance(UpkeepSite.IDLE);
    site.stuck.add(stale.get(0).id());
    site.stuck.add(stale.get(3).id());

    CleanUp done = cleaner().run("a test");

    assertThat(done.failed()).isEqualTo(2);
    assertThat(done.expired()).isEqualTo(3);
    assertThat(done.examined()).isEqualTo(5);
    assertThat(done.complete()).isTrue();
  }

  @Test
  void manyThatFailInARowEndTheRun() {
    for (int i = 0; i < 30; i++) {
      site.stuck.add(site.open().id());
    }
    site.clock.advance(UpkeepSite.IDLE);

    CleanUp done = cleaner().run("a test");

    assertThat(done.failed()).isEqualTo(20);
    assertThat(done.complete()).isFalse();
    assertThat(done.stoppedBecause()).contains("20 failures in a row");
  }

  @Test
  void underPressureARunStopsAndSaysHowFarItCame() throws IOException {
    List<Upload> stale = site.received(5);
    site.clock.advance(UpkeepSite.IDLE);
    StaleUploadCleaner cleaner = cleaner(pressureAfter(2));

    CleanUp done = cleaner.run("a test");

    assertThat(done.examined()).isEqualTo(2);
    assertThat(done.expired()).isEqualTo(2);
    assertThat(done.complete()).isFalse();
    assertThat(done.stoppedBecause()).isEqualTo("the memory is at 81 percent");
    assertThat(site.states(stale)).filteredOn(state -> state == RECEIVING).hasSize(3);
    assertThat(cleaner.preview()).isEqualTo(new Preview(3, 3 * UpkeepSite.SIZE));
  }

  @Test
  void anUploadThatReceivesIsSkipped() throws IOException {
    Upload busy = site.open();
    Upload stale = site.received();
    try (ChunkTransfer transfer = site.begin(busy)) {
      site.clock.advance(UpkeepSite.IDLE);
      CleanUp done = cleaner().run("a test");
      assertThat(done.skipped()).as("while %s arrives", transfer.range()).isEqualTo(1);
      assertThat(done.expired()).isEqualTo(1);
      assertThat(site.state(busy)).isEqualTo(RECEIVING);
      assertThat(site.state(stale)).isEqualTo(EXPIRED);
    }
  }

  @Test
  void aSecondCallerIsToldThatARunIsOnItsWay() throws Exception {
    site.open();
    site.clock.advance(UpkeepSite.IDLE);
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch mayGoOn = new CountDownLatch(1);
    StaleUploadCleaner cleaner =
        cleaner(
            () -> {
              running.countDown();
              await(mayGoOn);
            });
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<CleanUp> first = thread.submit(() -> cleaner.run("first"));
      await(running);
      CleanUp second = cleaner.run("second");
      assertThat(second.complete()).isFalse();
      assertThat(second.stoppedBecause()).isEqualTo("another clean-up is on its way");
      assertThat(cleaner.last()).isEmpty();
      mayGoOn.countDown();
      assertThat(first.get(30, TimeUnit.SECONDS).expired()).isEqualTo(1);
    } finally {
      thread.shutdownNow();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aCatalogueThatDoesNotAnswerEndsTheRun() {
    site.open();
    site.clock.advance(UpkeepSite.IDLE);
    StaleUploadCleaner cleaner = cleaner();
    site.catalog.close();

    CleanUp done = cleaner.run("a test");

    assertThat(done.complete()).isFalse();
    assertThat(done.stoppedBecause()).contains("catalogue");
    assertThat(site.telemetry.measured("uploads.stale")).isEmpty();
  }

  @Test
  void theMeterOfStaleUploadsAsksTheCatalogueNowAndThen() {
    StaleUploadCleaner cleaner = cleaner();
    site.open();
    site.clock.advance(UpkeepSite.IDLE);
    assertThat(site.telemetry.gauged("uploads.stale")).isEqualTo(1);
    site.open();
    site.clock.advance(Duration.ofSeconds(9));
    assertThat(site.telemetry.gauged("uploads.stale")).isEqualTo(1);
    cleaner.run("a test");
    assertThat(site.telemetry.gauged("uploads.stale")).isZero();
    site.clock.advance(UpkeepSite.IDLE);
    assertThat(site.telemetry.gauged("uploads.stale")).isEqualTo(1);
  }

  @Test
  void pressureThatComesFromTheCatalogueIsPressureToo() {
    site.open();
    site.clock.advance(UpkeepSite.IDLE);
    CleanUp done =
        cleaner(
                () -> {
                  throw new CatalogUnavailable("busy", new IllegalStateException());
                })
            .run("a test");
    assertThat(done.stoppedBecause()).isEqualTo("busy");
  }
}
