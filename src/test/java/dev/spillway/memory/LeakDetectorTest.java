package dev.spillway.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.memory.LeakDetector.Resource;
import dev.spillway.telemetry.Telemetry;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LeakDetectorTest extends LeakTests {

  /** Whether open files that go like this are suspected at any time. */
  private static boolean isEverSuspected(Course course, int samples) {
    LeakDetector fresh = new LeakDetector(Telemetry.NONE);
    for (int sample = 0; sample < samples; sample++) {
      observe(fresh, Resource.OPEN_FILES, course, sample);
      if (!fresh.suspicions().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  @Test
  void aSteadyLeakIsSuspected() {
    observe(Course.line(1_000, 2), 0, WINDOW);

    assertThat(isSuspected()).isTrue();
  }

  @Test
  void whatFallsIsNotSuspected() {
    assertThat(isEverSuspected(Course.line(10_000, 0.5), WINDOW)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 1.1, 1.3, 1.49})
  void aSlowRampBelowTheFactorIsNotSuspected(double factor) {
    assertThat(isEverSuspected(Course.line(1_000, factor), 3 * WINDOW)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(doubles = {1.51, 1.6, 2, 20})
  void aRampAboveTheFactorIsSuspected(double factor) {
    assertThat(isEverSuspected(Course.line(1_000, factor), WINDOW)).isTrue();
  }

  @Test
  void growthFromNothingIsSuspected() {
    assertThat(isEverSuspected(Course.line(0, 1).plus(Course.ramp(0, 600, 10_000)), WINDOW))
        .isTrue();
  }

  @Test
  void nothingIsSuspectedBeforeAFullWindow() {
    observe(Course.line(1_000, 3), 0, WINDOW - 1);

    assertThat(isSuspected()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"4, 1", "7, 2", "12, 2", "15, 5", "20, 2", "29, 3"})
  void aSawtoothIsNotSuspected(int period, double height) {
    Course course = Course.constant(1_000).plus(Course.sawtooth(period, height * 1_000));

    assertThat(isEverSuspected(course, 4 * WINDOW)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"5, 0.05", "9, 0.1", "13, 0.1", "20, 0.2"})
  void aNoisySawtoothIsNotSuspected(int period, double noise) {
    Course course =
        Course.constant(1_000).plus(Course.sawtooth(period, 2_000)).noisy(noise, period);

    assertThat(isEverSuspected(course, 4 * WINDOW)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 8, 12, 20})
  void aLeakUnderASawtoothIsSuspected(int period) {
    Course course = Course.line(1_000, 2.5).plus(Course.sawtooth(period, 800));

    assertThat(isEverSuspected(course, WINDOW + period)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.02, 0.1, 0.2})
  void aStepToANewPlateauIsNotSuspected(double noise) {
    Course course = Course.constant(1_000).plus(Course.step(80, 3_000)).noisy(noise, 1);

    assertThat(isEverSuspected(course, 3 * WINDOW)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"5, 0", "20, 0", "40, 0", "55, 0", "5, 0.1", "20, 0.05", "20, 0.1", "40, 0.1"})
  void twoStepsAreNotSuspected(int distance, double noise) {
    Course course =
        Course.constant(1_000)
            .plus(Course.step(80, 1_000))
            .plus(Course.step(80 + distance, 1_000))
            .noisy(noise, 2);

    assertThat(isEverSuspected(course, 4 * WINDOW)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"10, 0", "20, 0", "30, 0", "10, 0.05", "15, 0.05"})
  void aPlateauAfterARampIsNotSuspected(int length, double noise) {
    Course course = Course.constant(1_000).plus(Course.ramp(80, length, 2_000)).noisy(noise, 3);

    assertThat(isEverSuspected(course, 4 * WINDOW)).isFalse();
  }

  @Test
  void aWarmUpThatEndsBeforeTheFirstWindowDoesIsNotSuspected() {
    Course course = Course.constant(100).plus(Course.ramp(0, 35, 2_000));

    assertThat(isEverSuspected(course, 3 * WINDOW)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7})
  void gapsDoNotHideALeak(int every) {
    Course course = Course.line(1_000, 2).gapAt(sample -> sample % every == 0);

    assertThat(isEverSuspected(course, WINDOW)).isTrue();
  }

  @Test
  void gapsDoNotMakeALeak() {
    Course course =
        Course.constant(1_000).plus(Course.sawtooth(10, 2_000)).gapAt(sample -> sample % 3 == 0);

    assertThat(isEverSuspected(course, 4 * WINDOW)).isFalse();
  }

  @Test
  void aThirdOfTheWindowThatWasHardlyMeasuredIsNotEnough() {
    Course course = Course.line(1_000, 3).gapAt(sample -> sample < 11);

    assertThat(isEverSuspected(course, WINDOW)).isFalse();
  }

  @Test
  void whatIsNeverMeasuredIsNotSuspected() {
    assertThat(isEverSuspected(sample -> Double.NaN, 2 * WINDOW)).isFalse();
  }

  @Property(tries = 300)
  void constantWithNoiseIsNotSuspected(
      @ForAll long seed, @ForAll @DoubleRange(min = 0, max = 0.5) double noise) {
    assertThat(isEverSuspected(Course.constant(1_000).noisy(noise, seed), 2 * WINDOW)).isFalse();
  }

  /** One window in a hundred thousand is so unlucky that it takes one more sample. */
  @Property
  void doublingWithATenthOfNoiseIsSuspectedWithinAMinute(@ForAll long seed) {
    assertThat(isEverSuspected(Course.line(1_000, 2).noisy(0.1, seed), WINDOW + 6)).isTrue();
  }

  @Property(tries = 300)
  void oneOrTwoStepsWithNoiseAreNotSuspected(
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 70) int distance,
      @ForAll @DoubleRange(min = 0, max = 0.1) double noise) {
    Course course =
        Course.constant(1_000)
            .plus(Course.step(65, 1_000))
            .plus(Course.step(65 + distance, 1_000))
            .noisy(noise, seed);

    assertThat(isEverSuspected(course, 3 * WINDOW)).isFalse();
  }
}
