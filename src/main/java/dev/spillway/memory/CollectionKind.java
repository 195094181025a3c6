package dev.spillway.memory;

/**
 * What a collection that the virtual machine has reported was, told by the names it uses.
 *
 * @param fullView whether all live data of the heap was looked at, so that what is left is live
 * @param pause whether the program stood still all the time
 * @param phase whether it was a mere step of a collection beside the program, which frees little
 * @param stall whether threads had to wait for it because there was no memory for them
 */
record CollectionKind(boolean fullView, boolean pause, boolean phase, boolean stall) {

  /** ZGC and Shenandoah work beside the program, and report each cycle and each pause by itself. */
  private static final String CYCLE = "end of GC cycle";

  /** G1, Parallel and Serial; a mixed collection of G1 is a minor one to them, rightly. */
  private static final String MAJOR = "end of major GC";

  private static final String PHASE = "end of concurrent GC pause";

  private static final String STALL = "Allocation Stall";

  /**
   * Tells it. G1's bean "G1 Concurrent GC" of newer virtual machines reports pauses in spite of its
   * name: those for the remark and the cleanup, with nothing of the concurrent work in between.
   *
   * @param collector such as {@code ZGC Major Cycles}
   * @param heapPools how many parts the heap has; the generational Shenandoah has two and uses one
   *     name for cycles of the young one and of both, so that only a request for a collection is
   *     known to look at both
   */
  static CollectionKind of(String collector, String action, String cause, int heapPools) {
    boolean cycle = action.equals(CYCLE);
    boolean wholeHeap =
        heapPools == 1 || collector.contains("Major") || cause.equals("System.gc()");
    boolean fullCycle = cycle && wholeHeap && !collector.contains("Minor");
    return new CollectionKind(
        fullCycle || action.equals(MAJOR),
        !cycle,
        action.equals(PHASE),
        cycle && cause.equals(STALL));
  }
}
