package dev.spillway.config;

/**
 * How figures are published, beside {@code /metrics}. Immutable, for any thread.
 *
 * @param jmx whether over JMX, too
 */
public record MetricsSettings(boolean jmx) {

  static MetricsSettings read(SettingsReader in) {
    return new MetricsSettings(
        in.read(
            "metrics.jmx",
            "on",
            ValueType.onOrOff(),
            "Whether every meter is a JMX bean, too; this opens no port."));
  }
}
