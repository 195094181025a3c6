package dev.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.spillway.admission.BufferPool.Bounds;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BufferPoolBoundsTest {

  private static final Duration SHORT = Duration.ofMillis(20);

  @Test
  void capacityMayHoldASingleLargestBuffer() {
    assertThat(new Bounds(1088, 32, 1024, 0, Duration.ZERO).largestBytes()).isEqualTo(1024);
  }

  @Test
  void capacityThatDoesNotHoldTheLargestBufferIsRefused() {
    int length = 1 << 30;
    long oneByteShort = length + length / 16L - 1;

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Bounds(oneByteShort, 8192, length, 1, SHORT))
        .withMessage(
            "a capacity of 1140850687 bytes does not hold one buffer of 1073741824 and its window"
                + " of 67108864");
  }

  @ParameterizedTest
  @CsvSource({"0, 64", "-32, 64", "8, 64", "48, 64", "16, 96", "128, 64", "-2147483648, 64"})
  void lengthsThatAreNoPowersOfTwoInOrderAreRefused(int smallest, int largest) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Bounds(1000, smallest, largest, 1, SHORT))
        .withMessageStartingWith("buffers of " + smallest + " to " + largest + " bytes");
  }

  @Test
  void negativeBoundsOfTheWaitAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Bounds(1000, 16, 64, -1, SHORT));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Bounds(1000, 16, 64, 1, Duration.ofNanos(-1)));
  }
}
