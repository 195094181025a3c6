package dev.spillway.memory;

import static dev.spillway.memory.FakeSources.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MemoryWarningsTest {

  private static final LiveThresholds THRESHOLDS =
      new LiveThresholds(0.8, 0.9, OptionalLong.empty(), OptionalLong.empty());

  private final FakeSources given = new FakeSources().measuredAll();
  private final MemoryWarnings warnings = new MemoryWarnings(THRESHOLDS);

  private int judge() {
    return warnings.judge(given.sample()).size();
  }

  /** A figure, the value below its threshold, at it, above it, and those where the worry ends. */
  record Threshold(
      String figure,
      BiConsumer<FakeSources, Double> set,
      double quiet,
      double begins,
      double lasts,
      double ends) {

    @Override
    public String toString() {
      return figure;
    }
  }

  static Stream<Arguments> thresholds() {
    return Stream.of(
            new Threshold(
                "live heap",
                (g, v) -> g.live = v.longValue(),
                MIB * 160 - 1,
                MIB * 160,
                MIB * 140,
                MIB * 140 - 1),
            new Threshold(
                "working set",
                (g, v) -> {
                  g.limit = OptionalLong.of(1_000);
                  g.workingSet = OptionalLong.of(v.longValue());
                },
                899,
                900,
                850,
                849),
            new Threshold(
                "direct",
                (g, v) -> {
                  g.directLimit = 1_000;
                  g.direct = v.longValue();
                },
                899,
                900,
                850,
                849),
            new Threshold(
                "open files",
                (g, v) -> {
                  g.openFilesLimit = OptionalLong.of(1_000);
                  g.openFiles = OptionalLong.of(v.longValue());
                },
                899,
                900,
                850,
                849),
            new Threshold("collecting", (g, v) -> g.collecting = v, 0.15, 0.151, 0.076, 0.075),
            new Threshold(
                "swapping",
                (g, v) -> {
                  g.swapped = OptionalLong.of(1);
                  g.swapIn = OptionalDouble.of(v);
                },
                MIB,
                MIB + 1,
                MIB / 2.0 + 1,
                MIB / 2.0))
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("thresholds")
  void belowTheThresholdThereIsNoWorry(Threshold threshold) {
    threshold.set.accept(given, threshold.quiet);

    assertThat(judge()).isZero();
  }

  @ParameterizedTest
  @MethodSource("thresholds")
  void aWorryBeginsAtTheThreshold(Threshold threshold) {
    threshold.set.accept(given, threshold.begins);

    assertThat(judge()).isOne();
  }

  @ParameterizedTest
  @MethodSource("thresholds")
  void aWorryLastsBelowTheThreshold(Threshold threshold) {
    threshold.set.accept(given, threshold.begins);
    judge();
    threshold.set.accept(given, threshold.lasts);

    assertThat(judge()).isOne();
  }

  @ParameterizedTest
  @MethodSource("thresholds")
  void aWorryEndsFurtherDown(Threshold threshold) {
    threshold.set.accept(given, threshold.begins);
    judge();
    threshold.set.accept(given, threshold.ends);

    assertThat(judge()).isZero();
  }

  @ParameterizedTest
  @MethodSource("thresholds")
  void aWorryThatEndedBeginsAtTheThresholdAgain(Threshold threshold) {
    threshold.set.accept(given, threshold.begins);
    judge();
    threshold.set.accept(given, threshold.ends);
    judge();
    threshold.set.accept(given, threshold.lasts);

    assertThat(judge()).isZero();
  }

  private int judgeStalled(double share) {
    given.stalled = OptionalDouble.of(share);
    return judge();
  }

  @Test
  void oneStalledReadingIsNoWorry() {
    assertThat(judgeStalled(0.5)).isZero();
  }

  @Test
  void twoStalledReadingsInARowAreAWorry() {
    judgeStalled(0.11);

    assertThat(judgeStalled(0.11)).isOne();
  }

  @Test
  void twoReadingsAtTheThresholdAreNoWorry() {
    judgeStalled(0.10);

    assertThat(judgeStalled(0.10)).isZero();
  }

  @Test
  void aQuietReadingBetweenTwoStalledOnesIsNoWorry() {
    judgeStalled(0.5);
    judgeStalled(0.01);

    assertThat(judgeStalled(0.5)).isZero();
  }

  @Test
  void aStallLastsDownToHalfOfItsThreshold() {
    judgeStalled(0.11);
    judgeStalled(0.11);

    assertThat(judgeStalled(0.05)).isOne();
  }

  @Test
  void aStallEndsBelowHalfOfItsThreshold() {
    judgeStalled(0.11);
    judgeStalled(0.11);

    assertThat(judgeStalled(0.049)).isZero();
  }

  @Test
  void theNeighboursMayReadFromSwapAsMuchAsTheyLike() {
    given.swapped = OptionalLong.of(0);
    given.swapIn = OptionalDouble.of(100 * MIB);

    assertThat(judge()).isZero();
  }

  @Test
  void lyingInSwapIsNoWorryWhileNothingIsReadFromIt() {
    given.swapped = OptionalLong.of(100 * MIB);

    assertThat(judge()).isZero();
  }

  @Test
  void whatWasNotMeasuredIsNoWorry() {
    FakeSources little = new FakeSources();

    assertThat(warnings.judge(little.sample())).isEmpty();
  }

  @Test
  void noLimitIsNeverReached() {
    given.directLimit = 0;
    given.limit = OptionalLong.empty();

    assertThat(judge()).isZero();
  }

  @Test
  void aPoolOfUnknownSizeIsNeverFull() {
    given.liveMax = -1;

    assertThat(judge()).isZero();
  }

  @Test
  void everyWorryHasASentenceWithItsNumbers() {
    given.live = 170 * MIB;
    given.workingSet = OptionalLong.of(480 * MIB);
    given.swapped = OptionalLong.of(20 * MIB);
    given.swapIn = OptionalDouble.of(3 * MIB);
    given.direct = 190 * MIB;
    given.openFiles = OptionalLong.of(1_000);
    given.collecting = 0.2;
    given.stallsOfMachine = true;
    judgeStalled(0.12);

    assertThat(warnings.judge(given.sample()))
        .containsExactly(
            "up to 170.0 MiB of 200.0 MiB in Old are live data, a worry from 160.0 MiB on",
            "the container's working set is 480.0 MiB of 512.0 MiB (93.8 %)",
            "tasks waited for memory 12.0 % of the last ten seconds, on the whole machine",
            "3.0 MiB a second are read from swap, where 20.0 MiB of this process are",
            "direct buffers take 190.0 MiB of 200.0 MiB (95.0 %)",
            "open files are 1,000 of 1,024 (97.7 %)",
            "collections stopped the program for 20.0 % of the last minute");
  }
}
