package dev.spillway.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upload.UploadId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long the {@link OrphanSweeper} keeps bytes that the catalogue does not know. */
@Timeout(60)
class UnknownFilesTest extends SweeperTests {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MOMENT = Duration.ofMillis(1);

  @Test
  void bytesThatTheCatalogueDoesNotKnowAreKeptForDaysAfterTheyWereMet() throws IOException {
    Path unfinished = site.unfinishedFile(site.unknownUnfinished(10));
    Path finished = site.finishedFile(site.unknownFinished());
    for (Path file : List.of(unfinished, finished)) {
      site.writtenBefore(file, Duration.ofDays(1000));
    }
    assertThat(sweeper.run().unknown()).isEqualTo(2);
    site.clock.advance(UpkeepSite.ORPHANS.minus(MOMENT));
    assertThat(sweeper.run().unknown()).isEqualTo(2);
    site.clock.advance(MOMENT);

    Sweep done = sweeper.run();

    assertThat(done.removed()).isEqualTo(new Sweep.Removed(1, 1, 0, 0, 0));
    assertThat(done.freedBytes()).isEqualTo(20);
    assertThat(done.unknown()).isZero();
    assertThat(unfinished).doesNotExist();
    assertThat(finished).doesNotExist();
  }

  @Test
  void aServerThatHasJustStartedRemovesNothingUnknown() throws IOException {
    Path file = site.finishedFile(site.unknownFinished());
    site.writtenBefore(file, Duration.ofDays(1000));
    sweeper.run();
    site.clock.advance(UpkeepSite.ORPHANS);
    assertThat(site.sweeper(Optional.empty(), () -> {}).run().unknown()).isEqualTo(1);
    assertThat(file).exists();
  }

  @Test
  void anUnknownFileThatIsStillWrittenToIsKept() throws IOException {
    Path file = site.unfinishedFile(site.unknownUnfinished(10));
    sweeper.run();
    site.clock.advance(UpkeepSite.ORPHANS);
    site.writtenBefore(file, HOUR);
    assertThat(sweeper.run().unknown()).isEqualTo(1);
    assertThat(file).exists();
  }

  @Test
  void aSweepThatWasStoppedForgetsNoFileThatItHadMetBefore() throws IOException {
    Path file = site.unfinishedFile(site.unknownUnfinished(10));
    AtomicInteger open = new AtomicInteger();
    OrphanSweeper sometimes =
        site.sweeper(
            Optional.empty(),
            () -> {
              if (open.get() == 1) {
                throw new IllegalStateException("pressure");
              }
            });
    sometimes.run();
    open.set(1);
    assertThat(sometimes.run().complete()).isFalse();
    open.set(0);
    site.clock.advance(UpkeepSite.ORPHANS);
    site.writtenBefore(file, UpkeepSite.ORPHANS);
    assertThat(sometimes.run().removed().unfinished()).isEqualTo(1);
  }

  @Test
  void onlySoManyUnknownFilesAreRemembered() {
    UnknownFiles unknown = new UnknownFiles(UpkeepSite.ORPHANS);
    Random random = new Random(5);
    List<UploadId> ids = new ArrayList<>();
    for (int i = 0; i < 10_001; i++) {
      ids.add(UploadId.random(random));
    }
    var met = site.clock.instant();
    var old = met.minus(UpkeepSite.ORPHANS);
    ids.forEach(id -> assertThat(unknown.isToBeRemoved(id, old, met)).isFalse());
    unknown.lookedAt(true);
    var later = met.plus(UpkeepSite.ORPHANS);
    assertThat(ids.stream().filter(id -> unknown.isToBeRemoved(id, old, later)).count())
        .isEqualTo(10_000);
  }
}
