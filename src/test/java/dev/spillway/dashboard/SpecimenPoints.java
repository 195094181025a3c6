package dev.spillway.dashboard;

import dev.spillway.status.Points;
import dev.spillway.status.Trend;
import dev.spillway.status.Window;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Points as a server may have measured them. */
public final class SpecimenPoints {

  private static final double MIB = 1 << 20;

  private SpecimenPoints() {}

  /** A whole window, with a gap in it. */
  public static Points of(Window window, double load) {
    int count = (int) window.length().dividedBy(window.step());
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      millis.add(Specimens.NOW.minus(window.step().multipliedBy(count - 1L - i)).toEpochMilli());
    }
    Map<Trend, double[]> values = new EnumMap<>(Trend.class);
    for (Trend trend : Trend.values()) {
      values.put(trend, course(trend, count, load));
    }
    Instant restart = Instant.ofEpochMilli(millis.get(count / 3));
    return new Points(
        window, millis, values, List.of(new Points.Mark(restart, Points.Mark.Kind.START)));
  }

  /** Nothing measured yet. */
  public static Points none(Window window) {
    return new Points(window, List.of(), Map.of(), List.of());
  }

  private static double[] course(Trend trend, int count, double load) {
    Random random = new Random(trend.key().hashCode());
    double[] course = new double[count];
    double walk = 0.7;
    for (int i = 0; i < count; i++) {
      walk = Math.max(0.2, Math.min(1, walk + (random.nextDouble() - 0.5) / 8));
      boolean gap = i > count / 4 && i < count / 3;
      course[i] = gap ? Double.NaN : most(trend, load) * (isLimit(trend) ? 1 : walk);
    }
    return course;
  }

  private static boolean isLimit(Trend trend) {
    return trend == Trend.BUFFER_LIMIT || trend == Trend.HEAP_MAX;
  }

  private static double most(Trend trend, double load) {
    return switch (trend) {
      case RECEIVED_RATE, STORED_RATE -> 337 * MIB * load;
      case CHUNK_P50, COMMIT_P50 -> 0.018 * load;
      case CHUNK_P99, COMMIT_P99 -> 0.18 * load;
      case BUFFER_BYTES -> 64 * MIB * load;
      case BUFFER_LIMIT -> 64 * MIB;
      case HEAP_LIVE -> 500 * MIB;
      case HEAP_MAX -> 1024 * MIB;
      case COLLECTING, CHUNK_ERRORS -> 0.01 * load;
      case DISK_USABLE -> 61e9;
      case SERVER_ERRORS, CLIENT_ERRORS, ABORTED -> 0.4 * load;
      case REFUSED -> load > 0.9 ? 3 : 0;
      case SERVED -> 40 * load;
      default -> Math.rint(40 * load);
    };
  }
}
