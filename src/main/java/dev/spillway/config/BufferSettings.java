package dev.spillway.config;

import java.time.Duration;
import java.util.List;

/**
 * The memory that transfers work in. Immutable, for any thread.
 *
 * @param memory all of it; a share is one of the JVM's limit on direct memory
 * @param size of the largest buffers
 * @param smallest of the smallest buffers, at most {@code size}
 * @param waiting how many transfers may wait for a buffer
 * @param waitTime how long each of them waits before it is refused
 */
public record BufferSettings(
    MemoryAmount memory, DataSize size, DataSize smallest, int waiting, Duration waitTime) {

  private static final String MEMORY = "buffers.memory";
  private static final String SIZE = "buffers.size";
  private static final String SMALLEST = "buffers.smallest";

  /** Two buffers, so that the pool has room for one and for what belongs to it. */
  private static final String MEMORY_RULE = "at least twice";

  static BufferSettings read(SettingsReader in) {
    BufferSettings settings =
        new BufferSettings(
            in.read(
                MEMORY,
                "auto",
                ValueType.memory(),
                "The memory of all buffers together: worked out from what the machine has, a share"
                    + " of the JVM's limit on direct memory, or a size."),
            in.read(
                SIZE,
                "256KiB",
                ValueType.powerOfTwo("16KiB", "4MiB"),
                "The memory of a fast transfer's buffer."),
            in.read(
                SMALLEST,
                "8KiB",
                ValueType.powerOfTwo("1KiB", "1MiB"),
                "The memory of a slow transfer's buffer; every transfer starts with one."),
            in.read(
                "buffers.waiting",
                "256",
                ValueType.integer(0, 65_536),
                "How many transfers may wait for a buffer; more are refused with 503."),
            in.read(
                "buffers.wait",
                "5s",
                ValueType.duration("0ms", "10m"),
                "How long a transfer waits for a buffer before it is refused with 503."));
    boolean enough =
        !(settings.memory instanceof DataSize fixed) || fixed.bytes() >= 2 * settings.size.bytes();
    in.check(enough, MEMORY, MEMORY_RULE, SIZE);
    in.check(settings.smallest.compareTo(settings.size) <= 0, SMALLEST, "at most", SIZE);
    return settings;
  }

  /**
   * How much memory the buffers may have.
   *
   * @param limitBytes the JVM's limit on direct memory
   * @param automaticBytes what the server has worked out
   * @throws InvalidConfigException when it does not fit into the limit or holds too little
   */
  public long memoryOf(long limitBytes, long automaticBytes) {
    long bytes = memory.of(limitBytes, automaticBytes);
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
