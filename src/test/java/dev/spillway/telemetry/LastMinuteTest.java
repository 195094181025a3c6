package dev.spillway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.Snapshot;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LastMinuteTest {

  private static final long SECOND = 1_000_000_000L;
  private static final long MINUTE = 60 * SECOND;
  private static final double PRECISION = 1.008;

  /** Not zero: a clock of nanoseconds begins anywhere. */
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 30 * SECOND);

  private final LastMinute durations = new LastMinute(now::get);

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.75, 0.95, 0.98, 0.99, 0.999, 1})
  void quantilesAreAtMostThePromisedPrecisionAboveTheTruth(double quantile) {
    for (long micros = 1; micros <= 100_000; micros++) {
      durations.update(micros * 1_000);
    }

    double truth = quantile * 100_000 * 1_000;
    assertThat(durations.getSnapshot().getValue(quantile)).isBetween(truth, truth * PRECISION);
  }

  @Property
  void oneDurationIsReadWithThePromisedPrecision(
      @ForAll @LongRange(min = 0, max = 60 * MINUTE) long nanos) {
    LastMinute fresh = new LastMinute(now::get);

    fresh.update(nanos);

    assertThat((double) fresh.getSnapshot().getMax())
        .isBetween((double) nanos, Math.max((nanos + 1_000) * PRECISION, nanos + 1_000.0));
  }

  @Property
  void aDurationCountsForFortySecondsAndNeverForSixty(
      @ForAll @LongRange(min = 0, max = 10 * MINUTE) long recordedAt,
      @ForAll @LongRange(min = 0, max = 2 * MINUTE) long age) {
    AtomicLong clock = new AtomicLong();
    LastMinute fresh = new LastMinute(clock::get);
    clock.set(recordedAt);
    fresh.update(SECOND);
    clock.addAndGet(age);

    int counted = fresh.size();

    if (age <= 40 * SECOND) {
      assertThat(counted).isEqualTo(1);
    } else if (age >= MINUTE) {
      assertThat(counted).isZero();
    }
  }

  @Test
  void anOldPeakGivesWayToWhatIsRecordedNow() {
    durations.update(50 * SECOND);

    for (int second = 0; second < 60; second++) {
      now.addAndGet(SECOND);
      durations.update(SECOND);
    }

    assertThat((double) durations.getSnapshot().getMax())
        .isBetween(1.0 * SECOND, SECOND * PRECISION);
  }

  @Test
  void theClockMayPassTheLargestNumber() {
    durations.update(SECOND);
    now.addAndGet(35 * SECOND);

    durations.update(SECOND);

    assertThat(durations.size()).isEqualTo(2);
  }

  @Test
  void aDayWithoutEventsLeavesNothing() {
    durations.update(SECOND);

    now.addAndGet(Duration.ofDays(1).toNanos());

    assertThat(durations.size()).isZero();
  }

  @Test
  void theFirstEventAfterADayIsTheOnlyOne() {
    durations.update(SECOND);
    now.addAndGet(Duration.ofDays(1).toNanos());

    durations.update(SECOND);

    assertThat(durations.size()).isEqualTo(1);
  }

  @Test
  void whatComesAMinuteLateIsLeftOut() {
    now.addAndGet(MINUTE);
    durations.update(SECOND);

    now.addAndGet(-MINUTE);
    durations.update(SECOND);

    now.addAndGet(MINUTE);
    assertThat(durations.size()).isEqualTo(1);
  }

  @Test
  void whatComesTwentySecondsLateCounts() {
    now.addAndGet(20 * SECOND);
    durations.update(SECOND);

    now.addAndGet(-20 * SECOND);
    durations.update(SECOND);

    now.addAndGet(20 * SECOND);
    assertThat(durations.size()).isEqualTo(2);
  }

  @Test
  void moreThanAnHourCountsAsAnHour() {
    durations.update(Long.MAX_VALUE);

    double hour = Duration.ofHours(1).toNanos();
    assertThat((double) durations.getSnapshot().getMax()).isBetween(hour, hour * PRECISION);
  }

  @Test
  void lessThanAMicrosecondCountsAsOne() {
    durations.update(1);

    assertThat(durations.getSnapshot().getMax()).isEqualTo(1_000);
  }

  @Test
  void lessThanNothingCountsAsNothing() {
    durations.update(-1);

    Snapshot snapshot = durations.getSnapshot();
    assertThat(new long[] {snapshot.size(), snapshot.getMax()}).containsExactly(1, 0);
  }

  @Test
  void aSnapshotStaysAsItWas() {
    durations.update(SECOND);
    Snapshot before = durations.getSnapshot();

    durations.update(SECOND);

    assertThat(before.size()).isEqualTo(1);
  }
}
