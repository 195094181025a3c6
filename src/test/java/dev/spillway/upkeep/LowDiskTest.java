package dev.spillway.upkeep;

import static dev.spillway.upload.UploadState.EXPIRED;
import static dev.spillway.upload.UploadState.RECEIVING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.spillway.upkeep.StaleUploadCleaner.Disk;
import dev.spillway.upload.Upload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@link StaleUploadCleaner} does when the disk runs low. */
@Timeout(60)
class LowDiskTest {

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

  /** A disk of which each upload's end gives some back, as far as the catalogue knows. */
  private StaleUploadCleaner whenLow(List<Upload> all, int usableBefore, int low, int good) {
    StaleUploadCleaner.Volume volume =
        () -> usableBefore + 10L * all.stream().filter(u -> site.state(u) == EXPIRED).count();
    return new StaleUploadCleaner(
        site.expiry, new Disk(volume, low, good), () -> {}, site.clock, site.telemetry);
  }

  private List<Upload> oneByOne(int count) throws IOException {
    List<Upload> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(site.received());
      site.clock.advance(Duration.ofSeconds(1));
    }
    return all;
  }

  @Test
  void aLowDiskEndsTheLongestIdleFirstUntilThereIsEnough() throws IOException {
    List<Upload> all = oneByOne(6);
    site.clock.advance(UpkeepSite.IDLE_WHEN_LOW);

    CleanUp done = whenLow(all, 0, 10, 30).whenDiskIsLow().orElseThrow();

    assertThat(done.expired()).isEqualTo(3);
    assertThat(done.complete()).isTrue();
    assertThat(done.why()).isEqualTo("the disk runs low");
    assertThat(site.states(all.subList(0, 3))).containsOnly(EXPIRED);
    assertThat(site.states(all.subList(3, 6))).containsOnly(RECEIVING);
  }

  @Test
  void aDiskThatIsNotLowEndsNothing() throws IOException {
    List<Upload> all = oneByOne(2);
    site.clock.advance(UpkeepSite.IDLE);
    assertThat(whenLow(all, 10, 10, 30).whenDiskIsLow()).isEmpty();
    assertThat(site.states(all)).containsOnly(RECEIVING);
  }

  @Test
  void aLowDiskEndsNoUploadThatWasActiveJustNow() throws IOException {
    List<Upload> all = oneByOne(1);
    CleanUp done = whenLow(all, 0, 10, 30).whenDiskIsLow().orElseThrow();
    assertThat(done.examined()).isZero();
    assertThat(site.states(all)).containsOnly(RECEIVING);
  }

  @Test
  void whenNothingHelpsALowDiskIsLookedAtAgainAfterAWhile() throws IOException {
    List<Upload> all = oneByOne(1);
    StaleUploadCleaner cleaner = whenLow(all, 0, 10, 30);
    assertThat(cleaner.whenDiskIsLow()).isPresent();
    site.clock.advance(Duration.ofSeconds(29));
    assertThat(cleaner.whenDiskIsLow()).isEmpty();
    site.clock.advance(Duration.ofSeconds(1));
    assertThat(cleaner.whenDiskIsLow()).isPresent();
  }

  @Test
  void aRunThatHelpedMayBeFollowedByAnotherAtOnce() throws IOException {
    List<Upload> all = oneByOne(1);
    site.clock.advance(UpkeepSite.IDLE_WHEN_LOW);
    StaleUploadCleaner cleaner = whenLow(all, -10, 10, 30);
    assertThat(cleaner.whenDiskIsLow().orElseThrow().expired()).isEqualTo(1);
    assertThat(cleaner.whenDiskIsLow()).isPresent();
    assertThat(cleaner.whenDiskIsLow()).isEmpty();
  }

  @Test
  void aDiskThatCannotBeAskedInTheMiddleEndsTheRun() throws IOException {
    oneByOne(3);
    site.clock.advance(UpkeepSite.IDLE_WHEN_LOW);
    AtomicInteger asked = new AtomicInteger();
    Disk failing =
        new Disk(
            () -> {
              if (asked.incrementAndGet() > 3) {
                throw new IOException("gone");
              }
              return 0;
            },
            10,
            30);
    CleanUp done =
        new StaleUploadCleaner(site.expiry, failing, () -> {}, site.clock, site.telemetry)
            .whenDiskIsLow()
            .orElseThrow();
    assertThat(done.expired()).isEqualTo(2);
    assertThat(done.complete()).isFalse();
  }

  @Test
  void aDiskIsNotLowAndGoodAtTheSameTime() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Disk(() -> 0, 10, 9));
  }
}
