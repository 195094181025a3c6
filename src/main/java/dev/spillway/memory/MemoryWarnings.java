package dev.spillway.memory;

import static dev.spillway.memory.Sample.number;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/**
 * What is worth a warning. Each worry ends further down than it begins, so that a figure at its
 * threshold does not come and go; what was not measured is no worry. Owned by the monitor; one
 * thread at a time may call.
 */
final class MemoryWarnings {

  /** Of a limit that the system enforces. */
  private static final double FULL_BEGINS = 0.90;

  private static final double FULL_ENDS = 0.85;

  private static final double STALL_BEGINS = 0.10;
  private static final double STALL_ENDS = 0.05;

  private static final double COLLECTING_BEGINS = 0.15;
  private static final double COLLECTING_ENDS = 0.075;

  /** Bytes a second. */
  private static final double SWAP_IN_BEGINS = 1 << 20;

  private static final double SWAP_IN_ENDS = SWAP_IN_BEGINS / 2;

  private enum Worry {
    LIVE_HEAP,
    WORKING_SET,
    STALLS,
    SWAPPING,
    DIRECT,
    OPEN_FILES,
    COLLECTING
  }

  private final LiveThresholds thresholds;
  private final EnumSet<Worry> worries = EnumSet.noneOf(Worry.class);
  private boolean stalledBefore;

  MemoryWarnings(LiveThresholds thresholds) {
    this.thresholds = thresholds;
  }

  /** One sentence for each worry that there is after this sample; none when all is well. */
  List<String> judge(Sample sample) {
    Reading reading = sample.reading();
    Reading.OwnProcess process = reading.process();
    List<String> reasons = new ArrayList<>();
    liveHeap(sample.live(), reasons);
    full(
        Worry.WORKING_SET,
        "the container's working set is",
        new Use(
            Figure.Unit.BYTES,
            number(reading.container().workingSet()),
            number(reading.container().limit())),
        reasons);
    stalls(reading.container(), reasons);
    swapping(reading, reasons);
    full(
        Worry.DIRECT,
        "direct buffers take",
        new Use(
            Figure.Unit.BYTES,
            (double) reading.outside().direct(),
            (double) reading.outside().directLimit()),
        reasons);
    full(
        Worry.OPEN_FILES,
        "open files are",
        new Use(Figure.Unit.COUNT, number(process.openFiles()), number(process.openFilesLimit())),
        reasons);
    collecting(reading.collecting(), reasons);
    return List.copyOf(reasons);
  }

  private void liveHeap(LiveHeap live, List<String> reasons) {
    long max = live.maxBytes();
    long upper = live.upperBytes();
    if (holds(
        Worry.LIVE_HEAP,
        max > 0 && upper >= thresholds.warning(max),
        max > 0 && upper >= thresholds.warningEnds(max))) {
      reasons.add(
          "up to %s of %s in %s are live data, a worry from %s on"
              .formatted(
                  InWords.bytes(upper),
                  InWords.bytes(max),
                  live.pool(),
                  InWords.bytes(thresholds.warning(max))));
    }
  }

  /** A short stall is a burst; it takes two readings in a row to begin. */
  private void stalls(Reading.Container container, List<String> reasons) {
    double share = number(container.someStalled());
    boolean stalled = share > STALL_BEGINS;
    if (holds(Worry.STALLS, stalled && stalledBefore, share >= STALL_ENDS)) {
      reasons.add(
          "tasks waited for memory %s of the last ten seconds%s"
              .formatted(
                  InWords.percent(share),
                  container.stallsOfMachine() ? ", on the whole machine" : ""));
    }
    stalledBefore = stalled;
  }

  /** Reading from swap alone may be the neighbours'. */
  private void swapping(Reading reading, List<String> reasons) {
    double rate = number(reading.machine().swappedInPerSecond());
    double swapped = number(reading.process().swapped());
    if (holds(
        Worry.SWAPPING, swapped > 0 && rate > SWAP_IN_BEGINS, swapped > 0 && rate > SWAP_IN_ENDS)) {
      reasons.add(
          "%s a second are read from swap, where %s of this process are"
              .formatted(InWords.bytes(rate), InWords.bytes(swapped)));
    }
  }

  private void collecting(Reading.Collecting collecting, List<String> reasons) {
    double share = collecting.shareOfLastMinute();
    if (holds(Worry.COLLECTING, share > COLLECTING_BEGINS, share > COLLECTING_ENDS)) {
      reasons.add(
          "collections stopped the program for %s of the last minute"
              .formatted(InWords.percent(share)));
    }
  }

  private record Use(Figure.Unit unit, double used, double limit) {

    /** No limit, and nothing measured, is never full. */
    boolean isAtLeast(double share) {
      return limit > 0 && used >= share * limit;
    }
  }

  private void full(Worry worry, String what, Use use, List<String> reasons) {
    if (holds(worry, use.isAtLeast(FULL_BEGINS), use.isAtLeast(FULL_ENDS))) {
      reasons.add(
          "%s %s of %s (%s)"
              .formatted(
                  what,
                  use.unit.text(use.used),
                  use.unit.text(use.limit),
                  InWords.percent(use.used / use.limit)));
    }
  }

  private boolean holds(Worry worry, boolean begins, boolean lasts) {
    boolean holds = worries.contains(worry) ? lasts : begins;
    if (holds) {
      worries.add(worry);
    } else {
      worries.remove(worry);
    }
    return holds;
  }
}
