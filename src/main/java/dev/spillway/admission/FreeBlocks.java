package dev.spillway.admission;

import java.util.BitSet;

/**
 * The free blocks of one size class, by number. Siblings are blocks that together are one block of
 * the next class; their numbers follow each other. Belongs to {@link Slabs} and its lock.
 *
 * <p>The lowest number goes out first: the blocks in use gather at the low end, and those at the
 * high end get the time to become whole again.
 */
final class FreeBlocks {

  /** Instead of a block's number. */
  static final int NONE = -1;

  private final int siblings;
  private final BitSet free = new BitSet();

  /** No block below this one is free. */
  private int lowest;

  FreeBlocks(int siblings) {
    this.siblings = siblings;
  }

  /** A block's number, or {@link #NONE}. */
  int take() {
    int block = free.nextSetBit(lowest);
    if (block != NONE) {
      free.clear(block);
      lowest = block + 1;
    }
    return block;
  }

  void add(int from, int to) {
    free.set(from, to);
    lowest = Math.min(lowest, from);
  }

  /**
   * Takes a block back.
   *
   * @return whether all of its siblings are free, too; none of them is here any more then
   */
  boolean merge(int block) {
    if (free.get(block)) {
      throw new IllegalStateException("block " + block + " is free already");
    }
    add(block, block + 1);
    int first = block - block % siblings;
    boolean whole = siblings > 1 && free.nextClearBit(first) >= first + siblings;
    if (whole) {
      free.clear(first, first + siblings);
    }
    return whole;
  }
}
