package dev.spillway.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Looks at the machine that the tests run on, whatever it is. */
class SignalsOnThisMachineTest {

  private static final long MIB = 1 << 20;
  private static final Path ROOT = Path.of("/");

  private static Signals signals() {
    return new SystemTree(ROOT).signals(System::nanoTime);
  }

  @Test
  void theVirtualMachineIsPlausible() {
    Reading reading = signals().read();

    Reading.Heap heap = reading.heap();
    assertThat(heap.used()).isPositive().isLessThanOrEqualTo(heap.committed());
    assertThat(heap.committed()).isLessThanOrEqualTo(heap.max());
    Reading.Outside outside = reading.outside();
    assertThat(outside.metaspaceUsed()).isPresent();
    assertThat(outside.metaspaceUsed().getAsLong()).isBetween(1L, outside.nonHeapUsed());
    assertThat(outside.directLimit()).isEqualTo(MemoryFigures.directLimit());
  }

  @Test
  void aDirectBufferIsSeen() {
    Signals signals = signals();
    ByteBuffer buffer = ByteBuffer.allocateDirect((int) MIB);

    assertThat(signals.read().outside().direct()).isGreaterThanOrEqualTo(buffer.capacity());
  }

  @Test
  void aFullCollectionTellsWhatLivesInSomePool() {
    System.gc();

    assertThat(signals().read().heap().pools())
        .anySatisfy(pool -> assertThat(pool.live().orElse(0)).isGreaterThan(MIB / 2));
  }

  @Test
  void thisProcessIsPlausible() {
    assumeTrue(Files.exists(Path.of("/proc/self/status")));

    Reading.OwnProcess process = signals().read().process();

    assertThat(process.resident()).isPresent();
    assertThat(process.resident().getAsLong()).isGreaterThan(10 * MIB);
    assertThat(process.openFiles()).isPresent();
    assertThat(process.openFiles().getAsLong())
        .isBetween(1L, process.openFilesLimit().orElse(Long.MAX_VALUE));
    assertThat(process.threads()).isPositive();
  }

  @Test
  void thisMachineIsPlausible() {
    assumeTrue(Files.exists(Path.of("/proc/meminfo")));

    Reading reading = signals().read();

    assertThat(reading.machine().total()).isPresent();
    assertThat(reading.machine().total().getAsLong())
        .isGreaterThan(reading.process().resident().orElseThrow());
    assertThat(reading.machine().available().orElse(0))
        .isBetween(0L, reading.machine().total().getAsLong());
    assertThat(reading.machine().cpuShare().orElse(0)).isBetween(0.0, 1.0);
  }

  @Test
  void theWorkingSetIsNotMoreThanWhatIsUsed() {
    Reading.Container container = signals().read().container();

    assertThat(container.workingSet().orElse(0))
        .isBetween(0L, container.used().orElse(Long.MAX_VALUE));
    assertThat(container.someStalled().orElse(0)).isBetween(0.0, 1.0);
  }

  /** Typically far below a millisecond; the bound is for a machine that does other work, too. */
  @Test
  void aReadingCostsLittle() {
    Signals signals = signals();
    signals.read();
    long start = System.nanoTime();
    for (int i = 0; i < 50; i++) {
      signals.read();
    }
    Duration average = Duration.ofNanos((System.nanoTime() - start) / 50);

    assertThat(average).isLessThan(Duration.ofMillis(20));
  }
}
