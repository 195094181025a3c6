package dev.spillway.config;

/**
 * How figures are published. Immutable, for any thread.
 *
 * @param jmx whether over JMX, too
 * @param open whether those at {@code /metrics} and {@code /health} are for everybody
 */
public record MetricsSettings(boolean jmx, boolean open) {

  static MetricsSettings read(SettingsReader in) {
    return new MetricsSettings(
        in.read(
            "metrics.jmx",
            "on",
            ValueType.onOrOff(),
            "Whether every meter is a JMX bean, too; this opens no port."),
        in.read(
            "metrics.public",
            "off",
            ValueType.onOrOff(),
            "Whether GET /metrics and the figures of GET /health are for everybody. Who may see the"
                + " dashboard finds both below /dashboard."));
  }
}
