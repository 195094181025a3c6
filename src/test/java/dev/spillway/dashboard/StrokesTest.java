package dev.spillway.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class StrokesTest {

  private static final double NONE = Double.NaN;

  @Property(tries = 200)
  void thinningKeepsTheHighestPeak(
      @ForAll @Size(min = 1, max = 800) double @DoubleRange(min = 0, max = 1e12) [] values,
      @ForAll @IntRange(min = 1, max = 120) int most) {
    double[] thinned = Strokes.thin(values, most);

    assertThat(Strokes.max(thinned)).isEqualTo(Strokes.max(values));
  }

  @Property(tries = 200)
  void thinningLeavesNoMoreThanAsked(
      @ForAll @Size(max = 800) double[] values, @ForAll @IntRange(min = 1, max = 120) int most) {
    assertThat(Strokes.thin(values, most)).hasSizeLessThanOrEqualTo(most);
  }

  @Test
  void timesAreThinnedAlike() {
    long[] times = new long[720];
    Arrays.setAll(times, i -> i);

    assertThat(Strokes.thin(times, 90)).hasSize(90).endsWith(719);
  }

  @Test
  void whatIsMissingIsAGap() {
    String path = Strokes.line(new int[] {0, 1, 2, 3}, new double[] {1, 1, NONE, 1}, 2, 10);

    assertThat(path).isEqualTo("M0 5L 1 5M3 5h1");
  }

  @Test
  void nothingMeasuredIsNoLine() {
    assertThat(Strokes.line(new int[] {0, 1}, new double[] {NONE, NONE}, 2, 10)).isEmpty();
  }

  @Test
  void smallColumnsAreSeen() {
    String path = Strokes.columns(new int[] {7}, new double[] {0}, new double[] {0.001}, 100, 50);

    assertThat(path).isEqualTo("M7 50V49");
  }

  @Test
  void columnsOfNothingAreNotDrawn() {
    assertThat(Strokes.columns(new int[] {7}, new double[] {3}, new double[] {3}, 100, 50))
        .isEmpty();
  }

  @Test
  void whatIsAboveTheScaleStaysInTheDrawing() {
    assertThat(Strokes.y(20, 10, 100)).isZero();
  }
}
