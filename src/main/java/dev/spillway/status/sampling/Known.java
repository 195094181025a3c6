package dev.spillway.status.sampling;

import dev.spillway.status.Resource.Unit;
import java.util.Locale;
import java.util.Map;

/**
 * What people call a bounded resource.
 *
 * @param waits whether anybody can wait for it
 * @param check the name of the check that judges it; empty for none
 */
record Known(String label, Unit unit, boolean waits, String check) {

  private static final Map<String, Known> BY_NAME =
      Map.ofEntries(
          Map.entry("transfers", count("Chunks being received", false, "transfers")),
          Map.entry("write-permits", count("Disk write permits", true, "write-queue")),
          Map.entry("buffer-bytes", bytes("Buffer memory", true, "buffers")),
          Map.entry("commits", count("Commits to the catalogue", false, "commits")),
          Map.entry("database-connections", count("Database connections", true, "catalog")),
          Map.entry("disk-bytes", bytes("Disk promised to uploads", false, "storage")),
          Map.entry("publishing", count("Files being published", true, "destination")),
          Map.entry("publish-waits", count("Clients that wait for the bucket", false, "")),
          Map.entry("publish-reads", count("Downloads from the bucket", false, "")),
          Map.entry("unread-bodies", count("Unread bodies of refused requests", false, "")),
          Map.entry("live-heap-bytes", bytes("Heap, live data", false, "heap")),
          Map.entry("direct-bytes", bytes("Direct memory", false, "direct-memory")),
          Map.entry("file-descriptors", count("File descriptors", false, "open-files")),
          Map.entry("threads", count("Threads", false, "")),
          Map.entry("data-disk-bytes", bytes("Data disk", false, "disk")));

  private static Known count(String label, boolean waits, String check) {
    return new Known(label, Unit.COUNT, waits, check);
  }

  private static Known bytes(String label, boolean waits, String check) {
    return new Known(label, Unit.BYTES, waits, check);
  }

  /** Of a resource that nobody has told about: what its name says. */
  static Known of(String name) {
    Known known = BY_NAME.get(name);
    if (known != null) {
      return known;
    }
    boolean isBytes = name.endsWith("-bytes");
    String words = (isBytes ? name.substring(0, name.length() - 6) : name).replace('-', ' ');
    String label = words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    return new Known(label, isBytes ? Unit.BYTES : Unit.COUNT, true, "");
  }
}
