package dev.spillway.telemetry;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Where the server's parts report what they did. Meters are created once, in the constructor of the
 * part that owns them, and are safe for use by any thread.
 *
 * <p>Names are dotted lower-case words, the part first, the unit last when it is not a count:
 * {@code upload.received.bytes}. Bytes and seconds are the only units, shares are ratios from 0 to
 * 1. Exporters add what their conventions ask for, {@code total} to a counter and {@code seconds}
 * to a timer, so no name ends in such a word; a timer may end in seconds. The help text is one
 * sentence that tells an operator what is measured.
 *
 * <p>A name has one kind, one help text and one set of labels. Breaking these rules is a
 * programmer's error: an {@link IllegalArgumentException} from the telemetry of a running server.
 */
public interface Telemetry {

  /** Reports nothing; for parts that are built without an operator. */
  Telemetry NONE = new NoTelemetry();

  /** A number that only grows. Asking twice for one name gives the same counter. */
  Counter counter(String name, String help);

  /**
   * Durations of one kind of event, kept over a sliding window so that old peaks fade. Asking twice
   * for one name gives the same timer.
   */
  Timer timer(String name, String help);

  /** A value read when somebody looks. A second registration under one name replaces the first. */
  void gauge(String name, String help, LongSupplier value);

  /** A value that may not be measured: then it is reported nowhere, and never as zero. */
  void measure(String name, String help, Supplier<OptionalDouble> value);

  /**
   * This telemetry with a label on each name. Meters of one name share their help text, and have
   * the same labels with different values.
   *
   * @param key a lower-case word, but none that exporters use: quantile, le, name, type
   * @param value one of a small, fixed number; nothing that a client chooses
   */
  Telemetry labelled(String key, String value);

  /**
   * Reports how full a bounded resource is.
   *
   * @param name in lower case with hyphens, the unit last when it is not a count
   * @param now read when somebody looks, and then at most once a second
   * @return what the resource's owner counts refusals with
   */
  Counter bound(String name, Supplier<Occupancy> now);

  /**
   * How full a bounded resource is at one moment.
   *
   * @param waiting how many callers wait
   * @param oldestWait how long the first of them has been waiting; zero when there is none
   */
  record Occupancy(long used, long limit, long waiting, Duration oldestWait) {

    /** Of a resource that nobody waits for. */
    public static Occupancy of(long used, long limit) {
      return new Occupancy(used, limit, 0, Duration.ZERO);
    }
  }

  /** A number that only grows. */
  interface Counter {
    void add(long n);

    /**
     * What was added since the start, by whoever asked for this name. Costs a microsecond at most;
     * what is being added at the same time may be missing.
     */
    long total();
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
