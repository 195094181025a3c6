package dev.spillway.status.checks;

import dev.spillway.status.Level;
import java.time.Instant;

/**
 * The level of one check, which does not follow every look: it becomes worse after a few bad looks
 * in a row, and better after many good ones. One thread uses it.
 */
final class Hysteresis {

  /** Looks in a row before it warns. */
  static final int WARNING_LOOKS = 3;

  /** Looks in a row before it is critical. */
  static final int CRITICAL_LOOKS = 2;

  /** Looks in a row before it becomes better. */
  static final int BETTER_LOOKS = 12;

  private Level level = Level.UNKNOWN;
  private Instant since;
  private int bad;
  private int critical;
  private int better;
  private Level worstOfBetter = Level.UNKNOWN;

  Hysteresis(Instant since) {
    this.since = since;
  }

  Level level() {
    return level;
  }

  Instant since() {
    return since;
  }

  /** A hard fact: it counts at once. */
  void fact(Level now, Instant at) {
    become(now, at);
  }

  /** One look, of many. */
  void look(Level now, Instant at) {
    bad = isBad(now) ? bad + 1 : 0;
    critical = now == Level.CRITICAL ? critical + 1 : 0;
    if (severity(now) < severity(level)) {
      worstOfBetter = better == 0 || severity(now) > severity(worstOfBetter) ? now : worstOfBetter;
      better++;
    } else {
      better = 0;
    }
    if (critical >= CRITICAL_LOOKS) {
      become(Level.CRITICAL, at);
    } else if (bad >= WARNING_LOOKS && level != Level.CRITICAL) {
      become(Level.WARNING, at);
    } else if (!isBad(level) && !isBad(now)) {
      become(now, at);
    } else if (better >= BETTER_LOOKS) {
      become(worstOfBetter, at);
    }
  }

  private void become(Level now, Instant at) {
    if (now != level) {
      level = now;
      since = at;
      better = 0;
    }
  }

  private static boolean isBad(Level level) {
    return severity(level) > 0;
  }

  private static int severity(Level level) {
    return switch (level) {
      case OK, UNKNOWN -> 0;
      case WARNING -> 1;
      case CRITICAL -> 2;
    };
  }
}
