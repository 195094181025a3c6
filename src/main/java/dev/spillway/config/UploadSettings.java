package dev.spillway.config;

import java.time.Duration;

/**
 * What a client may ask for. Immutable, for any thread.
 *
 * @param maxSize the largest file
 * @param chunkSizeDefault for clients that have no wish
 * @param chunkSizeMin not more than {@code chunkSizeDefault}
 * @param chunkSizeMax not less than {@code chunkSizeDefault}
 * @param idleExpiry how long an upload without a new byte is kept
 */
public record UploadSettings(
    DataSize maxSize,
    DataSize chunkSizeDefault,
    DataSize chunkSizeMin,
    DataSize chunkSizeMax,
    Duration idleExpiry) {

  private static final String DEFAULT = "upload.chunk-size.default";
  private static final String MIN = "upload.chunk-size.min";
  private static final String MAX = "upload.chunk-size.max";

  static UploadSettings read(SettingsReader in) {
    ValueType<DataSize> chunkSize = ValueType.size("1B", "1GiB");
    UploadSettings settings =
        new UploadSettings(
            in.read("upload.max-size", "1TiB", ValueType.size("1B", "1EiB"), "The largest file."),
            in.read(DEFAULT, "8MiB", chunkSize, "The chunk size of clients that propose none."),
            in.read(
                MIN, "64KiB", chunkSize, "The smallest chunk size; not more than the default one."),
            in.read(
                MAX, "64MiB", chunkSize, "The largest chunk size; not less than the default one."),
            in.read(
                "upload.idle-expiry",
                "2h",
                ValueType.duration("1s", "365d"),
                "How long an upload without a new byte is kept."));
    DataSize preferred = settings.chunkSizeDefault;
    in.check(preferred.compareTo(settings.chunkSizeMin) >= 0, DEFAULT, "at least", MIN);
    in.check(preferred.compareTo(settings.chunkSizeMax) <= 0, DEFAULT, "at most", MAX);
    return settings;
  }
}
