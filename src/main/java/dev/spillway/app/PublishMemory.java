package dev.spillway.app;

import dev.spillway.config.PublishSettings;

/**
 * What the files on their way to a bucket take beside the heap. It is part of what transfers have
 * altogether, so that the sum stays what the machine can afford.
 *
 * @param bufferBytes of each file; a power of two, at least 256 KiB
 * @param bytes of all of them; 0 where files stay
 */
record PublishMemory(int bufferBytes, long bytes) {

  /** The smallest piece that the service takes, as long as it is not the last one. */
  private static final long SMALLEST = 256 << 10;

  private static final PublishMemory NONE = new PublishMemory(0, 0);

  /**
   * As much as is set, but at most half of what there is: chunks come first.
   *
   * @param available what transfers have altogether
   */
  static PublishMemory of(PublishSettings settings, long available) {
    if (settings.destination().isEmpty()) {
      return NONE;
    }
    long buffer = settings.buffer().bytes();
    while (buffer > SMALLEST && buffer * settings.parallel() > available / 2) {
      buffer /= 2;
    }
    return new PublishMemory(Math.toIntExact(buffer), buffer * settings.parallel());
  }
}
