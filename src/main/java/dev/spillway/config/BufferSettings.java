package dev.spillway.config;

import java.time.Duration;
import java.util.List;

/**
 * The memory that transfers work in. Immutable, for any thread.
 *
 * @param memory all of it; a share is one of the JVM's limit on direct memory
 * @param size of one buffer
 * @param waitTime how long a transfer waits for a buffer before it is refused
 */
public record BufferSettings(MemoryAmount memory, DataSize size, Duration waitTime) {

  private static final String MEMORY = "buffers.memory";
  private static final String SIZE = "buffers.size";

  /** Two buffers, so that the pool has room for one and for what belongs to it. */
  private static final String MEMORY_RULE = "at least twice";

  static BufferSettings read(SettingsReader in) {
    BufferSettings settings =
        new BufferSettings(
            in.read(
                MEMORY,
                "25%",
                ValueType.memory(),
                "The memory of all buffers together, as a size or as a share of the JVM's limit"
                    + " on direct memory; at least two buffers."),
            in.read(
                SIZE,
                "256KiB",
                ValueType.size("16KiB", "4MiB"),
                "The memory of one buffer; a transfer in progress holds one."),
            in.read(
                "buffers.wait",
                "5s",
                ValueType.duration("0ms", "10m"),
                "How long a transfer waits for a buffer before it is refused with 503."));
    boolean enough =
        !(settings.memory instanceof DataSize fixed) || fixed.bytes() >= 2 * settings.size.bytes();
    in.check(enough, MEMORY, MEMORY_RULE, SIZE);
    return settings;
  }

  /**
   * How much memory the buffers may have.
   *
   * @param limitBytes the JVM's limit on direct memory
   * @throws InvalidConfigException when it does not fit into the limit or holds too little
   */
  public long memoryOf(long limitBytes) {
    long bytes = memory.of(limitBytes);
    String what =
        "%s%s = %s is %d bytes where the JVM's limit on direct memory is %d bytes: "
            .formatted(ConfigSources.PREFIX, MEMORY, memory, bytes, limitBytes);
    if (bytes > limitBytes) {
      throw new InvalidConfigException(
          List.of(what + "lower it, or raise -XX:MaxDirectMemorySize"));
    }
    if (bytes < 2 * size.bytes()) {
      throw new InvalidConfigException(
          List.of(
              what
                  + "must be %s %s%s = %s"
                      .formatted(MEMORY_RULE, ConfigSources.PREFIX, SIZE, size)));
    }
    return bytes;
  }
}
