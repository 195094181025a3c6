package dev.spillway.dashboard;

import dev.spillway.status.Trend;
import dev.spillway.telemetry.Legible;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Which charts there are, and what each shows. */
final class Charts {

  private static final double NANOS = 1e9;
  private static final double STEP = 1024;

  /**
   * A chart.
   *
   * @param lines by the left scale
   * @param limit by the left scale; drawn as a limit
   * @param other by the right scale
   * @param columns whether the lines are columns that stand on each other
   */
  record Plan(
      String name,
      String title,
      List<Named> lines,
      Optional<Trend> limit,
      Optional<Named> other,
      boolean columns) {}

  /** A trend with its name for people. */
  record Named(Trend trend, String label) {}

  /** What a trend counts. */
  enum Unit {
    BYTES,
    BYTES_PER_SECOND,
    SECONDS,
    PER_SECOND,
    SHARE,
    COUNT
  }

  static final List<Plan> ALL =
      List.of(
          lines(
              "throughput",
              "Throughput",
              named(Trend.RECEIVED_RATE, "received"),
              named(Trend.STORED_RATE, "on record")),
          lines(
              "latency",
              "Chunk handling",
              named(Trend.CHUNK_P99, "p99"),
              named(Trend.CHUNK_P50, "p50")),
          lines(
              "store",
              "Commits to the catalogue",
              named(Trend.COMMIT_P99, "p99"),
              named(Trend.COMMIT_P50, "p50")),
          lines(
              "uploads",
              "Chunks on their way",
              named(Trend.CHUNKS_MOVING, "arriving"),
              named(Trend.CHUNKS_WAITING, "waiting"),
              named(Trend.CHUNKS_STALLED, "stalled")),
          new Plan(
              "outcomes",
              "Requests by outcome",
              List.of(
                  named(Trend.SERVED, "served"),
                  named(Trend.REFUSED, "refused"),
                  named(Trend.SERVER_ERRORS, "server errors"),
                  named(Trend.CLIENT_ERRORS, "client errors"),
                  named(Trend.ABORTED, "aborted")),
              Optional.empty(),
              Optional.empty(),
              true),
          new Plan(
              "buffers",
              "Buffer memory",
              List.of(named(Trend.BUFFER_BYTES, "leased")),
              Optional.of(Trend.BUFFER_LIMIT),
              Optional.of(named(Trend.BUFFER_WAITING, "chunks waiting")),
              false),
          new Plan(
              "heap",
              "Heap after collections",
              List.of(named(Trend.HEAP_LIVE, "live")),
              Optional.of(Trend.HEAP_MAX),
              Optional.of(named(Trend.COLLECTING, "time spent collecting")),
              false));

  private Charts() {}

  private static Plan lines(String name, String title, Named... lines) {
    return new Plan(name, title, List.of(lines), Optional.empty(), Optional.empty(), false);
  }

  private static Named named(Trend trend, String label) {
    return new Named(trend, label);
  }

  static Unit unit(Trend trend) {
    return switch (trend.unit()) {
      case "bytes" -> Unit.BYTES;
      case "bytes a second" -> Unit.BYTES_PER_SECOND;
      case "seconds" -> Unit.SECONDS;
      case "requests a second" -> Unit.PER_SECOND;
      case "share" -> Unit.SHARE;
      default -> Unit.COUNT;
    };
  }

  /** A value in words. */
  static String text(double value, Unit unit) {
    if (Double.isNaN(value)) {
      return Words.NONE;
    }
    return switch (unit) {
      case BYTES -> Legible.bytes(value);
      case BYTES_PER_SECOND -> Legible.rate(value);
      case SECONDS -> Legible.duration(Duration.ofNanos((long) (value * NANOS)));
      case PER_SECOND -> Legible.number(value) + "/s";
      case SHARE -> Legible.percent(value);
      case COUNT -> Legible.number(value);
    };
  }

  /** The next round number, so that the scale's upper end can be read. */
  static double round(double max, Unit unit) {
    if (max <= 0) {
      return unit == Unit.SHARE ? 0.01 : 1;
    }
    if (unit == Unit.BYTES || unit == Unit.BYTES_PER_SECOND) {
      double power = Math.pow(STEP, Math.floor(Math.log(max) / Math.log(STEP)));
      return power * oneTwoFive(max / power);
    }
    return unit == Unit.COUNT ? Math.max(1, oneTwoFive(max)) : oneTwoFive(max);
  }

  private static double oneTwoFive(double number) {
    double power = Math.pow(10, Math.floor(Math.log10(number)));
    double digit = number / power;
    return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
  }
}
