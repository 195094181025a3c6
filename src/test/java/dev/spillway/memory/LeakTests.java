package dev.spillway.memory;

import dev.spillway.memory.LeakDetector.Resource;
import dev.spillway.telemetry.CapturedLog;
import dev.spillway.telemetry.RecordedTelemetry;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.lifecycle.AfterProperty;
import org.junit.jupiter.api.AfterEach;

/** Tests each of which has a detector that is told figures one by one. */
abstract class LeakTests {

  static final Instant START = Instant.parse("2024-11-21T12:01:05Z");
  static final Duration SAMPLE = Duration.ofSeconds(10);
  static final int WINDOW = 60;

  final CapturedLog log = new CapturedLog(LeakDetector.class);
  final RecordedTelemetry telemetry = new RecordedTelemetry();
  final LeakDetector detector = new LeakDetector(telemetry);

  @AfterEach
  @AfterProperty
  final void letGoOfTheLog() {
    log.close();
  }

  static void observe(LeakDetector detector, Resource resource, Course course, int sample) {
    double[] values = new double[Resource.values().length];
    Arrays.fill(values, Double.NaN);
    values[List.of(Resource.values()).indexOf(resource)] = course.applyAsDouble(sample);
    detector.observe(START.plus(SAMPLE.multipliedBy(sample)), values);
  }

  final void observe(Course course, int from, int to) {
    for (int sample = from; sample < to; sample++) {
      observe(detector, Resource.OPEN_FILES, course, sample);
    }
  }

  final boolean isSuspected() {
    return !detector.suspicions().isEmpty();
  }
}
