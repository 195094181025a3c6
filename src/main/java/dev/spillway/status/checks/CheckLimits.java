package dev.spillway.status.checks;

import dev.spillway.status.Level;
import dev.spillway.telemetry.Legible;
import java.time.Duration;

/**
 * From which values on the checks warn, and are critical. A limit that is reached counts, one of
 * what is left when it is no longer held. Immutable, for any thread.
 *
 * @param publishAge how long the oldest finished file has been waiting for its destination
 */
public record CheckLimits(Traffic traffic, Saturation saturation, Store store, Times publishAge) {

  /** Limits of a share, from 0 to 1. */
  public record Shares(double warning, double critical) {

    Level of(double share) {
      if (share >= critical) {
        return Level.CRITICAL;
      }
      return share >= warning ? Level.WARNING : Level.OK;
    }

    String inWords() {
      return "warns from "
          + Legible.percent(warning)
          + " on, critical from "
          + Legible.percent(critical)
          + " on";
    }
  }

  /** Limits of a time. */
  public record Times(Duration warning, Duration critical) {

    Level of(Duration time) {
      if (time.compareTo(critical) >= 0) {
        return Level.CRITICAL;
      }
      return time.compareTo(warning) >= 0 ? Level.WARNING : Level.OK;
    }

    String inWords() {
      return "warns from "
          + Legible.duration(warning)
          + " on, critical from "
          + Legible.duration(critical)
          + " on";
    }
  }

  /**
   * Of requests.
   *
   * @param errors share of requests that the server failed at
   * @param refused share of refused requests that is critical; a single one warns
   * @param stalledAfter how long a chunk under way has no byte before it counts as stalled
   * @param stalled share of stalled chunks that is critical; a single one warns
   * @param mismatches checksums that did not match in an hour that are critical; a single one warns
   */
  public record Traffic(
      Shares errors, double refused, Duration stalledAfter, double stalled, int mismatches) {}

  /**
   * Of bounded resources.
   *
   * @param buffers share of the buffer memory that is leased
   * @param bufferWait how long the oldest waits who warns, and 99 of 100 wait which is critical
   * @param transfers share of the places for chunks that warns; all of them are critical
   * @param queueWait how long the first in the queue for the disk has been waiting
   * @param queueFull share of the queue's room that is critical
   * @param collecting share of the time that collections take
   * @param resources share of direct memory, and of file descriptors
   */
  public record Saturation(
      Shares buffers,
      Times bufferWait,
      double transfers,
      Times queueWait,
      double queueFull,
      Shares collecting,
      Shares resources) {}

  /**
   * Of what keeps the bytes.
   *
   * @param diskFree share of the disk that is still free, below which it warns and is critical
   * @param diskPlenty with so many bytes free no share is a worry
   * @param latency of commits and forces, 99 of 100
   * @param abandoned uploads that warn
   * @param abandonedBytes bytes they hold that warn
   * @param abandonedShare critical when they hold this share of what they and the free space make
   */
  public record Store(
      Shares diskFree,
      long diskPlenty,
      Times latency,
      int abandoned,
      long abandonedBytes,
      double abandonedShare) {}
}
