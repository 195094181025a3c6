package dev.spillway.memory;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryUsage;

/**
 * What the virtual machine uses at one moment, in bytes. A maximum of -1 means that there is none.
 *
 * @param heap used includes garbage that has not been collected yet
 * @param nonHeap classes, compiled code and the like
 * @param direct buffers outside of the heap
 * @param mapped files mapped into memory
 */
public record MemoryFigures(Area heap, Area nonHeap, long direct, long mapped) {

  /** Figures of one area. */
  public record Area(long used, long committed, long max) {
    private static Area of(MemoryUsage usage) {
      return new Area(usage.getUsed(), usage.getCommitted(), usage.getMax());
    }
  }

  /** Looks now; costs microseconds. */
  public static MemoryFigures read() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    return new MemoryFigures(
        Area.of(memory.getHeapMemoryUsage()),
        Area.of(memory.getNonHeapMemoryUsage()),
        bufferBytes("direct"),
        bufferBytes("mapped"));
  }

  private static long bufferBytes(String pool) {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(bean -> bean.getName().equals(pool))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  /**
   * How much memory direct buffers may take. The virtual machine has no call for it; unless the
   * flag {@code -XX:MaxDirectMemorySize} is given, it is the largest heap.
   */
  public static long directLimit() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith(DIRECT_FLAG))
        .map(argument -> parseSize(argument.substring(DIRECT_FLAG.length())))
        .filter(size -> size > 0)
        .reduce((first, last) -> last)
        .orElse(Runtime.getRuntime().maxMemory());
  }

  private static final String DIRECT_FLAG = "-XX:MaxDirectMemorySize=";

  /** A flag's size, such as {@code 64m}; the machine has checked it before it started. */
  private static long parseSize(String text) {
    int digits = 0;
    while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
      digits++;
    }
    long number = digits == 0 ? 0 : Long.parseLong(text.substring(0, digits));
    return switch (text.substring(digits)) {
      case "k", "K" -> number << 10;
      case "m", "M" -> number << 20;
      case "g", "G" -> number << 30;
      case "t", "T" -> number << 40;
      default -> number;
    };
  }
}
