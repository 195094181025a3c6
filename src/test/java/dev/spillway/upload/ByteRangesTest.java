package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Compares with a {@link BitSet} of the same bytes, in files small enough to meet every border. */
class ByteRangesTest {

  private static final int FILE = 64;

  @Property
  void setHasTheBytesOfItsRanges(@ForAll("ranges") List<ByteRange> ranges) {
    assertThat(bits(ByteRanges.of(ranges))).isEqualTo(bits(ranges));
  }

  @Property
  void rangesAreAscendingAndDoNotTouch(@ForAll("ranges") List<ByteRange> ranges) {
    long beyond = -1;
    for (ByteRange range : ByteRanges.of(ranges)) {
      assertThat(range.from()).isGreaterThan(beyond);
      beyond = range.to();
    }
  }

  @Property
  void orderOfTheRangesDoesNotMatter(
      @ForAll("ranges") List<ByteRange> ranges, @ForAll Random random) {
    List<ByteRange> shuffled = new ArrayList<>(ranges);
    Collections.shuffle(shuffled, random);

    assertThat(ByteRanges.of(shuffled)).isEqualTo(ByteRanges.of(ranges));
  }

  @Property
  void addingOneByOneGivesTheSameAsAllTogether(@ForAll("ranges") List<ByteRange> ranges) {
    ByteRanges grown = ByteRanges.none();
    for (ByteRange range : ranges) {
      grown = grown.plus(range);
    }

    assertThat(grown).isEqualTo(ByteRanges.of(ranges)).hasSameHashCodeAs(ByteRanges.of(ranges));
  }

  @Property
  void minusRemovesTheBytesOfTheRange(
      @ForAll("ranges") List<ByteRange> ranges, @ForAll("range") ByteRange removed) {
    BitSet expected = bits(ranges);
    expected.clear((int) removed.from(), (int) removed.to());

    assertThat(ByteRanges.of(ranges).minus(removed)).isEqualTo(fromBits(expected));
  }

  @Property
  void withinKeepsTheBytesOfTheWindow(
      @ForAll("ranges") List<ByteRange> ranges, @ForAll("range") ByteRange window) {
    BitSet expected = bits(ranges);
    expected.and(bits(List.of(window)));

    assertThat(ByteRanges.of(ranges).within(window)).isEqualTo(fromBits(expected));
  }

  @Property
  void missingAreTheOtherBytesOfTheWindow(
      @ForAll("ranges") List<ByteRange> ranges, @ForAll("range") ByteRange window) {
    BitSet expected = bits(List.of(window));
    expected.andNot(bits(ranges));

    assertThat(ByteRanges.of(ranges).missingIn(window)).isEqualTo(fromBits(expected));
  }

  @Property
  void containsMeansEveryByte(
      @ForAll("ranges") List<ByteRange> ranges, @ForAll("range") ByteRange asked) {
    BitSet missing = bits(List.of(asked));
    missing.andNot(bits(ranges));

    assertThat(ByteRanges.of(ranges).contains(asked)).isEqualTo(missing.isEmpty());
  }

  @Property
  void overlapsMeansAnyByte(
      @ForAll("ranges") List<ByteRange> ranges, @ForAll("range") ByteRange asked) {
    assertThat(ByteRanges.of(ranges).overlaps(asked))
        .isEqualTo(bits(ranges).intersects(bits(List.of(asked))));
  }

  @Property
  void totalCountsEveryByteOnce(@ForAll("ranges") List<ByteRange> ranges) {
    assertThat(ByteRanges.of(ranges).totalBytes()).isEqualTo(bits(ranges).cardinality());
  }

  @Property
  void changesLeaveTheSetAsItWas(
      @ForAll("ranges") List<ByteRange> ranges, @ForAll("range") ByteRange other) {
    ByteRanges set = ByteRanges.of(ranges);
    List<ByteRange> before = List.copyOf(set.asList());

    assertThat(set.plus(other).contains(other)).isTrue();
    assertThat(set.minus(other).overlaps(other)).isFalse();
    assertThat(set.asList()).isEqualTo(before);
  }

  @Example
  void theLargestFileNeitherOverflowsNorLosesBytes() {
    ByteRange first = new ByteRange(0, Long.MAX_VALUE - 1);
    ByteRange last = new ByteRange(Long.MAX_VALUE - 1, Long.MAX_VALUE);

    ByteRanges whole = ByteRanges.of(last).plus(first);

    assertThat(whole.asList()).containsExactly(new ByteRange(0, Long.MAX_VALUE));
    assertThat(whole.totalBytes()).isEqualTo(Long.MAX_VALUE);
    assertThat(whole.minus(first).asList()).containsExactly(last);
    assertThat(ByteRanges.of(first).missingIn(new ByteRange(0, Long.MAX_VALUE)).asList())
        .containsExactly(last);
  }

  @Example
  void emptySetMissesTheWholeWindow() {
    ByteRange window = new ByteRange(3, 9);

    assertThat(ByteRanges.none().missingIn(window)).containsExactly(window);
  }

  @Example
  void setOfNothingIsEmpty() {
    assertThat(ByteRanges.of().isEmpty()).isTrue();
    assertThat(ByteRanges.of()).isEqualTo(ByteRanges.none());
  }

  @Example
  void listCannotBeChanged() {
    List<ByteRange> list = ByteRanges.of(new ByteRange(0, 1)).asList();

    assertThatThrownBy(list::clear).isInstanceOf(UnsupportedOperationException.class);
  }

  @Example
  void textShowsTheRanges() {
    ByteRanges set = ByteRanges.of(new ByteRange(7, 9), new ByteRange(0, 5));

    assertThat(set).hasToString("{[0, 5), [7, 9)}");
  }

  @Provide
  Arbitrary<List<ByteRange>> ranges() {
    return range().list().ofMaxSize(12);
  }

  @Provide
  Arbitrary<ByteRange> range() {
    return Combinators.combine(
            Arbitraries.integers().between(0, FILE - 1), Arbitraries.integers().between(1, 12))
        .as((from, length) -> new ByteRange(from, Math.min(FILE, from + length)));
  }

  private static BitSet bits(Iterable<ByteRange> ranges) {
    BitSet bits = new BitSet();
    for (ByteRange range : ranges) {
      bits.set((int) range.from(), (int) range.to());
    }
    return bits;
  }

  private static ByteRanges fromBits(BitSet bits) {
    return ByteRanges.of(bits.stream().mapToObj(bit -> new ByteRange(bit, bit + 1)).toList());
  }
}
