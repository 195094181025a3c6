package dev.spillway.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Figures that a test sets. What it does not set is fine, or was not measured. One thread. */
final class FakeSources {

  static final long MIB = 1 << 20;
  static final Instant START = Instant.parse("2024-11-21T12:00:00Z");

  Instant now = START;
  Optional<String> breaker = Optional.empty();
  long leased = -1;

  long live = 40 * MIB;
  long liveMax = 200 * MIB;
  long heapUsed = 100 * MIB;
  long heapMax = 256 * MIB;
  List<Reading.Pool> pools = List.of();
  OptionalLong metaspace = OptionalLong.empty();
  long direct = 16 * MIB;
  long directLimit = 200 * MIB;
  long mapped = 0;
  double collecting = 0.01;
  OptionalLong resident = OptionalLong.empty();
  OptionalLong swapped = OptionalLong.empty();
  OptionalLong openFiles = OptionalLong.empty();
  OptionalLong openFilesLimit = OptionalLong.empty();
  int threads = 30;
  OptionalDouble cpu = OptionalDouble.empty();
  OptionalLong available = OptionalLong.empty();
  OptionalLong swapUsed = OptionalLong.empty();
  OptionalDouble swapIn = OptionalDouble.empty();
  OptionalLong limit = OptionalLong.empty();
  OptionalLong workingSet = OptionalLong.empty();
  OptionalDouble stalled = OptionalDouble.empty();
  boolean stallsOfMachine = false;
  Map<String, Reading.Disk> disks = Map.of();
  OptionalLong unfinished = OptionalLong.empty();

  /** Sets everything that may not be measured. */
  FakeSources measuredAll() {
    pools =
        List.of(
            new Reading.Pool("Old", 60 * MIB, OptionalLong.of(38 * MIB), OptionalLong.empty()),
            new Reading.Pool("Eden", 40 * MIB, OptionalLong.empty(), OptionalLong.empty()));
    metaspace = OptionalLong.of(50 * MIB);
    resident = OptionalLong.of(300 * MIB);
    swapped = OptionalLong.of(0);
    openFiles = OptionalLong.of(120);
    openFilesLimit = OptionalLong.of(1024);
    cpu = OptionalDouble.of(0.12);
    available = OptionalLong.of(1_500 * MIB);
    swapUsed = OptionalLong.of(10 * MIB);
    swapIn = OptionalDouble.of(0);
    limit = OptionalLong.of(512 * MIB);
    workingSet = OptionalLong.of(310 * MIB);
    stalled = OptionalDouble.of(0.004);
    disks = Map.of("data", new Reading.Disk(100 * MIB, 70 * MIB));
    unfinished = OptionalLong.of(5 * MIB);
    leased = MIB / 2;
    return this;
  }

  Reading reading() {
    return new Reading(
        now,
        new Reading.Heap(heapUsed, heapMax, heapMax, pools),
        new Reading.Outside(70 * MIB, metaspace, direct, directLimit, mapped),
        new Reading.Collecting(12, Duration.ofMillis(1_500), collecting, 30 * MIB),
        new Reading.OwnProcess(resident, swapped, openFiles, openFilesLimit, threads, cpu),
        new Reading.Machine(
            OptionalLong.empty(),
            available,
            OptionalLong.empty(),
            swapUsed,
            swapIn,
            OptionalDouble.empty(),
            OptionalDouble.empty()),
        new Reading.Container(
            limit,
            OptionalLong.empty(),
            workingSet,
            stalled,
            OptionalDouble.empty(),
            stallsOfMachine),
        disks,
        unfinished);
  }

  LiveHeap liveHeap() {
    return new LiveHeap(
        "Old", live, liveMax, OptionalLong.empty(), Duration.ZERO, 0, 0, 0, heapUsed, heapMax);
  }

  Sample sample() {
    return new Sample(
        reading(), liveHeap(), leased < 0 ? OptionalLong.empty() : OptionalLong.of(leased));
  }

  MemoryMonitor.Sources sources() {
    return new MemoryMonitor.Sources(this::reading, this::liveHeap, () -> breaker, () -> leased);
  }
}
