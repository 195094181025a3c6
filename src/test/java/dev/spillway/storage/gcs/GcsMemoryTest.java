package dev.spillway.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upload.Destination.Progress;
import dev.spillway.upload.DestinationFailed;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A file takes its direct buffer and next to no heap, whatever its size. */
@Timeout(300)
class GcsMemoryTest {

  private static final int MIB = 1 << 20;
  private static final int BUFFER = 8 * MIB;

  private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();

  @Test
  void theHeapOfAPublishedFileDoesNotGrowWithItsSize() throws Exception {
    try (FakeSite site = new FakeSite(FakeGcs.keepingSumsOnly()).buffer(BUFFER)) {
      PatternFile warmUp = PatternFile.of(BUFFER + 3 * MIB);
      site.publish(warmUp.upload(), warmUp, bytes -> {});
      // Its rest is just less than a chunk, which is when the library copies most.
      PatternFile file = PatternFile.of(256L * MIB + 7 * MIB + 1000);
      long before = liveHeap();
      List<Long> during = new ArrayList<>();
      Progress measuring =
          bytes -> {
            if (bytes % (64L * MIB) == 0 || bytes > 256L * MIB) {
              during.add(liveHeap() - before);
            }
          };

      site.publish(file.upload(), file, measuring);

      assertThat(during)
          .hasSizeGreaterThan(8)
          .allSatisfy(grown -> assertThat(grown).isLessThan(2L * MIB));
    }
  }

  @Test
  void whatAFileGoesOnWithAfterAFailureHoldsNoBytes() throws Exception {
    try (FakeSite site = new FakeSite(FakeGcs.keepingSumsOnly()).buffer(BUFFER)) {
      PatternFile warmUp = PatternFile.of(BUFFER + 3 * MIB);
      site.publish(warmUp.upload(), warmUp, bytes -> {});
      PatternFile file = PatternFile.of(6L * BUFFER + 1000);
      site.fake.faults().on(RequestKind.CHUNK).skipping(1).times(3).meet(Fault.answer(503));
      site.fake.faults().on(RequestKind.CHUNK).skipping(3).meet(Fault.keepingOnly(MIB));
      long before = liveHeap();
      List<Long> during = new ArrayList<>();
      Progress measuring =
          new Progress() {
            @Override
            public void at(long bytes) {
              during.add(liveHeap() - before);
            }

            @Override
            public void trouble(DestinationFailed reason) {
              during.add(liveHeap() - before);
            }
          };

      site.publish(file.upload(), file, measuring);

      assertThat(during).hasSize(7 + 2).allSatisfy(grown -> assertThat(grown).isLessThan(2L * MIB));
    }
  }

  @SuppressWarnings("SystemGc") // What is live can be seen in no other way.
  private long liveHeap() {
    System.gc();
    System.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }
}
