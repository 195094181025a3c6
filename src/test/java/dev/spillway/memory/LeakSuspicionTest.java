package dev.spillway.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import dev.spillway.memory.LeakDetector.Resource;
import dev.spillway.memory.LeakDetector.Suspicion;
import dev.spillway.telemetry.Telemetry;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a suspicion, and what is told of it. */
class LeakSuspicionTest extends LeakTests {

  private static double leastGrowth(Resource resource) {
    double mib = 1 << 20;
    return switch (resource) {
      case LIVE_HEAP -> 16 * mib;
      case OPEN_FILES, THREADS -> 32;
      case DIRECT -> 8 * mib;
      case BUFFERS -> 4 * mib;
    };
  }

  private List<Suspicion> suspectedAfterGrowing(Resource resource, double growth) {
    Course course = Course.constant(growth / 10).plus(Course.ramp(0, WINDOW - 1, growth));
    for (int sample = 0; sample < WINDOW; sample++) {
      observe(detector, resource, course, sample);
    }
    return detector.suspicions();
  }

  @ParameterizedTest
  @EnumSource(Resource.class)
  void growthThatIsTooSmallToMatterIsNotSuspected(Resource resource) {
    assertThat(suspectedAfterGrowing(resource, leastGrowth(resource) * 0.99)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Resource.class)
  void everyResourceIsWatched(Resource resource) {
    assertThat(suspectedAfterGrowing(resource, leastGrowth(resource) * 1.01))
        .extracting(Suspicion::resource)
        .containsExactly(resource);
  }

  @Test
  void aSuspicionTellsWhatGrewHowFarAndHowFast() {
    observe(Course.line(120, 310 / 120.0), 0, WINDOW);

    assertThat(detector.suspicions().get(0).sentence())
        .isEqualTo(
            "open file descriptors grew from 120 to 310 in 9 min, since 12:01:05Z, about 1,159 an"
                + " hour");
  }

  @Test
  void bytesAreToldInUnitsForPeople() {
    suspectedAfterGrowing(Resource.DIRECT, 100 << 20);

    assertThat(detector.suspicions().get(0).sentence())
        .startsWith("direct memory grew from 10.0 MiB to 110.0 MiB in 9 min");
  }

  @Test
  void aSuspicionOfManyDaysTellsTheDayItBegan() {
    Suspicion suspicion = new Suspicion(Resource.THREADS, 100, 1_300, START, 25);

    assertThat(suspicion.sentence()).contains("in 48 h 0 min, since 2024-11-21T12:01:05Z");
  }

  @Test
  void aLeakThatGoesOnKeepsItsBeginAndGrows() {
    observe(Course.line(1_000, 2), 0, 5 * WINDOW);

    assertThat(detector.suspicions())
        .singleElement()
        .satisfies(
            leak -> {
              assertThat(leak.since()).isEqualTo(START);
              assertThat(leak.to() / leak.from()).isGreaterThan(5);
            });
  }

  @Test
  void aLeakThatGoesOnIsToldOnce() {
    observe(Course.line(1_000, 2).noisy(0.05, 4), 0, 5 * WINDOW);

    assertThat(log.lines(Level.WARN)).hasSize(1);
  }

  @Test
  void aSuspicionEndsOnceTheGrowthHasStopped() {
    observe(Course.constant(1_000).plus(Course.ramp(0, 2 * WINDOW, 4_000)), 0, 3 * WINDOW);

    assertThat(isSuspected()).isFalse();
  }

  @Test
  void aSuspicionEndsOnceTheFigureFell() {
    Course course = sample -> sample < 90 ? Course.line(1_000, 2).applyAsDouble(sample) : 1_000;
    observe(course, 0, 90 + WINDOW / 2 + 1);

    assertThat(isSuspected()).isFalse();
  }

  @Test
  void theBeginOfASuspicionIsAWarning() {
    observe(Course.line(1_000, 2), 0, WINDOW);

    assertThat(log.lines(Level.WARN))
        .singleElement()
        .asString()
        .startsWith("A leak is suspected: open file descriptors grew from 1,000 to 2,000");
  }

  @Test
  void theEndOfASuspicionIsWorthALine() {
    observe(Course.constant(1_000).plus(Course.ramp(0, WINDOW, 2_000)), 0, 3 * WINDOW);

    assertThat(log.lines(Level.INFO))
        .singleElement()
        .asString()
        .startsWith("No leak is suspected any more. It was: open file descriptors grew");
  }

  @Test
  void theMeterTellsWhichResourceIsSuspected() {
    observe(Course.line(1_000, 2), 0, WINDOW);

    assertThat(telemetry.gauged("memory.leak.suspected{resource=open-files}")).isOne();
  }

  @Test
  void theMeterTellsThatTheOthersAreNot() {
    observe(Course.line(1_000, 2), 0, WINDOW);

    assertThat(telemetry.gauged("memory.leak.suspected{resource=threads}")).isZero();
  }

  @Test
  void suspicionsAreCountedWhenTheyBegin() {
    observe(Course.line(1_000, 2), 0, 2 * WINDOW);

    assertThat(telemetry.counted("memory.leak.suspicions")).isOne();
  }

  @Test
  void anotherWindowAndFactorCanBeChosen() {
    LeakDetector impatient = new LeakDetector(12, 1.1, Telemetry.NONE);
    for (int sample = 0; sample < 12; sample++) {
      observe(impatient, Resource.THREADS, Course.line(1_000, 2), sample);
    }

    assertThat(impatient.suspicions()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"11, 1.5", "361, 1.5", "60, 1", "60, NaN"})
  void aWindowOrFactorThatCannotWorkIsRefused(int window, double factor) {
    assertThatThrownBy(() -> new LeakDetector(window, factor, Telemetry.NONE))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
