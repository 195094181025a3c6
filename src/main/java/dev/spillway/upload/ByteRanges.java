package dev.spillway.upload;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A set of bytes of a file, as ranges in ascending order that neither overlap nor touch: what an
 * upload has received, or what it misses. Immutable, for any thread.
 *
 * <p>Asking is O(log n) in the number of ranges, changing is O(n).
 */
public final class ByteRanges implements Iterable<ByteRange> {

  private static final ByteRanges NONE = new ByteRanges(List.of());

  private final List<ByteRange> ranges;

  /**
   * @param ranges ascending, disjoint, not adjacent
   */
  private ByteRanges(List<ByteRange> ranges) {
    this.ranges = List.copyOf(ranges);
  }

  /** The empty set. */
  public static ByteRanges none() {
    return NONE;
  }

  /** The bytes that are in any of these ranges, which may overlap and stand in any order. */
  public static ByteRanges of(ByteRange... ranges) {
    return of(List.of(ranges));
  }

  /** The bytes that are in any of these ranges, which may overlap and stand in any order. */
  public static ByteRanges of(Collection<ByteRange> ranges) {
    List<ByteRange> joined = new ArrayList<>(ranges.size());
    for (ByteRange next : ranges.stream().sorted().toList()) {
      int last = joined.size() - 1;
      if (last >= 0 && next.from() <= joined.get(last).to()) {
        joined.set(last, hull(joined.get(last), next));
      } else {
        joined.add(next);
      }
    }
    return joined.isEmpty() ? NONE : new ByteRanges(joined);
  }

  private static ByteRange hull(ByteRange a, ByteRange b) {
    return new ByteRange(Math.min(a.from(), b.from()), Math.max(a.to(), b.to()));
  }

  /** This set with the bytes of a range added. */
  public ByteRanges plus(ByteRange added) {
    if (contains(added)) {
      return this;
    }
    // One byte further on the left, so that a range that ends where the new one starts is joined.
    int first = firstEndingAfter(added.from() - 1);
    int end = firstStartingAfter(added.to());
    ByteRange joined = added;
    if (first < end) {
      joined = hull(hull(ranges.get(first), added), ranges.get(end - 1));
    }
    return replacing(first, end, List.of(joined));
  }

  /** This set without the bytes of a range. */
  public ByteRanges minus(ByteRange removed) {
    if (!overlaps(removed)) {
      return this;
    }
    int first = firstEndingAfter(removed.from());
    int end = firstStartingAfter(removed.to() - 1);
    List<ByteRange> left = new ArrayList<>(2);
    if (ranges.get(first).from() < removed.from()) {
      left.add(new ByteRange(ranges.get(first).from(), removed.from()));
    }
    if (removed.to() < ranges.get(end - 1).to()) {
      left.add(new ByteRange(removed.to(), ranges.get(end - 1).to()));
    }
    return replacing(first, end, left);
  }

  private ByteRanges replacing(int first, int end, List<ByteRange> replacement) {
    List<ByteRange> changed = new ArrayList<>(ranges.size() + 1);
    changed.addAll(ranges.subList(0, first));
    changed.addAll(replacement);
    changed.addAll(ranges.subList(end, ranges.size()));
    return changed.isEmpty() ? NONE : new ByteRanges(changed);
  }

  /** What of the window is in this set. */
  public ByteRanges within(ByteRange window) {
    if (!overlaps(window)) {
      return NONE;
    }
    return new ByteRanges(
        ranges
            .subList(firstEndingAfter(window.from()), firstStartingAfter(window.to() - 1))
            .stream()
            .flatMap(range -> range.intersection(window).stream())
            .toList());
  }

  /** What of the window is not in this set. */
  public ByteRanges missingIn(ByteRange window) {
    List<ByteRange> gaps = new ArrayList<>();
    long covered = window.from();
    for (ByteRange present : within(window)) {
      if (covered < present.from()) {
        gaps.add(new ByteRange(covered, present.from()));
      }
      covered = present.to();
    }
    if (covered < window.to()) {
      gaps.add(new ByteRange(covered, window.to()));
    }
    return gaps.isEmpty() ? NONE : new ByteRanges(gaps);
  }

  /** Whether every byte of the range is in this set. */
  public boolean contains(ByteRange range) {
    int candidate = firstEndingAfter(range.from());
    return candidate < ranges.size() && ranges.get(candidate).contains(range);
  }

  /** Whether any byte of the range is in this set. */
  public boolean overlaps(ByteRange range) {
    int candidate = firstEndingAfter(range.from());
    return candidate < ranges.size() && ranges.get(candidate).overlaps(range);
  }

  /** The first range with a byte beyond this position's, or the number of ranges. */
  private int firstEndingAfter(long position) {
    int low = 0;
    int high = ranges.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ranges.get(middle).to() > position) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** The first range that starts beyond this position, or the number of ranges. */
  private int firstStartingAfter(long position) {
    int low = 0;
    int high = ranges.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ranges.get(middle).from() > position) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** How many bytes are in this set. */
  public long totalBytes() {
    return ranges.stream().mapToLong(ByteRange::length).sum();
  }

  /** The ranges in ascending order; unmodifiable. */
  public List<ByteRange> asList() {
    return ranges;
  }

  public boolean isEmpty() {
    return ranges.isEmpty();
  }

  @Override
  public Iterator<ByteRange> iterator() {
    return ranges.iterator();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ByteRanges that && ranges.equals(that.ranges);
  }

  @Override
  public int hashCode() {
    return ranges.hashCode();
  }

  @Override
  public String toString() {
    return ranges.stream()
        .map(range -> "[" + range.from() + ", " + range.to() + ")")
        .collect(Collectors.joining(", ", "{", "}"));
  }
}
