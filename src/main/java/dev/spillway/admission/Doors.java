package dev.spillway.admission;

import dev.spillway.telemetry.Telemetry;

/**
 * Whether anything new is let in at all: not while the server stops, and no uploads while an
 * operator lets it run empty. Owned by {@link Admission}; any thread may call.
 */
final class Doors {

  private final Telemetry.Counter drainingRefused;
  private final Telemetry.Counter holdingRefused;
  private volatile boolean draining;
  private volatile boolean holding;

  Doors(Telemetry telemetry) {
    drainingRefused =
        telemetry.counter(
            "admission.draining.refused", "Requests refused because the server is stopping.");
    holdingRefused =
        telemetry.counter(
            "admission.holding.refused",
            "New uploads refused because an operator lets the server run empty.");
    telemetry.gauge(
        "admission.draining",
        "1 while new work is refused because the server is stopping.",
        () -> draining ? 1 : 0);
    telemetry.gauge(
        "admission.holding",
        "1 while new uploads are refused because an operator lets the server run empty.",
        () -> holding ? 1 : 0);
  }

  /**
   * @throws AdmissionRefused while the server stops
   */
  void requireOpen() {
    if (draining) {
      drainingRefused.add(1);
      throw AdmissionRefused.draining();
    }
  }

  /**
   * @throws AdmissionRefused while the server stops, or an operator lets it run empty
   */
  void requireOpenForUploads() {
    requireOpen();
    if (holding) {
      holdingRefused.add(1);
      throw AdmissionRefused.holding();
    }
  }

  void drain() {
    draining = true;
  }

  void hold(boolean wanted) {
    holding = wanted;
  }

  boolean draining() {
    return draining;
  }

  boolean holding() {
    return holding;
  }
}
