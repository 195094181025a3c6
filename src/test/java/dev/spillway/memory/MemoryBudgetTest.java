package dev.spillway.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {

  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;

  private static long buffers(long machine, long heap, long direct) {
    return MemoryBudget.of(OptionalLong.of(machine), heap, direct).buffersBytes();
  }

  /** The largest heap is a quarter of the machine by default, and direct memory may be as much. */
  @Test
  void onAServerOfFourGigabytesItIsWellBelow400Megabytes() {
    assertThat(buffers(4 * GIB, GIB, GIB)).isEqualTo(256 * MIB);
  }

  @Test
  void aSmallHeapLeavesHalfOfItsDirectMemory() {
    assertThat(buffers(24 * GIB, 256 * MIB, 256 * MIB)).isEqualTo(128 * MIB);
  }

  @Test
  void aSmallContainerGetsAQuarterOfWhatHeapAndReserveLeave() {
    assertThat(buffers(512 * MIB, 256 * MIB, 256 * MIB)).isEqualTo(32 * MIB);
  }

  @Test
  void aHeapAsLargeAsTheMachineLeavesTheLeast() {
    assertThat(buffers(GIB, GIB, GIB)).isEqualTo(4 * MIB);
  }

  @Test
  void aMachineThatCannotBeMeasuredLeavesTheJvmsLimit() {
    assertThat(MemoryBudget.of(OptionalLong.empty(), GIB, 100 * MIB).buffersBytes())
        .isEqualTo(50 * MIB);
  }

  @Property
  void whateverThereIsItIsNeverNegativeAndNeverAboveHalfOfDirectMemory(
      @ForAll @LongRange(min = -1) long machine,
      @ForAll @LongRange(min = 0) long heap,
      @ForAll @LongRange(min = 0) long direct) {
    assertThat(buffers(machine, heap, direct)).isBetween(0L, direct / 2);
  }

  @Test
  void thisMachineIsMeasured() {
    MemoryBudget budget = MemoryBudget.ofThisMachine();
    assertThat(budget.machineBytes()).isPresent();
    assertThat(budget.buffersBytes()).isPositive();
    assertThat(budget.toString()).contains("heap", "reserve", "direct memory", "MiB");
  }
}
