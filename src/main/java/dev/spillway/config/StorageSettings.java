package dev.spillway.config;

import java.nio.file.Path;

/**
 * Where bytes are kept, and how safely. Immutable, for any thread.
 *
 * @param dataDir absolute
 * @param durability when received bytes are forced to the disk
 * @param reserve the free space that uploads may not use
 */
public record StorageSettings(Path dataDir, Durability durability, DataSize reserve) {

  /** When received bytes are forced to the disk. */
  public enum Durability {
    /** Before each chunk is acknowledged. */
    CHUNK,
    /** Before a file is complete. */
    FINISH,
    /** When the operating system likes. */
    NONE
  }

  static StorageSettings read(SettingsReader in) {
    return new StorageSettings(
        in.read(
            "data-dir",
            "spillway-data",
            ValueType.path(),
            "The directory of uploads, finished files and the SQLite catalogue."
                + " A relative path starts at the working directory."),
        in.read(
            "storage.durability",
            "chunk",
            ValueType.oneOf(Durability.class),
            "When bytes are forced to the disk, so that they survive a power cut:"
                + " before each chunk is acknowledged, before a file is finished, or never."),
        in.read(
            "storage.reserve",
            "512MiB",
            ValueType.size("0B", "1EiB"),
            "The free space on the disk that uploads may not use."));
  }
}
