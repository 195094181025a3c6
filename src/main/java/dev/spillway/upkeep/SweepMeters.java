package dev.spillway.upkeep;

import dev.spillway.telemetry.Telemetry;

/** What {@link OrphanSweeper} reports. Any thread may call. */
final class SweepMeters {

  private static final String REMOVED = "upkeep.sweep.removed";
  private static final String REMOVED_HELP = "Files and records that nothing stood for any more.";

  private final Telemetry.Counter unfinished;
  private final Telemetry.Counter finished;
  private final Telemetry.Counter spooled;
  private final Telemetry.Counter retired;
  private final Telemetry.Counter records;
  private final Telemetry.Timer duration;

  SweepMeters(Telemetry telemetry) {
    unfinished = removed(telemetry, "unfinished");
    finished = removed(telemetry, "finished");
    spooled = removed(telemetry, "spooled");
    retired = removed(telemetry, "retired");
    records = removed(telemetry, "record");
    duration = telemetry.timer("upkeep.sweep", "How long it took to sweep up what is nobody's.");
  }

  private static Telemetry.Counter removed(Telemetry telemetry, String kind) {
    return telemetry.labelled("kind", kind).counter(REMOVED, REMOVED_HELP);
  }

  void record(Sweep done) {
    unfinished.add(done.removed().unfinished());
    finished.add(done.removed().finished());
    spooled.add(done.removed().spooled());
    retired.add(done.removed().retired());
    records.add(done.removed().records());
    duration.record(done.took());
  }
}
