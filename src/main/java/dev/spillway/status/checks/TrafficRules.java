package dev.spillway.status.checks;

import dev.spillway.status.Figures;
import dev.spillway.status.Level;
import dev.spillway.telemetry.Legible;
import java.util.List;

/** What becomes of requests. */
record TrafficRules(CheckLimits.Traffic limits) {

  /** Of fewer requests, a share says little. */
  private static final long ENOUGH_REQUESTS = 50;

  private static final long FEW_ERRORS = 5;
  private static final long FEW_STALLED = 5;

  List<Rule> rules() {
    return List.of(
        Rule.service(
            "server-errors",
            limits.errors().inWords()
                + ", of at least "
                + ENOUGH_REQUESTS
                + " requests; of fewer, "
                + FEW_ERRORS
                + " errors warn",
            this::serverErrors),
        Rule.saturation(
            "refusals",
            "warns from the first on, critical from "
                + Legible.percent(limits.refused())
                + " of a minute's requests on",
            this::refusals),
        Rule.service(
            "stalled",
            "stalled: no byte for "
                + Legible.about(limits.stalledAfter())
                + "; warns from the first on, critical from "
                + Legible.percent(limits.stalled())
                + " of all and "
                + FEW_STALLED
                + " on",
            this::stalled),
        Rule.service(
            "integrity",
            "warns from the first mismatch in an hour on, critical from "
                + limits.mismatches()
                + " or the first failed force on",
            this::integrity));
  }

  private Finding serverErrors(Observation now) {
    Figures.Outcomes minute = now.figures().outcomes();
    Figures.Outcomes five = now.fiveMinutes();
    if (five.serverErrors() == 0) {
      return Finding.ok("No server errors in the last 5\u00a0min");
    }
    boolean enough = minute.total() >= ENOUGH_REQUESTS;
    Figures.Outcomes judged = enough ? minute : five;
    String when = enough ? "in the last minute" : "in the last 5\u00a0min";
    long errors = judged.serverErrors();
    if (judged.total() < ENOUGH_REQUESTS) {
      return errors >= FEW_ERRORS
          ? Finding.of(Level.WARNING, errors + " of " + judged.total() + " requests failed " + when)
          : Finding.unknown(
              Legible.counted(errors, "server error")
                  + " "
                  + when
                  + " (n = "
                  + judged.total()
                  + ", too few to judge)");
    }
    if (errors == 0) {
      return Finding.ok(
          "No server errors in the last minute, "
              + five.serverErrors()
              + " in the last 5\u00a0min");
    }
    double share = (double) errors / judged.total();
    return Finding.of(
        limits.errors().of(share),
        "%s of requests failed %s: %s of %s"
            .formatted(
                Legible.percent(share),
                when,
                Legible.count(errors),
                Legible.count(judged.total())));
  }

  private Finding refusals(Observation now) {
    Figures.Outcomes minute = now.figures().outcomes();
    if (minute.refused() == 0) {
      return Finding.ok("Nothing refused in the last minute");
    }
    double share = (double) minute.refused() / minute.total();
    String refused = Legible.counted(minute.refused(), "request") + " refused in the last minute";
    if (minute.total() < Observation.FEW) {
      return Finding.of(Level.WARNING, refused + " (n = " + minute.total() + ")");
    }
    return Finding.of(
        share >= limits.refused() ? Level.CRITICAL : Level.WARNING,
        refused + ", " + Legible.percent(share) + " of all");
  }

  private Finding stalled(Observation now) {
    Figures.Open open = now.figures().open();
    if (open.stalled() == 0) {
      return Finding.ok("No stalled chunks");
    }
    long all = open.moving() + open.waiting() + open.stalled();
    boolean many =
        open.stalled() >= FEW_STALLED && (double) open.stalled() / all >= limits.stalled();
    return Finding.of(
        many ? Level.CRITICAL : Level.WARNING,
        "%s of %s had no byte for %s"
            .formatted(
                Legible.count(open.stalled()),
                Legible.counted(all, "chunk under way has", "chunks under way have"),
                Legible.about(limits.stalledAfter())));
  }

  private Finding integrity(Observation now) {
    Observation.Losses losses = now.losses();
    if (losses.failedForcesHour() > 0) {
      return Finding.of(
          Level.CRITICAL,
          Legible.counted(losses.failedForcesHour(), "force")
              + " of bytes to the disk failed in the last hour");
    }
    if (losses.mismatchesHour() == 0) {
      return Finding.ok(
          losses.mismatchesDay() == 0
              ? "All checksums matched (24\u00a0h)"
              : "All checksums matched in the last hour, "
                  + Legible.count(losses.mismatchesDay())
                  + " did not in 24\u00a0h");
    }
    return Finding.of(
        losses.mismatchesHour() >= limits.mismatches() ? Level.CRITICAL : Level.WARNING,
        Legible.counted(losses.mismatchesHour(), "checksum")
            + " did not match in the last hour; those bytes were not taken");
  }
}
