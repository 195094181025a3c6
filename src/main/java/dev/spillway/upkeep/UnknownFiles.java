package dev.spillway.upkeep;

import dev.spillway.upload.UploadId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Files with bytes that the catalogue does not know, and since when this server has met them.
 *
 * <p>How old such a file is says little: behind a catalogue that was lost, or mistaken for another,
 * they are all old, and all of them somebody's. So their time starts when they are met for the
 * first time, and starts again with the server. Guarded by its owner: one thread at a time.
 */
final class UnknownFiles {

  /** What is met beyond that waits until some of these are gone; it bounds the memory. */
  private static final int MOST = 10_000;

  private final Duration patience;
  private Map<UploadId, Instant> before = new HashMap<>();
  private Map<UploadId, Instant> now = new HashMap<>();

  UnknownFiles(Duration patience) {
    this.patience = patience;
  }

  /** Notes a file, and tells whether it has been unknown, and untouched, for long enough. */
  boolean isToBeRemoved(UploadId id, Instant writtenAt, Instant at) {
    Instant met = before.getOrDefault(id, at);
    if (now.size() < MOST) {
      now.put(id, met);
    }
    Instant longAgo = at.minus(patience);
    return !met.isAfter(longAgo) && !writtenAt.isAfter(longAgo);
  }

  /**
   * All files have been looked at, or not all. Only after all of them, those that were not met any
   * more are forgotten.
   */
  void lookedAt(boolean all) {
    if (!all) {
      before.forEach(
          (id, met) -> {
            if (now.size() < MOST) {
              now.putIfAbsent(id, met);
            }
          });
    }
    before = now;
    now = new HashMap<>();
  }
}
