package dev.spillway.config;

import java.time.Duration;

/**
 * How slowly a client may send. Immutable, for any thread.
 *
 * @param minimum bytes in a second; 0 for no minimum
 * @param grace what every body may take in any case
 */
public record RateSettings(DataSize minimum, Duration grace) {

  static RateSettings read(SettingsReader in) {
    return new RateSettings(
        in.read(
            "rate.minimum",
            "1KiB",
            ValueType.size("0B", "1GiB"),
            "How much of a chunk must arrive in a second; slower clients get 503. 0 for no minimum."),
        in.read(
            "rate.grace",
            "30s",
            ValueType.duration("0ms", "1h"),
            "How long a chunk may take whatever its rate."));
  }
}
