package dev.spillway.config;

import java.time.Duration;
import java.util.Optional;

/**
 * Where finished files go on to, and how. Immutable, for any thread.
 *
 * @param destination empty when they stay on the local disk
 * @param parallel how many are on their way at once
 * @param buffer the most that each of them takes in memory
 * @param dateFolders whether objects are sorted into folders by the day of their upload
 * @param patience how long one file is tried without a further byte
 */
public record PublishSettings(
    Optional<BucketAddress> destination,
    int parallel,
    DataSize buffer,
    boolean dateFolders,
    Duration patience) {

  static PublishSettings read(SettingsReader in) {
    return new PublishSettings(
        in.read(
            "storage.destination",
            "",
            BucketAddress.orNone(),
            "The bucket of Google Cloud Storage that finished files go on to; empty to keep them in"
                + " the data directory."),
        in.read(
            "publish.parallel",
            "2",
            ValueType.integer(1, 16),
            "How many finished files are sent to the bucket at once."),
        in.read(
            "publish.buffer",
            "8MiB",
            ValueType.powerOfTwo("256KiB", "16MiB"),
            "The memory of each file on its way, which is what one request brings; less where that"
                + " would take more than half of what transfers have. Smaller on a slow line: a"
                + " request that has brought nothing at 16 KiB/s is cut off."),
        in.read(
            "publish.date-folders",
            "off",
            ValueType.onOrOff(),
            "Whether objects are put into folders by the day of their upload (UTC): 2026/11/21/."),
        in.read(
            "publish.patience",
            "2m",
            ValueType.duration("1s", "1h"),
            "How long a file is tried again after a failure without getting further, before it goes"
                + " back to the queue and begins anew later; a request may take this long, too."));
  }
}
