package dev.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BufferPoolBoundsTest {

  private static final int BUFFER = 64;
  private static final int WINDOW = 16;
  private static final Duration SHORT = Duration.ofMillis(20);

  @Test
  void thereAreAsManyBuffersAsTheCapacityHolds() {
    var bounds = new BufferPool.Bounds(3L * (BUFFER + WINDOW) + 79, BUFFER, WINDOW, SHORT);

    assertThat(bounds.buffers()).isEqualTo(3);
  }

  @Test
  void capacityThatHoldsNoBufferIsRefused() {
    long oneByteShort = 2L * Integer.MAX_VALUE - 1;

    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new BufferPool.Bounds(oneByteShort, Integer.MAX_VALUE, Integer.MAX_VALUE, SHORT))
        .withMessageContaining("4294967293");
  }

  @Test
  void meaninglessBoundsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BufferPool.Bounds(100, 0, WINDOW, SHORT));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BufferPool.Bounds(100, BUFFER, 0, SHORT));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BufferPool.Bounds(100, BUFFER, WINDOW, Duration.ofNanos(-1)));
  }
}
