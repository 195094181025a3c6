package dev.spillway.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignalsTest {

  private static final long KIB = 1024;

  @TempDir Path root;
  private SystemTree system;

  @BeforeEach
  void anEmptySystem() {
    system = new SystemTree(root);
  }

  @Test
  void theProcessIsReadInBytes() {
    system.file(
        "/proc/self/status",
        "Name:\tVmRSS: 5 kB",
        "VmPeak:\t 9000000 kB",
        "VmRSS:\t   37716 kB",
        "VmSwap:\t       0 kB",
        "Threads:\t31");

    Reading.OwnProcess process = system.read().process();

    assertThat(process.resident()).hasValue(37_716 * KIB);
    assertThat(process.swapped()).hasValue(0);
  }

  @Test
  void theMachineIsReadInBytes() {
    system.file(
        "/proc/meminfo",
        "MemTotal:       16384000 kB",
        "MemFree:          200000 kB",
        "MemAvailable:    9000000 kB",
        "SwapTotal:       2000000 kB",
        "SwapFree:        1500000 kB",
        "HugePages_Total:       0");

    Reading.Machine machine = system.read().machine();

    assertThat(machine.total()).hasValue(16_384_000 * KIB);
    assertThat(machine.available()).hasValue(9_000_000 * KIB);
    assertThat(machine.swapTotal()).hasValue(2_000_000 * KIB);
    assertThat(machine.swapUsed()).hasValue(500_000 * KIB);
  }

  @Test
  void anOldKernelWithoutAvailableMemoryLeavesOnlyThatEmpty() {
    system.file("/proc/meminfo", "MemTotal: 16384 kB", "MemFree: 2000 kB");

    Reading.Machine machine = system.read().machine();

    assertThat(machine.total()).isPresent();
    assertThat(machine.available()).isEmpty();
    assertThat(machine.swapUsed()).isEmpty();
  }

  @Test
  void aSystemWithoutSuchFilesHasTheFiguresOfTheVirtualMachineOnly() {
    Reading reading = system.read();

    assertThat(reading.heap().used()).isPositive();
    assertThat(reading.heap().pools()).isNotEmpty();
    assertThat(reading.outside().nonHeapUsed()).isPositive();
    assertThat(reading.process().threads()).isPositive();
    assertThat(reading.process().resident()).isEmpty();
    assertThat(reading.process().swapped()).isEmpty();
    assertThat(reading.machine().total()).isEmpty();
    assertThat(reading.machine().swappedInPerSecond()).isEmpty();
    assertThat(reading.container().limit()).isEmpty();
    assertThat(reading.container().someStalled()).isEmpty();
    assertThat(reading.container().stallsOfMachine()).isFalse();
  }

  @Test
  void aRootThatDoesNotExistIsLikeASystemWithoutSuchFiles() {
    Reading reading = new SystemTree(root.resolve("nowhere")).read();

    assertThat(reading.heap().used()).isPositive();
    assertThat(reading.machine().total()).isEmpty();
  }

  @Test
  void halfANumberIsNotANumber() {
    system.file("/proc/self/status", "VmRSS:\t   37716 kB");
    system.brokenOff("/proc/meminfo", "MemTotal: 16384000 kB\nMemAvailable: 900");
    system.brokenOff("/proc/vmstat", "pswpin 12");
    system.unified("/app").brokenOff("/sys/fs/cgroup/app/memory.max", "31457");

    Reading reading = system.read();

    assertThat(reading.machine().total()).isPresent();
    assertThat(reading.machine().available()).isEmpty();
    assertThat(reading.container().limit()).isEmpty();
  }

  @Test
  void whatIsNotAPlainNumberIsEmpty() {
    system.file(
        "/proc/meminfo",
        "MemTotal: -5 kB",
        "MemAvailable: 99999999999999999999 kB",
        "SwapTotal: 9223372036854775807 kB",
        "SwapFree: 1e3 kB");

    Reading.Machine machine = system.read().machine();

    assertThat(machine.total()).isEmpty();
    assertThat(machine.available()).isEmpty();
    assertThat(machine.swapTotal()).isEmpty();
    assertThat(machine.swapUsed()).isEmpty();
  }

  @Test
  void moreFreeSwapThanThereIsLeavesUsedSwapEmpty() {
    system.file("/proc/meminfo", "SwapTotal: 10 kB", "SwapFree: 11 kB");

    assertThat(system.read().machine().swapUsed()).isEmpty();
  }

  @Test
  void onlyTheBeginningOfAnEndlessFileIsRead() {
    system.file("/proc/meminfo", "MemTotal: 16 kB", "x".repeat(1 << 20), "SwapTotal: 16 kB");

    Reading.Machine machine = system.read().machine();

    assertThat(machine.total()).hasValue(16 * KIB);
    assertThat(machine.swapTotal()).isEmpty();
  }

  @Test
  void figuresDoNotDependOnTheLanguageOfTheMachine() {
    system.file("/proc/pressure/memory", "some avg10=12.50 avg60=3.00 avg300=1.00 total=99");
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-u-nu-arab"));

      assertThat(system.read().container().someStalled()).hasValue(0.125);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void whatTheProgramKnowsIsPassedOn() {
    Reading reading = system.read();

    assertThat(reading.at()).isEqualTo(SystemTree.NOW);
    assertThat(reading.collecting()).isEqualTo(SystemTree.COLLECTING);
    assertThat(reading.unfinishedBytes()).hasValue(77);
  }

  @Test
  void aCatalogueThatFailsLeavesUnfinishedBytesEmpty() {
    Signals signals =
        system.signals(
            new Signals.Sources(
                () -> SystemTree.COLLECTING,
                Map.of(),
                () -> {
                  throw new IllegalStateException("the database is down");
                }),
            () -> 0);

    assertThat(signals.read().unfinishedBytes()).isEmpty();
  }

  @Test
  void aDiskThatCannotBeLookedAtIsLeftOutAndTheOthersStay() {
    Map<String, Signals.Volume> volumes = new LinkedHashMap<>();
    volumes.put(
        "data",
        () -> {
          throw new IOException("input/output error");
        });
    volumes.put("spool", () -> new Reading.Disk(100, 40));
    volumes.put(
        "other",
        () -> {
          throw new IllegalStateException("closed");
        });
    Signals signals =
        system.signals(
            new Signals.Sources(() -> SystemTree.COLLECTING, volumes, OptionalLong::empty),
            () -> 0);

    assertThat(signals.read().disks()).containsOnly(Map.entry("spool", new Reading.Disk(100, 40)));
  }
}
