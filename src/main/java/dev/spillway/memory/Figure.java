package dev.spillway.memory;

import static dev.spillway.memory.Figure.Unit.BYTES;
import static dev.spillway.memory.Figure.Unit.COUNT;
import static dev.spillway.memory.Figure.Unit.SHARE;
import static dev.spillway.memory.Sample.number;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One of the figures that are kept over time and logged.
 *
 * @param name of its series
 * @param label in the log line
 * @param move the least change that is worth a log line, in its unit; not a number when none is
 * @param value not a number when it was not measured
 * @param limit what the value is out of; not a number when there is none
 */
record Figure(
    String name,
    String label,
    Unit unit,
    double move,
    ToDoubleFunction<Sample> value,
    ToDoubleFunction<Sample> limit) {

  /** What a figure counts. */
  enum Unit {
    BYTES,
    COUNT,
    SHARE;

    String text(double value) {
      return switch (this) {
        case BYTES -> InWords.bytes(value);
        case COUNT -> InWords.count(value);
        case SHARE -> InWords.percent(value);
      };
    }
  }

  private static final double MIB = 1 << 20;

  /** A smaller change is not worth a log line, however large the figure is. */
  private static final double MOVED_SHARE = 0.05;

  /** All of them, in the order of the log line. */
  static final List<Figure> ALL =
      List.of(
          of("memory.live.bytes", "live heap", BYTES, Sample::liveBytes)
              .limit(s -> s.live().maxBytes())
              .move(8 * MIB),
          of("memory.heap.used.bytes", "heap used", BYTES, s -> s.reading().heap().used()),
          of("memory.heap.max.bytes", "heap max", BYTES, Sample::heapMax),
          of("memory.direct.bytes", "direct", BYTES, s -> s.reading().outside().direct())
              .limit(s -> s.reading().outside().directLimit())
              .move(4 * MIB),
          of("memory.mapped.bytes", "mapped", BYTES, s -> s.reading().outside().mapped()),
          of(
              "memory.metaspace.bytes",
              "metaspace",
              BYTES,
              s -> number(s.reading().outside().metaspaceUsed())),
          of(
                  "process.resident.bytes",
                  "resident",
                  BYTES,
                  s -> number(s.reading().process().resident()))
              .move(16 * MIB),
          of(
                  "process.swapped.bytes",
                  "swapped",
                  BYTES,
                  s -> number(s.reading().process().swapped()))
              .move(4 * MIB),
          of(
              "machine.available.bytes",
              "machine available",
              BYTES,
              s -> number(s.reading().machine().available())),
          of(
                  "machine.swap.used.bytes",
                  "machine swap used",
                  BYTES,
                  s -> number(s.reading().machine().swapUsed()))
              .limit(s -> number(s.reading().machine().swapTotal()))
              .move(64 * MIB),
          of(
                  "container.working.set.bytes",
                  "working set",
                  BYTES,
                  s -> number(s.reading().container().workingSet()))
              .limit(s -> number(s.reading().container().limit())),
          of(
              "memory.stall.some.ratio",
              "stalled",
              SHARE,
              s -> number(s.reading().container().someStalled())),
          of(
                  "process.open.files",
                  "open files",
                  COUNT,
                  s -> number(s.reading().process().openFiles()))
              .limit(s -> number(s.reading().process().openFilesLimit()))
              .move(16),
          of("process.threads", "threads", COUNT, s -> s.reading().process().threads()).move(8),
          of(
              "memory.collection.share.ratio",
              "collecting",
              SHARE,
              s -> s.reading().collecting().shareOfLastMinute()),
          of("process.cpu.ratio", "cpu", SHARE, s -> number(s.reading().process().cpuShare())),
          of(
              "disk.data.usable.bytes",
              "data disk usable",
              BYTES,
              s -> s.disk("data").map(disk -> (double) disk.usable()).orElse(Double.NaN)),
          of(
              "uploads.unfinished.bytes",
              "unfinished uploads",
              BYTES,
              s -> number(s.reading().unfinishedBytes())),
          of("buffers.leased.bytes", "buffers leased", BYTES, s -> number(s.leased())));

  private static Figure of(String name, String label, Unit unit, ToDoubleFunction<Sample> value) {
    return new Figure(name, label, unit, Double.NaN, value, s -> Double.NaN);
  }

  private Figure limit(ToDoubleFunction<Sample> newLimit) {
    return new Figure(name, label, unit, move, value, newLimit);
  }

  private Figure move(double newMove) {
    return new Figure(name, label, unit, newMove, value, limit);
  }

  /** Whether a change is worth a line in the log. */
  boolean hasMoved(double before, double now) {
    if (Double.isNaN(move)) {
      return false;
    }
    if (Double.isNaN(before) || Double.isNaN(now)) {
      return Double.isNaN(before) != Double.isNaN(now);
    }
    double change = Math.abs(now - before);
    return change >= move && change > MOVED_SHARE * before;
  }

  static List<String> names() {
    return ALL.stream().map(Figure::name).toList();
  }

  /** The values of all, in order. */
  static double[] values(Sample sample) {
    return ALL.stream().mapToDouble(figure -> figure.value.applyAsDouble(sample)).toArray();
  }
}
