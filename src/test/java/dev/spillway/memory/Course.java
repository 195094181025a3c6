package dev.spillway.memory;

import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;

/** How a figure goes, sample after sample. */
interface Course extends IntToDoubleFunction {

  static Course constant(double value) {
    return sample -> value;
  }

  /** From a value to its multiple in 60 samples, and on like that. */
  static Course line(double from, double factor) {
    return sample -> from * (1 + (factor - 1) * sample / 59);
  }

  /** Climbs from nothing and falls at once, over and over. */
  static Course sawtooth(int period, double height) {
    return sample -> height * (sample % period) / period;
  }

  /** Stays, climbs evenly for so many samples, and stays. */
  static Course ramp(int begin, int length, double height) {
    return sample -> height * Math.min(Math.max(sample - begin, 0), length) / length;
  }

  static Course step(int at, double height) {
    return sample -> sample < at ? 0 : height;
  }

  default Course plus(Course other) {
    return sample -> applyAsDouble(sample) + other.applyAsDouble(sample);
  }

  /** With a share of each value added or taken away by chance, the same for the same sample. */
  default Course noisy(double share, long seed) {
    return sample ->
        applyAsDouble(sample)
            * (1 + share * (2 * new SplittableRandom(seed * 1_000_003 + sample).nextDouble() - 1));
  }

  /** Not measured at some samples. */
  default Course gapAt(IntPredicate samples) {
    return sample -> samples.test(sample) ? Double.NaN : applyAsDouble(sample);
  }
}
