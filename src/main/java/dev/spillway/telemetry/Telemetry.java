package dev.spillway.telemetry;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Where the server's parts report what they did. Meters are created once, in the constructor of the
 * part that owns them, and are safe for use by any thread.
 *
 * <p>Names are dotted lower-case words, the part first: {@code upload.chunks.received}. Units are
 * in the name when they are not counts: {@code upload.received.bytes}.
 */
public interface Telemetry {

  /** Reports nothing; for parts that are built without an operator. */
  Telemetry NONE = new NoTelemetry();

  /** A number that only grows. Asking twice for one name gives the same counter. */
  Counter counter(String name);

  /** Durations of one kind of event, kept over a sliding window so that old peaks fade. */
  Timer timer(String name);

  /** A value read when somebody looks. A second registration under one name replaces the first. */
  void gauge(String name, LongSupplier value);

  /** A number that only grows. */
  interface Counter {
    void add(long n);
  }

  /** Durations of one kind of event. */
  interface Timer {
    void record(Duration elapsed);

    /**
     * What was recorded in the last minute. Costs some 25 microseconds; for people and reports, not
     * for every request. What is older than 40 seconds may be missing already, so divide by a
     * counter's growth, not by this count, when you need a rate.
     */
    Quantiles quantiles();
  }

  /**
   * Durations that half, 99 of 100, and all of the events of the last minute did not exceed; zero
   * when there were none. They may be some tenths of a percent too long, never too short.
   */
  record Quantiles(long count, Duration p50, Duration p99, Duration max) {

    /** Of no events. */
    public static final Quantiles NONE =
        new Quantiles(0, Duration.ZERO, Duration.ZERO, Duration.ZERO);
  }
}
