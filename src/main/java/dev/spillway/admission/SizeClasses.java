package dev.spillway.admission;

import java.util.stream.IntStream;

/**
 * The lengths that buffers come in: the smallest, then eight times as long each, capped by the
 * largest. All are powers of two, so that a buffer of one class is made of whole ones of the class
 * below. Immutable, for any thread.
 *
 * <p>A heap window of a sixteenth of its length belongs to every buffer: containers read into
 * arrays only, and longer ones make no transfer faster. The unit of account is one smallest buffer
 * with its window.
 */
final class SizeClasses {

  /** The class whose buffers are one unit each. */
  static final int SMALLEST = 0;

  private static final int STEP = 8;
  private static final int WINDOWS_IN_BUFFER = 16;

  private final int[] lengths;

  /** Both are powers of two, the first is not above the second, and it has a window. */
  SizeClasses(int smallestBytes, int largestBytes) {
    this.lengths =
        IntStream.concat(
                IntStream.iterate(
                    smallestBytes,
                    length -> length < largestBytes,
                    length -> (int) Math.min((long) length * STEP, largestBytes)),
                IntStream.of(largestBytes))
            .toArray();
  }

  static int windowOf(int bufferBytes) {
    return bufferBytes / WINDOWS_IN_BUFFER;
  }

  /** What a buffer of this length takes with its window. */
  static long withWindow(int bufferBytes) {
    return (long) bufferBytes + windowOf(bufferBytes);
  }

  int largest() {
    return lengths.length - 1;
  }

  /** The length of a buffer. */
  int length(int sizeClass) {
    return lengths[sizeClass];
  }

  /** How many smallest buffers would have its memory. */
  int units(int sizeClass) {
    return lengths[sizeClass] / lengths[SMALLEST];
  }

  /** What a buffer takes, its window included. */
  long bytes(int sizeClass) {
    return withWindow(lengths[sizeClass]);
  }

  /** How many buffers of this class one of the next is made of; 1 for the largest. */
  int siblings(int sizeClass) {
    return lengths[Math.min(sizeClass + 1, largest())] / lengths[sizeClass];
  }
}
