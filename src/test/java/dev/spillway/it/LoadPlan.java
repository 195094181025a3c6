package dev.spillway.it;

import java.time.Duration;

/**
 * What load clients do: each sends a file of its own over a connection of its own.
 *
 * @param clients how many there are
 * @param size the bytes of each file
 * @param chunkSize the bytes of each chunk but the last
 * @param bytesPerSecond how fast each client sends; 0 for as fast as it can
 * @param forms whether chunks are sent as multipart forms rather than as raw bodies
 */
record LoadPlan(int clients, long size, long chunkSize, long bytesPerSecond, boolean forms) {

  /** Slow clients send what they may this often. */
  static final Duration TICK = Duration.ofMillis(250);

  /** Slow clients come one after the other, at this distance on average. */
  private static final Duration DISTANCE = Duration.ofNanos(2_500_000);

  static LoadPlan fast(int clients, long size, long chunkSize) {
    return new LoadPlan(clients, size, chunkSize, 0, false);
  }

  LoadPlan slowedTo(long bytesPerSecondEach) {
    return new LoadPlan(clients, size, chunkSize, bytesPerSecondEach, forms);
  }

  LoadPlan asForms() {
    return new LoadPlan(clients, size, chunkSize, bytesPerSecond, true);
  }

  boolean paced() {
    return bytesPerSecond > 0;
  }

  /** Within what time the clients begin. */
  Duration spread() {
    return paced() ? DISTANCE.multipliedBy(clients) : Duration.ZERO;
  }

  long chunks() {
    return (size + chunkSize - 1) / chunkSize;
  }

  long totalBytes() {
    return clients * size;
  }
}
