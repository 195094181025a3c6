package dev.spillway.dashboard;

import dev.spillway.memory.Reading;
import dev.spillway.memory.RuntimeFigures;
import dev.spillway.memory.ThreadFigures;
import dev.spillway.operate.ThreadDump;
import dev.spillway.telemetry.Legible;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The virtual machine, the machine, and the settings in words. Immutable.
 *
 * @param pools of the heap
 * @param groups other facts under their headings
 * @param arguments that the virtual machine was started with, secrets masked
 * @param configuration every setting with its source
 */
record RuntimeView(
    List<Pool> pools,
    List<Group> groups,
    ThreadTable threads,
    List<String> arguments,
    List<DashboardPages.Setting> configuration) {

  private static final String NOT_MEASURED = "not measured";

  /** A part of the heap. */
  record Pool(String name, String used, String live, String max) {}

  /** Facts under a heading. */
  record Group(String title, List<Fact> facts) {}

  /** A fact. */
  record Fact(String label, String value) {}

  /** A thread dump that is kept. */
  record Dump(int number, String at, String iso) {

    static Dump of(ThreadDump dump) {
      return new Dump(dump.number(), Legible.time(dump.at()), dump.at().toString());
    }
  }

  static RuntimeView of(
      Optional<Reading> reading,
      RuntimeFigures jvm,
      ThreadFigures threads,
      List<DashboardPages.Setting> configuration) {
    List<Group> groups = new ArrayList<>();
    reading.ifPresent(
        now -> {
          groups.add(memory(now));
          groups.add(collections(now.collecting()));
          groups.add(process(now.process()));
          groups.add(machine(now));
          groups.add(disks(now));
        });
    groups.add(virtualMachine(jvm));
    return new RuntimeView(
        reading.map(now -> now.heap().pools()).orElse(List.of()).stream()
            .map(
                pool ->
                    new Pool(
                        Printable.text(pool.name(), 60),
                        Legible.bytes(pool.used()),
                        pool.live().isEmpty() ? "never collected" : Words.bytes(pool.live()),
                        pool.max().isEmpty() ? "no limit of its own" : Words.bytes(pool.max())))
            .toList(),
        groups,
        ThreadTable.of(threads),
        jvm.arguments().stream().map(argument -> Printable.text(argument, 200)).toList(),
        configuration);
  }

  private static Group memory(Reading now) {
    Reading.Outside outside = now.outside();
    return new Group(
        "Memory",
        List.of(
            fact("Heap used, garbage included", Legible.bytes(now.heap().used())),
            fact("Heap committed", Legible.bytes(now.heap().committed())),
            fact("Heap max", Legible.bytes(now.heap().max())),
            fact("Outside the heap", Legible.bytes(outside.nonHeapUsed())),
            fact("Metaspace", bytes(outside.metaspaceUsed())),
            fact(
                "Direct buffers",
                Legible.bytes(outside.direct()) + " of " + Legible.bytes(outside.directLimit())),
            fact("Mapped files", Legible.bytes(outside.mapped()))));
  }

  private static Group collections(Reading.Collecting collecting) {
    return new Group(
        "Garbage collections",
        List.of(
            fact("Since the start", Legible.count(collecting.count())),
            fact("Time stopped since the start", Legible.duration(collecting.time())),
            fact("Share of the last minute", Legible.percent(collecting.shareOfLastMinute())),
            fact("Freed in the last minute", Legible.bytes(collecting.freedInLastMinute()))));
  }

  private static Group process(Reading.OwnProcess process) {
    String limit =
        process.openFilesLimit().isEmpty() ? "no limit" : Words.count(process.openFilesLimit());
    return new Group(
        "Process",
        List.of(
            fact("Resident", bytes(process.resident())),
            fact("Swapped out", bytes(process.swapped())),
            fact(
                "File descriptors",
                process.openFiles().isEmpty()
                    ? NOT_MEASURED
                    : Words.count(process.openFiles()) + " of " + limit),
            fact("Threads", Legible.count(process.threads())),
            fact("Processor", percent(process.cpuShare()))));
  }

  private static Group virtualMachine(RuntimeFigures jvm) {
    List<Fact> facts = new ArrayList<>();
    RuntimeFigures.Machine machine = jvm.machine();
    facts.add(fact("Name", machine.name() + " " + machine.version()));
    facts.add(fact("From", machine.vendor()));
    facts.add(fact("Java", machine.java()));
    facts.add(fact("Up", Legible.duration(jvm.uptime())));
    facts.add(fact("Processors it may use", Legible.count(jvm.processors())));
    jvm.collectors()
        .forEach(
            collector ->
                facts.add(
                    fact(
                        collector.name(),
                        Legible.counted(collector.collections(), "collection")
                            + " in "
                            + Legible.duration(collector.time()))));
    return new Group("Virtual machine", facts);
  }

  private static Group machine(Reading now) {
    Reading.Machine machine = now.machine();
    Reading.Container container = now.container();
    return new Group(
        "Machine and container",
        List.of(
            fact("Memory available", bytes(machine.available()) + " of " + bytes(machine.total())),
            fact("Swap used", bytes(machine.swapUsed())),
            fact("Processors", percent(machine.cpuShare())),
            fact(
                "Container's limit",
                container.limit().isEmpty() ? "none" : Words.bytes(container.limit())),
            fact("Container's working set", bytes(container.workingSet())),
            fact("Time stalled for memory, 10 s", percent(container.someStalled()))));
  }

  private static Group disks(Reading now) {
    List<Fact> facts = new ArrayList<>();
    now.disks()
        .forEach(
            (name, disk) ->
                facts.add(
                    fact(
                        name,
                        Legible.bytes(disk.usable()) + " free of " + Legible.bytes(disk.total()))));
    facts.add(fact("Held by unfinished uploads", bytes(now.unfinishedBytes())));
    return new Group("Disks", facts);
  }

  private static Fact fact(String label, String value) {
    return new Fact(label, value);
  }

  private static String bytes(OptionalLong bytes) {
    return bytes.isEmpty() ? NOT_MEASURED : Words.bytes(bytes);
  }

  private static String percent(OptionalDouble share) {
    return share.isEmpty() ? NOT_MEASURED : Words.percent(share);
  }
}
