package dev.spillway.memory;

import static dev.spillway.memory.Sample.number;

import dev.spillway.telemetry.Telemetry;
import dev.spillway.telemetry.Telemetry.Occupancy;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The meters of the latest sample. Nothing is measured when somebody looks at them. Owned by the
 * monitor; one thread at a time may say what was seen, and any may look.
 *
 * <p>What the virtual machine counts itself, such as collections, is passed on as it stands and not
 * counted again: such a number grows like a counter's all the same.
 */
final class ReadingMeters {

  private static final double NANOS_PER_SECOND = 1e9;

  private final Telemetry telemetry;
  private final LiveThresholds thresholds;
  private final Supplier<Optional<Sample>> latest;

  /** Pools, disks and bounds that have meters already. */
  private final Set<String> registered = new HashSet<>();

  private final AtomicReference<Occupancy> files = new AtomicReference<>(Occupancy.of(0, 0));
  private final AtomicReference<Occupancy> live = new AtomicReference<>(Occupancy.of(0, 0));
  private final AtomicReference<Occupancy> direct = new AtomicReference<>(Occupancy.of(0, 0));

  /** Registers the meters of what every system has; they are empty until there is a sample. */
  ReadingMeters(Telemetry telemetry, LiveThresholds thresholds, Supplier<Optional<Sample>> latest) {
    this.telemetry = telemetry;
    this.thresholds = thresholds;
    this.latest = latest;
    heap();
    outside();
    collecting();
    process();
    machine();
    container();
    measure(
        "uploads.unfinished.bytes",
        "What unfinished uploads hold on the disk.",
        s -> number(s.reading().unfinishedBytes()));
  }

  private void heap() {
    measure(
        "memory.heap.used.bytes",
        "What is used of the heap, garbage included.",
        s -> s.reading().heap().used());
    measure("memory.heap.max.bytes", "What the heap can grow to.", Sample::heapMax);
    measure(
        "memory.live.bytes",
        "At most so much of the heap is live data; compare it with its limit.",
        Sample::liveBytes);
    measure(
        "memory.live.limit.bytes",
        "What the pool that live data ends up in can hold.",
        s -> s.live().maxBytes() > 0 ? s.live().maxBytes() : Double.NaN);
  }

  private void outside() {
    measure(
        "memory.direct.bytes",
        "What buffers outside of the heap take.",
        s -> s.reading().outside().direct());
    measure(
        "memory.direct.limit.bytes",
        "What buffers outside of the heap may take.",
        s -> s.reading().outside().directLimit());
    measure(
        "memory.mapped.bytes",
        "What files mapped into memory take.",
        s -> s.reading().outside().mapped());
    measure(
        "memory.metaspace.bytes",
        "What loaded classes take.",
        s -> number(s.reading().outside().metaspaceUsed()));
  }

  private void collecting() {
    measure(
        "memory.collections",
        "Garbage collections since the start.",
        s -> s.reading().collecting().count());
    measure(
        "memory.collection.seconds",
        "How long garbage collections have stopped the program since the start.",
        s -> s.reading().collecting().time().toNanos() / NANOS_PER_SECOND);
    measure(
        "memory.collection.share.ratio",
        "The share of the last minute that collections stopped the program for; a worry from 0.15.",
        s -> s.reading().collecting().shareOfLastMinute());
    measure(
        "memory.collection.freed.bytes",
        "What collections freed in the last minute.",
        s -> s.reading().collecting().freedInLastMinute());
  }

  private void process() {
    measure(
        "process.resident.bytes",
        "What this process has in memory.",
        s -> number(s.reading().process().resident()));
    measure(
        "process.swapped.bytes",
        "What of this process is swapped out; collections crawl when it is not 0.",
        s -> number(s.reading().process().swapped()));
    measure("process.threads", "Threads of this process.", s -> s.reading().process().threads());
    measure(
        "process.cpu.ratio",
        "The share of all processors that this process uses.",
        s -> number(s.reading().process().cpuShare()));
  }

