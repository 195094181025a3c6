package dev.spillway.operate;

import dev.spillway.telemetry.Telemetry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts attempts by their action and how they ended. Any thread may call. */
final class ActionMeters {

  private final Map<Action, Map<Outcome.Kind, Telemetry.Counter>> counters =
      new EnumMap<>(Action.class);

  ActionMeters(Telemetry telemetry) {
    for (Action action : Action.values()) {
      Map<Outcome.Kind, Telemetry.Counter> byKind = new EnumMap<>(Outcome.Kind.class);
      for (Outcome.Kind kind : Outcome.Kind.values()) {
        byKind.put(
            kind,
            telemetry
                .labelled("action", action.path())
                .labelled("outcome", kind.name().toLowerCase(Locale.ROOT))
                .counter("operator.actions", "What operators tried to do, refused or not."));
      }
      counters.put(action, byKind);
    }
  }

  void count(Action action, Outcome.Kind kind) {
    Telemetry.Counter counter = counters.getOrDefault(action, Map.of()).get(kind);
    if (counter != null) {
      counter.add(1);
    }
  }
}
