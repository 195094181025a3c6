package dev.spillway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.config.BucketAddress;
import dev.spillway.config.DataSize;
import dev.spillway.config.PublishSettings;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishMemoryTest {

  private static final long MIB = 1L << 20;

  private static PublishSettings settings(int parallel, long bufferBytes) {
    return new PublishSettings(
        Optional.of(new BucketAddress("reports", "")),
        parallel,
        new DataSize(bufferBytes),
        false,
        Duration.ofMinutes(2));
  }

  @ParameterizedTest
  @CsvSource({
    // parallel, set MiB, available MiB, of each KiB
    "2, 8, 256, 8192",
    "2, 8, 32, 8192",
    "2, 8, 31, 4096",
    "1, 8, 16, 8192",
    "16, 16, 256, 8192",
    "2, 8, 4, 1024",
    "16, 8, 4, 256"
  })
  void itTakesAtMostHalfOfWhatTransfersHave(int parallel, long set, long available, long each) {
    PublishMemory memory = PublishMemory.of(settings(parallel, set * MIB), available * MIB);
    assertThat(memory).isEqualTo(new PublishMemory((int) each * 1024, each * 1024 * parallel));
  }

  @Test
  void itTakesNothingWhereFilesStay() {
    PublishSettings here =
        new PublishSettings(
            Optional.empty(), 2, new DataSize(8 * MIB), false, Duration.ofMinutes(2));
    assertThat(PublishMemory.of(here, 256 * MIB).bytes()).isZero();
  }
}