  private void machine() {
    measure(
        "machine.memory.bytes",
        "What memory the machine has.",
        s -> number(s.reading().machine().total()));
    measure(
        "machine.available.bytes",
        "What programs could still get without swapping.",
        s -> number(s.reading().machine().available()));
    measure(
        "machine.swap.used.bytes",
        "What is used of the machine's swap space.",
        s -> number(s.reading().machine().swapUsed()));
    measure(
        "machine.swap.size.bytes",
        "What swap space the machine has.",
        s -> number(s.reading().machine().swapTotal()));
    measure(
        "machine.swap.in.rate.bytes",
        "What is read from swap space each second; a worry from a mebibyte on.",
        s -> number(s.reading().machine().swappedInPerSecond()));
    measure(
        "machine.swap.out.rate.bytes",
        "What is written to swap space each second.",
        s -> number(s.reading().machine().swappedOutPerSecond()));
    measure(
        "machine.cpu.ratio",
        "The share of all processors that all processes use.",
        s -> number(s.reading().machine().cpuShare()));
  }

  private void container() {
    measure(
        "container.limit.bytes",
        "What memory the container may use.",
        s -> number(s.reading().container().limit()));
    measure(
        "container.used.bytes",
        "What memory the container uses, page cache included.",
        s -> number(s.reading().container().used()));
    measure(
        "container.working.set.bytes",
        "What the container uses that the kernel cannot easily get back; compare it with the limit.",
        s -> number(s.reading().container().workingSet()));
    measure(
        "memory.stall.some.ratio",
        "The share of the last ten seconds that some tasks waited for memory; a worry from 0.1.",
        s -> number(s.reading().container().someStalled()));
    measure(
        "memory.stall.all.ratio",
        "The share of the last ten seconds that all tasks waited for memory.",
        s -> number(s.reading().container().allStalled()));
  }

  private void measure(String name, String help, ToDoubleFunction<Sample> value) {
    measure(telemetry, name, help, value);
  }

  private void measure(
      Telemetry labelled, String name, String help, ToDoubleFunction<Sample> value) {
    labelled.measure(
        name,
        help,
        () -> Sample.measured(latest.get().map(value::applyAsDouble).orElse(Double.NaN)));
  }

  /**
   * Registers the meters of what was not known before there was a sample: which pools the collector
   * has, which disks were given, which bounds the system tells. A bound cannot be empty, so there
   * is none before it was measured, and the last known figures stay.
   */
  void seen(Sample sample) {
    for (Reading.Pool pool : sample.reading().heap().pools()) {
      if (registered.add("pool " + pool.name())) {
        registerPool(pool.name());
      }
    }
    for (String disk : sample.reading().disks().keySet()) {
      if (registered.add("disk " + disk)) {
        registerDisk(disk);
      }
    }
    Reading.OwnProcess process = sample.reading().process();
    Reading.Outside outside = sample.reading().outside();
    long max = sample.live().maxBytes();
    bound("file-descriptors", files, number(process.openFiles()), number(process.openFilesLimit()));
    bound("live-heap-bytes", live, sample.liveBytes(), (double) thresholds.critical(max));
    bound("direct-bytes", direct, (double) outside.direct(), (double) outside.directLimit());
  }

  private void bound(String name, AtomicReference<Occupancy> now, double used, double limit) {
    if (Double.isNaN(used) || !(limit > 0)) {
      return;
    }
    now.set(Occupancy.of((long) used, (long) limit));
    if (registered.add("bound " + name)) {
      // Its counter of refusals stays 0 here: who refuses counts for himself.
      telemetry.bound(name, now::get);
    }
  }

  private void registerPool(String name) {
    Telemetry labelled = telemetry.labelled("pool", name);
    measure(
        labelled,
        "memory.pool.live.bytes",
        "What was left in a pool of the heap after it was last collected.",
        s -> s.pool(name).map(pool -> number(pool.live())).orElse(Double.NaN));
    measure(
        labelled,
        "memory.pool.used.bytes",
        "What is used of a pool of the heap, garbage included.",
        s -> s.pool(name).map(pool -> (double) pool.used()).orElse(Double.NaN));
  }

  private void registerDisk(String name) {
    Telemetry labelled = telemetry.labelled("disk", name);
    measure(
        labelled,
        "disk.usable.bytes",
        "What can still be written to a disk.",
        s -> s.disk(name).map(disk -> (double) disk.usable()).orElse(Double.NaN));
    measure(
        labelled,
        "disk.size.bytes",
        "What a disk holds in all.",
        s -> s.disk(name).map(disk -> (double) disk.total()).orElse(Double.NaN));
  }
}
