package dev.spillway.catalog;

import dev.spillway.upload.CheckedRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What new ranges do to those on record that touch them.
 *
 * @param results the ranges that take the place of both, ascending
 * @param vanishedStarts where ranges on record started at which none starts now, ascending
 */
record RangeMerge(List<CheckedRange> results, List<Long> vanishedStarts) {

  /**
   * Merges both kinds.
   *
   * @param added disjoint
   * @param touching those on record that share a byte with an added one, or end or start where one
   *     starts or ends
   * @return nothing when an added byte is on record already
   */
  static Optional<RangeMerge> of(
      Collection<CheckedRange> added, Collection<CheckedRange> touching) {
    List<CheckedRange> all = new ArrayList<>(touching);
    all.addAll(added);
    all.sort(Comparator.comparing(CheckedRange::range));
    for (int i = 1; i < all.size(); i++) {
      if (all.get(i - 1).range().overlaps(all.get(i).range())) {
        return Optional.empty();
      }
    }
    List<CheckedRange> results = joinAdjacent(all);
    Set<Long> starts =
        results.stream().map(result -> result.range().from()).collect(Collectors.toSet());
    List<Long> vanished =
        touching.stream()
            .map(range -> range.range().from())
            .filter(start -> !starts.contains(start))
            .sorted()
            .toList();
    return Optional.of(new RangeMerge(results, vanished));
  }

  /**
   * The same bytes in as few ranges as possible.
   *
   * @throws IllegalArgumentException when the ranges are not disjoint and ascending
   */
  static List<CheckedRange> joinAdjacent(List<CheckedRange> ranges) {
    List<CheckedRange> joined = new ArrayList<>();
    for (CheckedRange next : ranges) {
      int last = joined.size() - 1;
      long reached = last < 0 ? -1 : joined.get(last).range().to();
      if (next.range().from() < reached) {
        throw new IllegalArgumentException(next.range() + " does not come after " + reached);
      }
      if (next.range().from() == reached) {
        joined.set(last, joined.get(last).join(next));
      } else {
        joined.add(next);
      }
    }
    return List.copyOf(joined);
  }
}
