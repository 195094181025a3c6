package dev.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BufferSettingsTest {

  private static final long LIMIT = 512L << 20;

  private static final long WORKED_OUT = 100L << 20;

  private static BufferSettings settings(MemoryAmount memory) {
    return new BufferSettings(
        memory, DataSize.parse("256KiB"), DataSize.parse("8KiB"), 16, Duration.ofSeconds(5));
  }

  @Test
  void aShareIsOneOfTheLimit() {
    assertThat(settings(new Percentage(25)).memoryOf(LIMIT, WORKED_OUT)).isEqualTo(LIMIT / 4);
  }

  @Test
  void byDefaultItIsWhatTheServerHasWorkedOut() {
    assertThat(settings(MemoryAmount.AUTO).memoryOf(LIMIT, WORKED_OUT)).isEqualTo(WORKED_OUT);
  }

  @Test
  void aSizeThatIsNoPowerOfTwoIsRefused() {
    assertThat(WrittenSettings.none().property("spillway.buffers.size", "100KiB").problems().get(0))
        .contains("spillway.buffers.size = 100KiB", "is no power of two");
  }

  @Test
  void theSmallestBufferIsNotLargerThanTheLargest() {
    assertThat(
            WrittenSettings.none()
                .property("spillway.buffers.size", "16KiB")
                .property("spillway.buffers.smallest", "32KiB")
                .problems())
        .hasSize(1);
  }

  @Test
  void aSizeIsTakenAsItIs() {
    assertThat(settings(DataSize.parse("64MiB")).memoryOf(LIMIT, WORKED_OUT)).isEqualTo(64L << 20);
  }

  @Test
  void aSizeAboveTheLimitIsRefused() {
    assertThatThrownBy(() -> settings(DataSize.parse("1GiB")).memoryOf(LIMIT, WORKED_OUT))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContainingAll("spillway.buffers.memory = 1GiB", "536870912", "lower it");
  }

  @Test
  void aShareThatHoldsLessThanTwoBuffersIsRefused() {
    assertThatThrownBy(() -> settings(new Percentage(25)).memoryOf(1 << 20, WORKED_OUT))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContainingAll("25%", "at least twice spillway.buffers.size = 256KiB");
  }

  @Test
  void aSizeThatHoldsLessThanTwoBuffersIsRefusedWhenItIsRead() {
    assertThat(
            WrittenSettings.none()
                .property("spillway.buffers.memory", "1MiB")
                .property("spillway.buffers.size", "1MiB")
                .problems())
        .containsExactly(
            "spillway.buffers.memory = 1MiB (system property)"
                + " must be at least twice spillway.buffers.size = 1MiB (system property)");
  }
}
