package dev.spillway.status.sampling;

import dev.spillway.status.Points;
import dev.spillway.status.Trend;
import dev.spillway.status.Window;
import dev.spillway.telemetry.History;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the charts show: three rings of rows, some seconds, half a minute, and a minute apart. All
 * of their memory, two thirds of a megabyte, is taken at once. Any thread may call.
 */
final class Trends {

  private static final int MARKS = 100;
  private static final List<Trend> TRENDS = List.of(Trend.values());
  private static final List<String> NAMES = TRENDS.stream().map(Trend::key).toList();

  /** Of these a mean would hide what they are there to show. */
  private static final Set<Trend> BY_MAXIMUM =
      EnumSet.of(
          Trend.CHUNK_P50,
          Trend.CHUNK_P99,
          Trend.COMMIT_P50,
          Trend.COMMIT_P99,
          Trend.CHUNKS_WAITING,
          Trend.CHUNKS_STALLED,
          Trend.BUFFER_BYTES,
          Trend.BUFFER_WAITING,
          Trend.QUEUE_WAITING,
          Trend.COLLECTING,
          Trend.THREADS,
          Trend.DESCRIPTORS,
          Trend.CHUNK_ERRORS);

  private final Ring fine;
  private final Ring middle;
  private final Ring coarse;
  private final Deque<Points.Mark> marks = new ArrayDeque<>();

  /** One ring, and what has come in for its next row. Guarded by the trends. */
  private static final class Ring {

    private final History history;
    private final int samples;
    private final double[] row = new double[NAMES.size()];
    private final int[] counts = new int[NAMES.size()];
    private int collected;

    private Ring(Duration step, Duration interval, int capacity) {
      history = new History(capacity, NAMES);
      samples = (int) Math.max(1, Math.round((double) step.toNanos() / interval.toNanos()));
    }

    private void add(Instant at, Map<Trend, Double> values) {
      for (int i = 0; i < row.length; i++) {
        double value = values.getOrDefault(TRENDS.get(i), Double.NaN);
        if (!Double.isNaN(value)) {
          if (BY_MAXIMUM.contains(TRENDS.get(i))) {
            row[i] = counts[i] == 0 ? value : Math.max(row[i], value);
          } else {
            row[i] += value;
          }
          counts[i]++;
        }
      }
      collected++;
      if (collected == samples) {
        history.add(at, result());
        Arrays.fill(row, 0);
        Arrays.fill(counts, 0);
        collected = 0;
      }
    }

    private double[] result() {
      double[] result = new double[row.length];
      for (int i = 0; i < row.length; i++) {
        double mean = counts[i] == 0 ? Double.NaN : row[i] / counts[i];
        result[i] = counts[i] > 0 && BY_MAXIMUM.contains(TRENDS.get(i)) ? row[i] : mean;
      }
      return result;
    }
  }

  /**
   * @param interval between two samples; the rows' distances are multiples of it
   */
  Trends(Duration interval) {
    fine = new Ring(Window.HOUR.step(), interval, 720);
    middle = new Ring(Window.SIX_HOURS.step(), interval, 720);
    coarse = new Ring(Window.DAY.step(), interval, 1440);
  }

  /** Adds a sample; what is missing or not a number was not measured. */
  synchronized void add(Instant at, Map<Trend, Double> values) {
    fine.add(at, values);
    middle.add(at, values);
    coarse.add(at, values);
  }

  synchronized void mark(Instant at, Points.Mark.Kind kind) {
    if (marks.size() == MARKS) {
      marks.removeFirst();
    }
    marks.addLast(new Points.Mark(at, kind));
  }

  /**
   * The points of a window.
   *
   * @param now its end
   * @param afterMillis only those measured later than this
   */
  synchronized Points points(Window window, Instant now, long afterMillis) {
    History history = ring(window).history;
    Instant start = now.minus(window.length());
    long after = Math.max(afterMillis, start.toEpochMilli());
    List<Long> millis = new ArrayList<>();
    Map<Trend, double[]> values = new EnumMap<>(Trend.class);
    for (Trend trend : TRENDS) {
      History.Series series = history.series(trend.key());
      int first = series.size();
      while (first > 0 && series.at(first - 1).toEpochMilli() > after) {
        first--;
      }
      values.put(trend, Arrays.copyOfRange(series.values(), first, series.size()));
      for (int i = first; millis.size() < series.size() - first; i++) {
        millis.add(series.at(i).toEpochMilli());
      }
    }
    return new Points(
        window,
        List.copyOf(millis),
        values,
        marks.stream().filter(mark -> mark.at().isAfter(start)).toList());
  }

  private Ring ring(Window window) {
    return switch (window) {
      case TEN_MINUTES, HOUR -> fine;
      case SIX_HOURS -> middle;
      case DAY -> coarse;
    };
  }
}
