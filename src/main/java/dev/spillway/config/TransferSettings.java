package dev.spillway.config;

import java.time.Duration;

/**
 * The chunks that are received at once. Immutable, for any thread.
 *
 * @param max of all clients; 0 for as many as the threads that serve requests can carry
 * @param drain how long those in progress may take when the server stops
 */
public record TransferSettings(int max, Duration drain) {

  static TransferSettings read(SettingsReader in) {
    return new TransferSettings(
        in.read(
            "transfers.max",
            "auto",
            ValueType.integerOrAuto(1, 1_000_000),
            "How many chunks may be received at once; more are refused with 503. auto is 160 where"
                + " each takes a thread, 10000 on virtual threads."),
        in.read(
            "transfers.drain",
            "10s",
            ValueType.duration("0ms", "1h"),
            "How long chunks in progress may take when the server stops; after that, what has"
                + " arrived is kept and the rest refused with 503."));
  }
}
