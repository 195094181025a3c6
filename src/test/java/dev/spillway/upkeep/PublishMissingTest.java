package dev.spillway.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upkeep.PublishStatus.State;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Files that are missing on the local disk do not keep the others from going for long. */
class PublishMissingTest {

  private final PublishBench bench = new PublishBench(2, new Random(1));
  private final Set<UploadId> missing = new HashSet<>();

  private void addMissing(int count) {
    for (int i = 0; i < count; i++) {
      missing.add(bench.add().id());
    }
  }

  /** How long it takes; the limit when it takes longer. All that is not missing arrives. */
  private Duration timeUntil(BooleanSupplier done, Duration limit) {
    Duration step = limit.dividedBy(720);
    Duration time = Duration.ZERO;
    while (time.compareTo(limit) < 0) {
      for (var file = bench.begin(); file.isPresent(); file = bench.begin()) {
        if (missing.contains(file.get().upload().id())) {
          bench.miss(file.get());
        } else {
          bench.succeed(file.get());
        }
      }
      if (done.getAsBoolean()) {
        break;
      }
      bench.pass(step);
      bench.tick();
      time = time.plus(step);
    }
    return time;
  }

  private boolean hasArrived(Upload upload) {
    return !bench.waiting.containsKey(upload.id());
  }

  @Test
  void aThousandOfThemHoldUpTheOthersForMinutesOnly() {
    addMissing(1001);
    Upload good = bench.add();
    Duration hour = Duration.ofHours(1);
    assertThat(timeUntil(() -> hasArrived(good), hour)).isLessThan(hour);
    // Only what had to go has been given up.
    assertThat(bench.waiting).hasSizeGreaterThan(890);
  }

  @Test
  void fiveThousandOfThemHoldUpTheOthersForTwoHoursAtMost() {
    addMissing(5000);
    Upload good = bench.add();
    Duration limit = Duration.ofHours(2);
    assertThat(timeUntil(() -> hasArrived(good), limit)).isLessThan(limit);
  }

  @Test
  void fewOfThemAreGivenUpAfterADay() {
    addMissing(100);
    Duration day = PublishDelays.UNREADABLE.minusMinutes(10);
    assertThat(timeUntil(() -> bench.waiting.size() < 100, day)).isGreaterThanOrEqualTo(day);
    timeUntil(() -> false, Duration.ofHours(1));
    assertThat(bench.waiting).isEmpty();
  }

  @Test
  void theyDoNotUseUpTheTrialsOfADestinationThatRefused() {
    bench.add(3);
    addMissing(10);
    bench.add(5);
    for (int i = 0; i < 3; i++) {
      bench.refuse(bench.beginOne());
    }
    assertThat(bench.scheduler.state()).isEqualTo(State.REFUSED);
    Duration limit = Duration.ofMinutes(3);
    assertThat(timeUntil(() -> bench.scheduler.state() == State.CLOSED, limit)).isLessThan(limit);
  }

  @Test
  void whatHasFailedThereIsTheTrialBeforeWhatIsMissing() {
    bench.add(3);
    addMissing(10);
    for (int i = 0; i < 3; i++) {
      bench.refuse(bench.beginOne());
    }
    timeUntil(() -> false, Duration.ofMinutes(5));
    Upload other = bench.add();
    bench.pass(PublishCircuit.TRIALS_WITH_WORK);
    bench.refuse(bench.beginOne());
    for (int i = 0; i < 5; i++) {
      bench.pass(PublishCircuit.TRIALS);
      bench.tick();
      FileOnItsWay trial = bench.beginOne();
      assertThat(trial.upload()).isEqualTo(other);
      bench.refuse(trial);
    }
  }

  @Test
  void whereNothingElseWaitsTheyAreTheTrials() {
    bench.add(3);
    addMissing(10);
    for (int i = 0; i < 3; i++) {
      bench.refuse(bench.beginOne());
    }
    timeUntil(() -> false, Duration.ofMinutes(5));
    missing.clear();
    Duration limit = Duration.ofMinutes(10);
    assertThat(timeUntil(bench.waiting::isEmpty, limit)).isLessThan(limit);
  }
}
