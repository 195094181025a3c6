package dev.spillway.config;

import java.time.Duration;

/**
 * The queue in front of the disk. Immutable, for any thread.
 *
 * @param permits how many writes there may be at once
 * @param waiting how many may wait for their turn
 * @param waitTime how long
 */
public record WriteSettings(int permits, int waiting, Duration waitTime) {

  static WriteSettings read(SettingsReader in) {
    return new WriteSettings(
        in.read(
            "writes.permits",
            "3",
            ValueType.integer(1, 256),
            "How many buffers may be on their way to the disk at once."),
        in.read(
            "writes.waiting",
            "4096",
            ValueType.integer(0, 65_536),
            "How many transfers may wait for the disk; more are refused with 503."),
        in.read(
            "writes.wait",
            "5s",
            ValueType.duration("0ms", "10m"),
            "How long a transfer waits for the disk before it is refused with 503."));
  }
}
