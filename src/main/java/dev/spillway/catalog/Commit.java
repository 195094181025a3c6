package dev.spillway.catalog;

import dev.spillway.upload.CheckedRange;
import dev.spillway.upload.UploadId;
import java.time.Instant;
import java.util.List;

/**
 * Received ranges to record.
 *
 * @param ranges not empty, ascending, with a gap between each and the next
 */
record Commit(UploadId upload, List<CheckedRange> ranges, Instant at) {

  /**
   * @param ranges not empty, disjoint, ascending
   * @throws IllegalArgumentException when they are not
   */
  static Commit of(UploadId upload, List<CheckedRange> ranges, Instant at) {
    if (ranges.isEmpty()) {
      throw new IllegalArgumentException("there is nothing to commit");
    }
    return new Commit(upload, RangeMerge.joinAdjacent(ranges), at);
  }

  /** How many bytes it adds: never too many for a long, since no two of its ranges overlap. */
  long bytes() {
    return ranges.stream().mapToLong(range -> range.range().length()).sum();
  }
}
