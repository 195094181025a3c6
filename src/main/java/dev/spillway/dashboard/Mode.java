package dev.spillway.dashboard;

import dev.spillway.status.CheckResult;
import dev.spillway.status.Level;
import dev.spillway.status.Snapshot;

/** Whether the server takes new uploads, in a word. */
enum Mode {
  ACCEPTING(Levels.OK),
  /** Not ready: something has failed that uploads need. */
  REFUSING(Levels.CRITICAL),
  DRAINING(Levels.INFO);

  private final String level;

  Mode(String level) {
    this.level = level;
  }

  String level() {
    return level;
  }

  static Mode of(Snapshot now) {
    if (now.drainingSince().isPresent()) {
      return DRAINING;
    }
    boolean refuses =
        now.checks().stream()
            .anyMatch(
                check ->
                    check.kind() == CheckResult.Kind.READINESS && check.level() == Level.CRITICAL);
    return refuses ? REFUSING : ACCEPTING;
  }
}
