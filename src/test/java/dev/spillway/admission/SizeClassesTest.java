package dev.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SizeClassesTest {

  @Test
  void eachIsEightTimesAsLongUpToTheLargest() {
    assertThat(lengths(8 << 10, 256 << 10)).containsExactly(8 << 10, 64 << 10, 256 << 10);
    assertThat(lengths(8 << 10, 64 << 10)).containsExactly(8 << 10, 64 << 10);
    assertThat(lengths(8 << 10, 16 << 10)).containsExactly(8 << 10, 16 << 10);
    assertThat(lengths(8 << 10, 8 << 10)).containsExactly(8 << 10);
    assertThat(lengths(1 << 28, 1 << 30)).containsExactly(1 << 28, 1 << 30);
  }

  @Test
  void aBufferIsMadeOfWholeOnesOfTheClassBelow() {
    SizeClasses classes = new SizeClasses(8 << 10, 256 << 10);

    assertThat(IntStream.range(0, 3).map(classes::siblings)).containsExactly(8, 4, 1);
    assertThat(IntStream.range(0, 3).map(classes::units)).containsExactly(1, 8, 32);
  }

  @Test
  void windowCounts() {
    assertThat(new SizeClasses(8 << 10, 256 << 10).bytes(0)).isEqualTo((8 << 10) + 512);
  }

  private static List<Integer> lengths(int smallest, int largest) {
    SizeClasses classes = new SizeClasses(smallest, largest);
    return IntStream.rangeClosed(0, classes.largest()).mapToObj(classes::length).toList();
  }
}
