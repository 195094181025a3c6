package dev.spillway.memory;

import static dev.spillway.memory.FakeSources.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FigureLineTest {

  private static final Duration EVERY = Duration.ofSeconds(30);

  private final FakeSources given = new FakeSources().measuredAll();
  private final FigureLine line = new FigureLine(EVERY);

  private boolean isDueAfter(Duration elapsed) {
    given.now = given.now.plus(elapsed);
    return line.due(given.now, given.sample()).isPresent();
  }

  @Test
  void theFirstSampleIsWorthALine() {
    assertThat(isDueAfter(Duration.ZERO)).isTrue();
  }

  @Test
  void nothingMovedIsWorthNoLine() {
    isDueAfter(Duration.ZERO);

    assertThat(isDueAfter(Duration.ofHours(1))).isFalse();
  }

  static Stream<Arguments> moves() {
    return Stream.of(
        move("live heap", given -> given.live += 8 * MIB, given -> given.live += 8 * MIB - 1),
        move("direct", given -> given.direct -= 4 * MIB, given -> given.direct -= 4 * MIB - 1),
        move(
            "resident",
            given -> given.resident = OptionalLong.of(316 * MIB),
            given -> given.resident = OptionalLong.of(315 * MIB)),
        move(
            "swapped",
            given -> given.swapped = OptionalLong.of(4 * MIB),
            given -> given.swapped = OptionalLong.of(3 * MIB)),
        move(
            "machine swap",
            given -> given.swapUsed = OptionalLong.of(74 * MIB),
            given -> given.swapUsed = OptionalLong.of(73 * MIB)),
        move(
            "open files",
            given -> given.openFiles = OptionalLong.of(136),
            given -> given.openFiles = OptionalLong.of(135)),
        move("threads", given -> given.threads = 38, given -> given.threads = 37),
        move(
            "what was not measured any more",
            given -> given.resident = OptionalLong.empty(),
            given -> given.unfinished = OptionalLong.empty()));
  }

  private static Arguments move(
      String figure, Consumer<FakeSources> enough, Consumer<FakeSources> tooLittle) {
    return Arguments.of(figure, enough, tooLittle);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("moves")
  void aMoveIsWorthALineOnceTheTimeHasPassed(String figure, Consumer<FakeSources> enough) {
    isDueAfter(Duration.ZERO);
    enough.accept(given);

    assertThat(isDueAfter(EVERY)).isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("moves")
  void aMoveIsWorthNoLineBeforeTheTimeHasPassed(String figure, Consumer<FakeSources> enough) {
    isDueAfter(Duration.ZERO);
    enough.accept(given);

    assertThat(isDueAfter(EVERY.minusMillis(1))).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("moves")
  void aSmallMoveIsWorthNoLine(
      String figure, Consumer<FakeSources> enough, Consumer<FakeSources> tooLittle) {
    isDueAfter(Duration.ZERO);
    tooLittle.accept(given);

    assertThat(isDueAfter(EVERY)).isFalse();
  }

  @Test
  void aTwentiethOfALargeFigureIsWorthNoLine() {
    given.live = 1_000 * MIB;
    isDueAfter(Duration.ZERO);
    given.live = 1_050 * MIB;

    assertThat(isDueAfter(EVERY)).isFalse();
  }

  @Test
  void smallMovesAddUp() {
    isDueAfter(Duration.ZERO);
    given.live += 5 * MIB;
    isDueAfter(EVERY);
    given.live += 5 * MIB;

    assertThat(isDueAfter(EVERY)).isTrue();
  }

  @Test
  void aClockSetBackDoesNotSilenceTheLog() {
    isDueAfter(Duration.ZERO);
    given.live += 50 * MIB;

    assertThat(isDueAfter(Duration.ofHours(-2))).isTrue();
  }

  @Test
  void theLineHasAFixedOrderAndUnitsForPeople() {
    assertThat(FigureLine.text(given.sample()))
        .isEqualTo(
            "live heap 40.0 MiB of 200.0 MiB, heap used 100.0 MiB, heap max 256.0 MiB, direct 16.0"
                + " MiB of 200.0 MiB, mapped 0 B, metaspace 50.0 MiB, resident 300.0 MiB, swapped 0"
                + " B, machine available 1.5 GiB, machine swap used 10.0 MiB, working set 310.0 MiB"
                + " of 512.0 MiB, stalled 0.4 %, open files 120 of 1,024, threads 30, collecting"
                + " 1.0 %, cpu 12.0 %, data disk usable 70.0 MiB, unfinished uploads 5.0 MiB,"
                + " buffers leased 512.0 KiB");
  }

  @Test
  void whatWasNotMeasuredIsLeftOut() {
    FakeSources little = new FakeSources();
    little.live = 0;

    assertThat(FigureLine.text(little.sample()))
        .isEqualTo(
            "heap used 100.0 MiB, heap max 256.0 MiB, direct 16.0 MiB of 200.0 MiB, mapped 0 B,"
                + " threads 30, collecting 1.0 %");
  }
}
