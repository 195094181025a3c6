package dev.spillway.catalog;

import static dev.spillway.catalog.Specimens.range;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upload.CheckedRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class RangeMergeTest {

  @Example
  void rangesApartStayApart() {
    assertThat(RangeMerge.of(List.of(range(0, 10), range(20, 30)), List.of()))
        .contains(new RangeMerge(List.of(range(0, 10), range(20, 30)), List.of()));
  }

  @Example
  void aRangeBetweenTwoTakesThePlaceOfBoth() {
    assertThat(RangeMerge.of(List.of(range(10, 20)), List.of(range(0, 10), range(20, 30))))
        .contains(new RangeMerge(List.of(range(0, 30)), List.of(20L)));
  }

  @Example
  void oneByteInCommonIsTooMuch() {
    assertThat(RangeMerge.of(List.of(range(10, 20)), List.of(range(0, 11)))).isEmpty();
  }

  /** Each cell is one byte: nobody's, on record, or new. */
  @Property
  void everyByteStaysAndNoTwoResultsTouch(@ForAll("cells") List<Integer> cells) {
    List<CheckedRange> onRecord = RangeMerge.joinAdjacent(runs(cells, 1));
    List<CheckedRange> added = runs(cells, 2);
    boolean[] expected = new boolean[cells.size()];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = cells.get(i) > 0;
    }

    RangeMerge merge = RangeMerge.of(added, onRecord).orElseThrow();

    boolean[] actual = new boolean[cells.size()];
    long reached = -1;
    for (CheckedRange result : merge.results()) {
      assertThat(result.range().from()).isGreaterThan(reached);
      int from = (int) result.range().from();
      int to = (int) result.range().to();
      assertThat(result).isEqualTo(range(from, to));
      Arrays.fill(actual, from, to, true);
      reached = to;
    }
    assertThat(actual).isEqualTo(expected);
  }

  @Provide
  Arbitrary<List<Integer>> cells() {
    return Arbitraries.integers().between(0, 2).list().ofMinSize(1).ofMaxSize(60);
  }

  /** The cells of one kind, one byte each. */
  private static List<CheckedRange> runs(List<Integer> cells, int kind) {
    List<CheckedRange> runs = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      if (cells.get(i) == kind) {
        runs.add(range(i, i + 1));
      }
    }
    return runs;
  }
}
