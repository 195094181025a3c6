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
 * @param idleExpiryLowDisk likewise when the disk runs low, at most {@code idleExpiry}
 * @param maxAge how long an upload may take, unless a chunk of it is just being received
 */
public record UploadSettings(
    DataSize maxSize,
    DataSize chunkSizeDefault,
    DataSize chunkSizeMin,
    DataSize chunkSizeMax,
    Duration idleExpiry,
    Duration idleExpiryLowDisk,
    Duration maxAge) {

  private static final String DEFAULT = "upload.chunk-size.default";
  private static final String MIN = "upload.chunk-size.min";
  private static final String MAX = "upload.chunk-size.max";
  private static final String IDLE = "upload.idle-expiry";
  private static final String IDLE_LOW_DISK = "upload.idle-expiry-low-disk";

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
                IDLE,
                "2h",
                ValueType.duration("1s", "365d"),
                "How long an upload without a new byte is kept."),
            in.read(
                IDLE_LOW_DISK,
                "10m",
                ValueType.duration("1s", "365d"),
                "The same when the disk runs low."),
            in.read(
                "upload.max-age",
                "30d",
                ValueType.duration("1m", "3650d"),
                "How long an upload may take in all. An older one takes no new chunks, and is ended"
                    + " when none is on its way any more; it can still be finished."));
    DataSize preferred = settings.chunkSizeDefault;
    in.check(preferred.compareTo(settings.chunkSizeMin) >= 0, DEFAULT, "at least", MIN);
    in.check(preferred.compareTo(settings.chunkSizeMax) <= 0, DEFAULT, "at most", MAX);
    in.check(
        settings.idleExpiryLowDisk.compareTo(settings.idleExpiry) <= 0,
        IDLE_LOW_DISK,
        "at most",
        IDLE);
    return settings;
  }
}
