package dev.spillway.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;

/** A set of bytes {@code [from, to)} of a file. Used by one thread at a time. */
final class StormRanges {

  private final TreeMap<Long, Long> ends = new TreeMap<>();

  static StormRanges of(JsonNode pairs) {
    StormRanges ranges = new StormRanges();
    for (JsonNode pair : pairs) {
      ranges.add(pair.path(0).asLong(), pair.path(1).asLong());
    }
    return ranges;
  }

  void add(long from, long to) {
    long start = from;
    long end = to;
    Map.Entry<Long, Long> near = ends.floorEntry(to);
    while (near != null && near.getValue() >= from) {
      start = Math.min(start, near.getKey());
      end = Math.max(end, near.getValue());
      ends.remove(near.getKey());
      near = ends.floorEntry(to);
    }
    ends.put(start, end);
  }

  boolean covers(long from, long to) {
    Map.Entry<Long, Long> near = ends.floorEntry(from);
    return near != null && near.getValue() >= to;
  }

  boolean coversAllOf(StormRanges others) {
    return others.ends.entrySet().stream().allMatch(each -> covers(each.getKey(), each.getValue()));
  }

  @Override
  public String toString() {
    return ends.toString();
  }
}
