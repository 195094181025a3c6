package dev.spillway.config;

import java.time.Duration;

/**
 * Where the executable WAR listens. In a container of the user's, that is the container's business
 * and these have no effect. Immutable, for any thread.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 for any free one
 * @param threads how many requests are handled at once where there are no virtual threads
 * @param stopTimeout how long running requests may take to end when the server stops
 */
public record ServerSettings(String host, int port, int threads, Duration stopTimeout) {

  static ServerSettings read(SettingsReader in) {
    return new ServerSettings(
        in.read(
            "server.host",
            "0.0.0.0",
            ValueType.host(),
            "The address to listen on. Executable WAR only."),
        in.read(
            "server.port",
            "8080",
            ValueType.integer(0, 65_535),
            "The port to listen on; 0 takes any free one. Executable WAR only."),
        in.read(
            "server.threads",
            "200",
            ValueType.integer(16, 65_536),
            "How many requests are handled at once where there are no virtual threads. Executable WAR"
                + " only."),
        in.read(
            "server.stop-timeout",
            "10s",
            ValueType.duration("0ms", "1h"),
            "How long running requests may take to end when the server stops. Executable WAR only."));
  }
}
