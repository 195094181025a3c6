package dev.spillway.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How Google Cloud Storage is reached. Immutable, for any thread.
 *
 * @param endpoint empty for Google's own
 * @param keyFile of a service account; empty for Application Default Credentials
 */
public record GcsSettings(
    Optional<URI> endpoint, Optional<Path> keyFile, Duration connectTimeout, Duration readTimeout) {

  static GcsSettings read(SettingsReader in) {
    return new GcsSettings(
        in.read(
            "gcs.endpoint",
            "",
            Endpoints.orNone(),
            "Another address of the service: a private endpoint, or an emulator. Over http://, no"
                + " credentials are sent, but to this machine."),
        in.read(
            "gcs.key-file",
            "",
            ValueType.pathOrNone(),
            "The key file of a service account; empty for Application Default Credentials."),
        in.read(
            "gcs.connect-timeout",
            "5s",
            ValueType.duration("100ms", "5m"),
            "How long connecting to the service may take."),
        in.read(
            "gcs.read-timeout",
            "20s",
            ValueType.duration("100ms", "10m"),
            "How long the service may be silent when an answer is due."));
  }
}
