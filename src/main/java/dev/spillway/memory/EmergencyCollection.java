package dev.spillway.memory;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * Asks for a collection when the heap is about to be full and nobody has seen for a minute what of
 * it is live. The virtual machine would collect by itself soon; this is for knowing, not for
 * freeing, and so there is one, not one after the other.
 *
 * <p>Owned by the composition root, with nothing to close. Any thread may call.
 */
public final class EmergencyCollection {

  private static final double FULL_SHARE = 0.95;

  /** A view of the live data that is older tells nothing any more. */
  private static final Duration OLD = Duration.ofSeconds(60);

  private final Supplier<LiveHeap> heap;
  private final ProbeCollections probes;
  private final boolean enabled;

  public EmergencyCollection(Supplier<LiveHeap> heap, ProbeCollections probes, boolean enabled) {
    this.heap = heap;
    this.probes = probes;
    this.enabled = enabled;
  }

  /** To be called on each tick; cheap. */
  public void look() {
    if (!enabled) {
      return;
    }
    LiveHeap now = heap.get();
    boolean full = now.usedBytes() >= now.heapMaxBytes() * FULL_SHARE;
    boolean unseen = now.exactBytes().isEmpty() || now.exactAge().compareTo(OLD) > 0;
    if (full && unseen) {
      probes.request(ProbeCollections.EMERGENCY);
    }
  }
}
