package dev.spillway.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Decides when the figures are worth a line in the log, and writes it. Owned by the monitor; one
 * thread at a time may call.
 */
final class FigureLine {

  private final Duration every;
  private Instant loggedAt = Instant.MIN;

  /** The values of the last line; none before the first. */
  private double[] logged = {};

  FigureLine(Duration every) {
    this.every = every;
  }

  /** The line, when it is due: enough time has passed since the one before, and something moved. */
  Optional<String> due(Instant now, Sample sample) {
    double[] values = Figure.values(sample);
    if (logged.length > 0 && !(isTime(now) && moved(logged, values))) {
      return Optional.empty();
    }
    loggedAt = now;
    logged = values;
    return Optional.of(text(sample));
  }

  /** A clock that was set back must not silence the log. */
  private boolean isTime(Instant now) {
    return now.isBefore(loggedAt) || !now.isBefore(loggedAt.plus(every));
  }

  private static boolean moved(double[] before, double[] now) {
    return IntStream.range(0, now.length)
        .anyMatch(i -> Figure.ALL.get(i).hasMoved(before[i], now[i]));
  }

  /** All figures that were measured, always in the same order. */
  static String text(Sample sample) {
    List<String> parts = new ArrayList<>();
    for (Figure figure : Figure.ALL) {
      double value = figure.value().applyAsDouble(sample);
      double limit = figure.limit().applyAsDouble(sample);
      if (!Double.isNaN(value)) {
        String of = limit > 0 ? " of " + figure.unit().text(limit) : "";
        parts.add(figure.label() + " " + figure.unit().text(value) + of);
      }
    }
    return String.join(", ", parts);
  }
}
