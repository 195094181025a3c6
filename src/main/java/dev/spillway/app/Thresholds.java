package dev.spillway.app;

import dev.spillway.config.CheckSettings;
import dev.spillway.config.Percentage;
import dev.spillway.status.checks.CheckLimits;
import java.time.Duration;

/** Turns the settings of the checks into what the checks take. */
final class Thresholds {

  private static final double PERCENT = 100;

  private Thresholds() {}

  static CheckLimits of(CheckSettings settings) {
    CheckSettings.Saturation saturation = settings.saturation();
    CheckSettings.Store store = settings.store();
    return new CheckLimits(
        new CheckLimits.Traffic(
            shares(settings.errors()),
            share(settings.refused()),
            settings.stalledAfter(),
            share(settings.stalled()),
            settings.mismatches()),
        new CheckLimits.Saturation(
            shares(saturation.buffers()),
            times(saturation.bufferWait()),
            share(saturation.transfers()),
            times(saturation.queueWait()),
            share(saturation.queueFull()),
            shares(saturation.collecting()),
            shares(saturation.resources())),
        new CheckLimits.Store(
            shares(store.diskFree()),
            store.diskPlenty().bytes(),
            times(store.latency()),
            store.abandoned(),
            store.abandonedBytes().bytes(),
            share(store.abandonedShare())),
        times(settings.publishAge()));
  }

  private static CheckLimits.Shares shares(CheckSettings.Band<Percentage> band) {
    return new CheckLimits.Shares(share(band.warning()), share(band.critical()));
  }

  private static CheckLimits.Times times(CheckSettings.Band<Duration> band) {
    return new CheckLimits.Times(band.warning(), band.critical());
  }

  private static double share(Percentage percentage) {
    return percentage.value() / PERCENT;
  }
}
