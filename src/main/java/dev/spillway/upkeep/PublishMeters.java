package dev.spillway.upkeep;

import dev.spillway.telemetry.Telemetry;
import dev.spillway.upkeep.PublishStatus.State;

/**
 * What {@link Publisher} reports. Any thread may call.
 *
 * @param published files that have arrived
 * @param failed files that were given up, and are kept here
 * @param delayed attempts that have failed, whose files are tried again later
 * @param sentBytes what the destination has taken; what was sent again counts again
 * @param duration of those that have arrived, from the beginning of the last attempt
 */
record PublishMeters(
    Telemetry.Counter published,
    Telemetry.Counter failed,
    Telemetry.Counter delayed,
    Telemetry.Counter sentBytes,
    Telemetry.Timer duration) {

  private static final String FILES = "publish.files";
  private static final String FILES_HELP = "Attempts to bring a finished file to its destination.";

  static PublishMeters in(Telemetry telemetry) {
    return new PublishMeters(
        files(telemetry, "published"),
        files(telemetry, "failed"),
        files(telemetry, "delayed"),
        telemetry.counter(
            "publish.sent.bytes",
            "Bytes that the destination has taken; what was sent again counts again."),
        telemetry.timer(
            "publish.duration", "How long it took to bring a finished file to its destination."));
  }

  private static Telemetry.Counter files(Telemetry telemetry, String outcome) {
    return telemetry.labelled("outcome", outcome).counter(FILES, FILES_HELP);
  }

  static void register(PublishMonitor monitor, int parallel, Telemetry telemetry) {
    telemetry.gauge(
        "publish.circuit.open",
        "1 when no files are sent: the destination cannot be reached, or refuses this server.",
        () -> monitor.ask(PublishScheduler::state) == State.CLOSED ? 0 : 1);
    telemetry.gauge(
        "publish.circuit.refused",
        "1 when no files are sent because the destination refuses this server.",
        () -> monitor.ask(PublishScheduler::state) == State.REFUSED ? 1 : 0);
    telemetry.gauge(
        "publish.paused",
        "1 when nothing is begun although the destination takes files, as in want of memory.",
        () -> monitor.ask(PublishScheduler::pause).isPresent() ? 1 : 0);
    telemetry.bound("publishing", () -> monitor.ask(now -> now.occupancy(parallel)));
  }
}
