package dev.spillway.telemetry;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * The last so many values of some figures, with their times. All of its memory is taken when it is
 * made, 8 bytes a value, and the oldest values make room for new ones. Whoever makes it lets go of
 * it; any thread may add and read.
 */
public final class History {

  private final List<String> names;
  private final long[] millis;
  private final double[][] values;

  /** How many rows were added since the start; the next one goes where the oldest is. */
  private long added;

  /**
   * Makes an empty one.
   *
   * @param capacity how many values of each series are kept
   * @param series the names, each another
   */
  public History(int capacity, List<String> series) {
    if (capacity < 1 || series.isEmpty() || series.stream().distinct().count() != series.size()) {
      throw new IllegalArgumentException(
          "A history needs room and different names: " + capacity + " of " + series);
    }
    names = List.copyOf(series);
    millis = new long[capacity];
    values = new double[names.size()][capacity];
  }

  /** The names, in the order of the values. */
  public List<String> names() {
    return names;
  }

  /** How many values of each series are kept at most. */
  public int capacity() {
    return millis.length;
  }

  /**
   * Adds one value to each series.
   *
   * @param row in the order of the names; what is not a number was not measured
   */
  public synchronized void add(Instant at, double[] row) {
    if (row.length != names.size()) {
      throw new IllegalArgumentException(
          row.length + " values for the " + names.size() + " series " + names);
    }
    int place = place(added);
    millis[place] = at.toEpochMilli();
    for (int i = 0; i < row.length; i++) {
      values[i][place] = row[i];
    }
    added++;
  }

  /** What is kept of one series now, the oldest first. It does not change any more. */
  public Series series(String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException("No series " + name + " among " + names);
    }
    return read(values[index]);
  }

  /** Only the copying is under the lock: a reader holds a writer up for a microsecond. */
  private synchronized Series read(double[] ring) {
    int size = (int) Math.min(added, millis.length);
    long[] times = new long[size];
    double[] copy = new double[size];
    for (int i = 0; i < size; i++) {
      int place = place(added - size + i);
      times[i] = millis[place];
      copy[i] = ring[place];
    }
    return new Series(times, copy);
  }

  private int place(long row) {
    return (int) (row % millis.length);
  }

  /** The values of one series with their times, the oldest first. Immutable; for any thread. */
  public static final class Series {

    private final long[] millis;
    private final double[] values;

    private Series(long[] millis, double[] values) {
      this.millis = millis;
      this.values = values;
    }

    /** How many there are, those that were not measured included. */
    public int size() {
      return values.length;
    }

    /**
     * When a value was measured, in whole milliseconds.
     *
     * @param index 0 for the oldest
     */
    public Instant at(int index) {
      return Instant.ofEpochMilli(millis[index]);
    }

    /**
     * A value; not a number when it was not measured.
     *
     * @param index 0 for the oldest
     */
    public double value(int index) {
      return values[index];
    }

    /** All values, the oldest first; the array is the caller's own. */
    public double[] values() {
      return Arrays.copyOf(values, values.length);
    }
  }
}
