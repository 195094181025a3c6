package dev.spillway.config;

import java.time.Duration;
import java.util.Optional;

/**
 * How the server cleans up. Immutable, for any thread.
 *
 * @param stale between two looks for uploads that nobody sends to any more
 * @param orphans between two looks for files that belong to nobody
 * @param orphanAge how old such a file with bytes in it must be
 * @param recordAge how long ended uploads are remembered
 * @param retention how long finished files are kept; empty for ever
 * @param lowDisk above the reserve; with less, idle uploads end sooner
 */
public record UpkeepSettings(
    Duration stale,
    Duration orphans,
    Duration orphanAge,
    Duration recordAge,
    Optional<Duration> retention,
    DataSize lowDisk) {

  static UpkeepSettings read(SettingsReader in) {
    return new UpkeepSettings(
        in.read(
            "upkeep.stale-every",
            "30m",
            ValueType.duration("1s", "7d"),
            "How often uploads that nobody sends to any more are looked for."),
        in.read(
            "upkeep.orphans-every",
            "6h",
            ValueType.duration("1s", "7d"),
            "How often files that belong to no upload are looked for."),
        in.read(
            "upkeep.orphan-age",
            "7d",
            ValueType.duration("1h", "365d"),
            "How old a file with bytes must be that the catalogue does not know, before it is"
                + " removed: time to notice that it is the wrong catalogue."),
        in.read(
            "upkeep.record-age",
            "30d",
            ValueType.duration("1h", "3650d"),
            "How long cancelled and expired uploads are remembered; their clients are told 410 until"
                + " then, 404 after that."),
        in.read(
            "upkeep.retention",
            "never",
            ValueType.durationOrNever("1m", "3650d"),
            "When finished files are removed; one in a bucket stays there, and this server lets go of it."),
        in.read(
            "upkeep.low-disk",
            "1GiB",
            ValueType.size("0B", "1EiB"),
            "With less free space than this above spillway.storage.reserve, uploads without a new"
                + " byte for spillway.upload.idle-expiry-low-disk are removed at once, the oldest"
                + " first."));
  }
}
