package dev.spillway.upload;

import dev.spillway.upload.FaultKind.Edge;
import java.util.Optional;

/**
 * Counts the calls that can fail in one way, and says which of them does: the n-th, and for some
 * kinds all that follow. One thread uses it.
 */
final class FaultPlan {

  private Optional<FaultKind> armed = Optional.empty();
  private int nth;
  private int calls;
  private String hit = "";

  /** From here on calls are counted, from 1. */
  void arm(FaultKind kind, int nthCall) {
    armed = Optional.of(kind);
    nth = nthCall;
    calls = 0;
    hit = "";
  }

  /** From here on everything works. */
  void disarm() {
    armed = Optional.empty();
  }

  /** The first call that failed since the plan was armed, or an empty text. */
  String hit() {
    return hit;
  }

  /** How the call that is about to be made fails, if it does. */
  Optional<FaultKind> next(Edge edge, String call) {
    if (armed.isEmpty() || !armed.get().concerns(edge, call)) {
      return Optional.empty();
    }
    calls++;
    boolean fails = armed.get().stays() ? calls >= nth : calls == nth;
    if (fails && hit.isEmpty()) {
      hit = call;
    }
    return fails ? armed : Optional.empty();
  }
}
