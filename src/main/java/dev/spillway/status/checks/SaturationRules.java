package dev.spillway.status.checks;

import dev.spillway.memory.Reading;
import dev.spillway.status.CheckResult;
import dev.spillway.status.Figures;
import dev.spillway.status.Level;
import dev.spillway.telemetry.Legible;
import dev.spillway.telemetry.Telemetry;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** How near the server is to its bounds. */
record SaturationRules(CheckLimits.Saturation limits) {

  List<Rule> rules() {
    return List.of(
        Rule.saturation("buffers", bufferLimits(), this::buffers),
        Rule.saturation(
            "transfers",
            "warns from "
                + Legible.percent(limits.transfers())
                + " on, critical when all are taken",
            this::transfers),
        Rule.saturation(
            "write-queue",
            limits.queueWait().inWords()
                + " for the oldest wait, or critical from "
                + Legible.percent(limits.queueFull())
                + " of the room on",
            this::writeQueue),
        new Rule("heap", CheckResult.Kind.SATURATION, SaturationRules::heapLimits, this::heap),
        Rule.saturation("collections", limits.collecting().inWords(), this::collections),
        Rule.saturation("direct-memory", limits.resources().inWords(), this::directMemory),
        Rule.saturation("open-files", limits.resources().inWords(), this::openFiles));
  }

  private String bufferLimits() {
    return "warns from "
        + Legible.percent(limits.buffers().warning())
        + " or a wait of "
        + Legible.duration(limits.bufferWait().warning())
        + " on, critical from "
        + Legible.percent(limits.buffers().critical())
        + " with chunks waiting, or a wait p99 of "
        + Legible.duration(limits.bufferWait().critical())
        + " on";
  }

  private Finding buffers(Observation now) {
    Figures.Buffers buffers = now.figures().buffers();
    if (buffers.capacityBytes() <= 0) {
      return Finding.pending("The buffers have not been measured yet");
    }
    double share = (double) buffers.leasedBytes() / buffers.capacityBytes();
    Telemetry.Quantiles waits = now.timings().bufferWaits();
    boolean longWaits =
        waits.count() >= Observation.FEW && limits.bufferWait().of(waits.p99()) == Level.CRITICAL;
    Level level = Level.OK;
    if (longWaits || (limits.buffers().of(share) == Level.CRITICAL && buffers.waiting() > 0)) {
      level = Level.CRITICAL;
    } else if (limits.buffers().of(share) != Level.OK
        || limits.bufferWait().of(buffers.oldestWait()) != Level.OK) {
      level = Level.WARNING;
    }
    return Finding.of(
        level,
        (level == Level.OK
                ? "Buffers " + Legible.percent(share) + " used, "
                : "Buffer memory " + Legible.percent(share) + " full, ")
            + waiting(buffers.waiting(), buffers.oldestWait())
            + (longWaits ? ", wait p99 " + Legible.duration(waits.p99()) : ""));
  }

  private static String waiting(long waiting, Duration oldest) {
    return waiting == 0
        ? "nobody waiting"
        : Legible.counted(waiting, "chunk") + " waiting (oldest " + Legible.duration(oldest) + ")";
  }

  private Finding transfers(Observation now) {
    Observation.Places places = now.places();
    if (places.limit() <= 0) {
      return Finding.pending("The places for chunks have not been counted yet");
    }
    double share = (double) places.used() / places.limit();
    return Finding.of(
        new CheckLimits.Shares(limits.transfers(), 1).of(share),
        Legible.count(places.used())
            + " of "
            + Legible.count(places.limit())
            + " places for chunks taken");
  }

  private Finding writeQueue(Observation now) {
    Figures.Queue queue = now.figures().queue();
    if (queue.permits() <= 0) {
      return Finding.pending("The queue for the disk has not been measured yet");
    }
    if (queue.waiting() == 0) {
      return Finding.ok("Nothing waits for the disk");
    }
    boolean full =
        queue.room() > 0 && (double) queue.waiting() / queue.room() >= limits.queueFull();
    return Finding.of(
        full ? Level.CRITICAL : limits.queueWait().of(queue.oldestWait()),
        "%s for the disk (oldest %s), room for %s"
            .formatted(
                Legible.counted(queue.waiting(), "chunk waits", "chunks wait"),
                Legible.duration(queue.oldestWait()),
                Legible.count(queue.room())));
  }

  private static String heapLimits(Observation now) {
    Figures.Heap heap = now.figures().heap();
    return heap.max() <= 0
        ? ""
        : "warns from "
            + Legible.bytes(heap.warning())
            + " of live data on, critical when new work is refused, at "
            + Legible.bytes(heap.critical());
  }

  private Finding heap(Observation now) {
    Figures.Heap heap = now.figures().heap();
    if (heap.max() <= 0) {
      return Finding.pending("The heap has not been measured yet");
    }
    Level level =
        switch (heap.level()) {
          case NORMAL -> Level.OK;
          case WARNING -> Level.WARNING;
          case CRITICAL -> Level.CRITICAL;
        };
    if (level != Level.OK && !heap.reasons().isEmpty()) {
      return Finding.of(
          level,
          heap.reasons().stream().map(Sentences::withoutStop).collect(Collectors.joining("; ")));
    }
    OptionalLong live = heap.live();
    return Finding.of(
        level,
        live.isPresent()
            ? "Heap "
                + Legible.percent((double) live.getAsLong() / heap.max())
                + " live after the last collection"
            : "Heap not collected yet, " + Legible.bytes(heap.used()) + " used");
  }

  private Finding collections(Observation now) {
    Figures.Heap heap = now.figures().heap();
    if (heap.collecting().isEmpty()) {
      return Finding.pending("Collections have not been measured yet");
    }
    double share = heap.collecting().getAsDouble();
    return Finding.of(
        limits.collecting().of(share),
        "Collections take " + Legible.percent(share) + " of the time");
  }

  private Finding directMemory(Observation now) {
    return now.reading()
        .map(Reading::outside)
        .filter(outside -> outside.directLimit() > 0)
        .map(
            outside ->
                Finding.of(
                    limits.resources().of((double) outside.direct() / outside.directLimit()),
                    "Direct memory "
                        + Legible.bytes(outside.direct())
                        + " of "
                        + Legible.bytes(outside.directLimit())))
        .orElseGet(() -> Finding.pending("Direct memory has not been measured yet"));
  }

  private Finding openFiles(Observation now) {
    if (now.reading().isEmpty()) {
      return Finding.pending("File descriptors have not been counted yet");
    }
    Reading.OwnProcess process = now.reading().get().process();
    if (process.openFilesLimit().isEmpty()) {
      return Finding.unknown("Not measured: this system tells no limit of file descriptors");
    }
    long limit = process.openFilesLimit().getAsLong();
    // With none left, the open ones cannot be counted.
    long open = process.openFiles().orElse(limit);
    return Finding.of(
        limits.resources().of((double) open / limit),
        Legible.count(open) + " of " + Legible.count(limit) + " file descriptors open");
  }
}
