package dev.spillway.memory;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * What is known of the live data in the heap at one moment. "Used" is mostly garbage; this is what
 * the collectors could not free.
 *
 * @param pool the memory pool that long-lived data ends up in
 * @param upperBytes at most so much of it is live: the lower of what a collection left and what is
 *     used now; 0 before the first collection. What a collector leaves that works beside the
 *     program (ZGC, Shenandoah) holds what was allocated meanwhile; there it is the lowest of the
 *     last four cycles, and 0 before there were four
 * @param maxBytes what the pool can hold; live data near it is what kills a virtual machine
 * @param exactBytes what the last full collection left, when there has been one; with cycles, like
 *     {@code upperBytes}
 * @param exactAge how long ago that was; zero when there has been none
 * @param fullCollections how many full views of the live data there have been
 * @param pauseShare the share of the last ten seconds that collections stopped the program for,
 *     from 0 to 1
 * @param stalls how often threads had to wait for memory, so far
 * @param usedBytes of the whole heap, garbage included
 * @param heapMaxBytes of the whole heap
 */
public record LiveHeap(
    String pool,
    long upperBytes,
    long maxBytes,
    OptionalLong exactBytes,
    Duration exactAge,
    long fullCollections,
    double pauseShare,
    long stalls,
    long usedBytes,
    long heapMaxBytes) {}
