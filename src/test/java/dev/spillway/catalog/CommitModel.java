package dev.spillway.catalog;

import dev.spillway.upload.ByteRange;
import dev.spillway.upload.CheckedRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Random disjoint commits of a file, and what must be on record after all of them. Works out the
 * result byte by byte, unlike the catalogue.
 */
final class CommitModel {

  private static final int SIZE = 4096;
  private static final int LONGEST_PIECE = 60;
  private static final int MOST_PIECES_AT_ONCE = 4;

  private final Random random;
  private final boolean[] here = new boolean[SIZE];
  private final List<List<CheckedRange>> commits = new ArrayList<>();

  CommitModel(Random random) {
    this.random = random;
    List<CheckedRange> pieces = pieces();
    Collections.shuffle(pieces, random);
    for (int next = 0; next < pieces.size(); ) {
      int end = Math.min(pieces.size(), next + 1 + random.nextInt(MOST_PIECES_AT_ONCE));
      commits.add(
          pieces.subList(next, end).stream()
              .sorted(Comparator.comparing(CheckedRange::range))
              .toList());
      next = end;
    }
  }

  /** Some gaps, and some pieces that are neighbours. */
  private List<CheckedRange> pieces() {
    List<CheckedRange> pieces = new ArrayList<>();
    for (int from = 0; from < SIZE; ) {
      int to = Math.min(SIZE, from + 1 + random.nextInt(LONGEST_PIECE));
      if (random.nextInt(5) > 0) {
        pieces.add(Specimens.range(from, to));
        Arrays.fill(here, from, to, true);
      }
      from = to;
    }
    return pieces;
  }

  long size() {
    return SIZE;
  }

  /** The commits, dealt out to some threads. */
  List<List<List<CheckedRange>>> shares(int threads) {
    return IntStream.range(0, threads)
        .mapToObj(
            thread ->
                IntStream.range(0, commits.size())
                    .filter(i -> i % threads == thread)
                    .mapToObj(commits::get)
                    .toList())
        .toList();
  }

  long receivedBytes() {
    return IntStream.range(0, SIZE).filter(i -> here[i]).count();
  }

  List<CheckedRange> received() {
    List<CheckedRange> ranges = new ArrayList<>();
    for (int from = 0; from < SIZE; from++) {
      int to = from;
      while (to < SIZE && here[to]) {
        to++;
      }
      if (to > from) {
        ranges.add(Specimens.range(from, to));
        from = to;
      }
    }
    return ranges;
  }

  List<CheckedRange> received(ByteRange window) {
    return received().stream().filter(range -> range.range().overlaps(window)).toList();
  }

  List<ByteRange> windows(int count) {
    List<ByteRange> windows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int from = random.nextInt(SIZE - 1);
      windows.add(new ByteRange(from, from + 1 + random.nextInt(SIZE - from)));
    }
    return windows;
  }
}
