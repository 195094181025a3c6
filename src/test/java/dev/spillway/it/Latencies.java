package dev.spillway.it;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** How long some calls have taken. One thread uses it. */
final class Latencies {

  private final List<Long> nanos = new ArrayList<>();

  <T> T of(Callable<T> call) throws Exception {
    long started = System.nanoTime();
    T result = call.call();
    nanos.add(System.nanoTime() - started);
    return result;
  }

  /** Forgets what was for warming up. */
  void forget() {
    nanos.clear();
  }

  double medianMillis() {
    List<Long> sorted = new ArrayList<>(nanos);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2) / 1e6;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "median %.1f ms, slowest %.1f ms of %d",
        medianMillis(),
        Collections.max(nanos) / 1e6,
        nanos.size());
  }
}
