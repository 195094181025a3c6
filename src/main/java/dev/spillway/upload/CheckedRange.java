package dev.spillway.upload;

/**
 * A received range together with the CRC32C of its bytes.
 *
 * @param range which bytes
 * @param crc32c the checksum of exactly these bytes
 */
public record CheckedRange(ByteRange range, Crc32c crc32c) {

  /**
   * This range and the one that starts where it ends, as one.
   *
   * @throws IllegalArgumentException when {@code next} does not start where this range ends
   */
  public CheckedRange join(CheckedRange next) {
    if (range.to() != next.range.from()) {
      throw new IllegalArgumentException(next.range + " does not follow " + range);
    }
    return new CheckedRange(
        new ByteRange(range.from(), next.range.to()),
        crc32c.combine(next.crc32c, next.range.length()));
  }
}
