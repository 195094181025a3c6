package dev.spillway.upload;

import java.util.Optional;

/**
 * A non-empty range of bytes in a file, {@code [from, to)}.
 *
 * @param from the first byte, at least 0
 * @param to one past the last byte, greater than {@code from}
 */
public record ByteRange(long from, long to) implements Comparable<ByteRange> {

  /**
   * @throws IllegalArgumentException when the range is empty or starts before 0
   */
  public ByteRange {
    if (from < 0 || to <= from) {
      throw new IllegalArgumentException("range [" + from + ", " + to + ") is empty or negative");
    }
  }

  public long length() {
    return to - from;
  }

  public boolean contains(ByteRange other) {
    return from <= other.from && other.to <= to;
  }

  /** Whether the two share at least one byte. */
  public boolean overlaps(ByteRange other) {
    return from < other.to && other.from < to;
  }

  /** The bytes both have, if any. */
  public Optional<ByteRange> intersection(ByteRange other) {
    return overlaps(other)
        ? Optional.of(new ByteRange(Math.max(from, other.from), Math.min(to, other.to)))
        : Optional.empty();
  }

  /** Orders by start, then by end. */
  @Override
  public int compareTo(ByteRange other) {
    int byStart = Long.compare(from, other.from);
    return byStart != 0 ? byStart : Long.compare(to, other.to);
  }
}
