package dev.spillway.config;

/**
 * What one client may have: one authenticated name, or else one address. Immutable, for any thread.
 *
 * @param uploads open at once
 * @param bytes declared by the open ones and not sent yet
 * @param transfers chunks being received at once
 */
public record ClientSettings(int uploads, DataSize bytes, int transfers) {

  static ClientSettings read(SettingsReader in) {
    return new ClientSettings(
        in.read(
            "client.uploads",
            "1000",
            ValueType.integer(1, 1_000_000),
            "How many uploads one client may have open; more are refused with 429."),
        in.read(
            "client.bytes",
            "10TiB",
            ValueType.size("1B", "4EiB"),
            "How many bytes the open uploads of one client may have to come."),
        in.read(
            "client.transfers",
            "128",
            ValueType.integer(1, 1_000_000),
            "How many chunks of one client may be received at once."));
  }
}
