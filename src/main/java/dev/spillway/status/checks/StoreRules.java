package dev.spillway.status.checks;

import dev.spillway.status.Figures;
import dev.spillway.status.Level;
import dev.spillway.telemetry.Legible;
import dev.spillway.telemetry.Telemetry;
import dev.spillway.upload.Storage;
import java.util.List;
import java.util.function.Function;

/** What keeps the bytes and the record of them, and what is held in vain. */
record StoreRules(CheckLimits.Store limits) {

  List<Rule> rules() {
    return List.of(
        Rule.service(
            "disk",
            "warns below "
                + Legible.percent(limits.diskFree().warning())
                + " free, critical below "
                + Legible.percent(limits.diskFree().critical())
                + "; never with "
                + Legible.bytes(limits.diskPlenty())
                + " free",
            this::disk),
        Rule.service(
            "commits",
            limits.latency().inWords(),
            latency("Commits", Observation.Timings::commits)),
        Rule.service(
            "forces",
            limits.latency().inWords(),
            latency("Forces to the disk", Observation.Timings::forces)),
        Rule.service(
            "abandoned",
            "warns from "
                + Legible.counted(limits.abandoned(), "upload")
                + " or "
                + Legible.bytes(limits.abandonedBytes())
                + " on, critical from "
                + Legible.percent(limits.abandonedShare())
                + " of the space that would be free without them on",
            this::abandoned),
        Rule.service("clock", "warns for ten minutes when it is set", this::clock),
        Rule.service("upkeep", "warns when a task is two periods late", this::upkeep));
  }

  private Finding disk(Observation now) {
    if (now.disk().isEmpty()) {
      return Finding.pending("The disk has not been measured yet");
    }
    Storage.Space space = now.disk().get();
    double free = space.total() > 0 ? (double) space.usable() / space.total() : 0;
    Level level = Level.OK;
    if (space.usable() < limits.diskPlenty()) {
      if (free < limits.diskFree().critical()) {
        level = Level.CRITICAL;
      } else if (free < limits.diskFree().warning()) {
        level = Level.WARNING;
      }
    }
    return Finding.of(
        level,
        "%s %s free, %s of %s"
            .formatted(
                level == Level.OK ? "Disk has" : "Disk has only",
                Legible.bytes(space.usable()),
                Legible.percent(free),
                Legible.bytes(space.total())));
  }

  private Function<Observation, Finding> latency(
      String what, Function<Observation.Timings, Telemetry.Quantiles> which) {
    return now -> {
      Telemetry.Quantiles times = which.apply(now.timings());
      if (times.count() < Observation.FEW) {
        return Finding.unknown(
            what + " in the last minute: n = " + times.count() + ", too few for a percentile");
      }
      Level level = limits.latency().of(times.p99());
      return Finding.of(
          level, what + " take " + Legible.duration(times.p99()) + " (p99, 1\u00a0min)");
    };
  }

  private Finding abandoned(Observation now) {
    Figures.Stale stale = now.figures().stale();
    if (stale.uploads().isEmpty() || stale.bytes().isEmpty()) {
      return Finding.pending("Abandoned uploads have not been counted yet");
    }
    long uploads = stale.uploads().getAsLong();
    long bytes = stale.bytes().getAsLong();
    if (uploads == 0) {
      return Finding.ok("No abandoned uploads held");
    }
    double share =
        now.disk().map(space -> (double) bytes / Math.max(1, bytes + space.usable())).orElse(0.0);
    Level level = Level.OK;
    if (share >= limits.abandonedShare()) {
      level = Level.CRITICAL;
    } else if (uploads >= limits.abandoned() || bytes >= limits.abandonedBytes()) {
      level = Level.WARNING;
    }
    return Finding.of(
        level,
        Legible.counted(uploads, "abandoned upload holds", "abandoned uploads hold")
            + " "
            + Legible.bytes(bytes));
  }

  private Finding clock(Observation now) {
    return now.order()
        .clockJump()
        .map(
            jump ->
                Finding.of(
                    Level.WARNING,
                    "The clock was set "
                        + (jump.isNegative() ? "back" : "forward")
                        + " by "
                        + Legible.duration(jump.abs())))
        .orElseGet(() -> Finding.ok("The clock runs evenly"));
  }

  private Finding upkeep(Observation now) {
    List<String> overdue = now.order().overdue();
    return overdue.isEmpty()
        ? Finding.ok("All scheduled tasks ran in time")
        : Finding.of(Level.WARNING, "Late: " + String.join(", ", overdue));
  }
}
