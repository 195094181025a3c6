package dev.spillway.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** A folder that looks like the root of some system, as far as {@link Signals} looks at it. */
final class SystemTree {

  static final Instant NOW = Instant.parse("2024-02-29T12:00:00Z");
  static final Reading.Collecting COLLECTING =
      new Reading.Collecting(3, Duration.ofMillis(20), 0.25, 4096);

  private static final String OTHER_MOUNTS =
      """
      22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
      23 22 0:21 / /proc rw,nosuid - proc proc rw
      31 22 0:28 / /sys/fs/cgroup rw shared:9 - tmpfs tmpfs rw,mode=755
      """;

  private final Path root;

  SystemTree(Path root) {
    this.root = root;
  }

  /** Writes a file, with a newline after each line. */
  SystemTree file(String path, String... lines) {
    return brokenOff(path, String.join("\n", lines) + "\n");
  }

  /** Writes a file as it stands. */
  SystemTree brokenOff(String path, String content) {
    return bytes(path, content.getBytes(StandardCharsets.ISO_8859_1));
  }

  SystemTree bytes(String path, byte[] content) {
    try {
      Path file = root.resolve("." + path).normalize();
      Files.createDirectories(file.resolveSibling("."));
      Files.write(file, content);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines of the mounts, after those of other file systems. */
  SystemTree mounts(String... lines) {
    return file("/proc/self/mountinfo", OTHER_MOUNTS + String.join("\n", lines));
  }

  /** A system with groups of version 2 only. */
  SystemTree unified(String ownPath) {
    return file("/proc/self/cgroup", "0::" + ownPath)
        .mounts("32 22 0:29 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate");
  }

  /** A group of version 2. */
  SystemTree group(String path, String limit, long used, long inactiveFile) {
    String folder = "/sys/fs/cgroup" + path;
    return file(folder + "/memory.max", limit)
        .file(folder + "/memory.current", Long.toString(used))
        .file(folder + "/memory.stat", "anon 1", "file 2", "inactive_file " + inactiveFile)
        .file(folder + "/cgroup.events", "populated 1", "frozen 0");
  }

  /** A group of version 1. */
  SystemTree groupOfVersion1(String folder, long limit, long used, long inactiveFile) {
    return file(folder + "/memory.limit_in_bytes", Long.toString(limit))
        .file(folder + "/memory.usage_in_bytes", Long.toString(used))
        .file(
            folder + "/memory.stat",
            "inactive_file 1",
            "hierarchical_memory_limit " + limit,
            "total_inactive_file " + inactiveFile);
  }

  Signals signals() {
    return signals(() -> 0);
  }

  Signals signals(LongSupplier nanos) {
    return signals(
        new Signals.Sources(() -> COLLECTING, Map.of(), () -> OptionalLong.of(77)), nanos);
  }

  Signals signals(Signals.Sources sources, LongSupplier nanos) {
    return new Signals(root, sources, Clock.fixed(NOW, ZoneOffset.UTC), nanos);
  }

  Reading read() {
    return signals().read();
  }
}
