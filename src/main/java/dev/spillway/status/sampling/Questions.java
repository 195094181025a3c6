package dev.spillway.status.sampling;

import dev.spillway.telemetry.Telemetry;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks sources, of which one may fail without harm to the others. Any thread may call. */
final class Questions {

  private static final Logger log = LoggerFactory.getLogger(Questions.class);

  private final Telemetry.Counter failed;

  Questions(Telemetry telemetry) {
    failed =
        telemetry.counter(
            "status.questions.failed", "Figures of the dashboard that could not be found out.");
  }

  /** The answer; empty when there is none. */
  <T> Optional<T> ask(String what, Supplier<T> source) {
    try {
      return Optional.of(source.get());
    } catch (RuntimeException e) {
      failed.add(1);
      // The checks say what is wrong; as a warning it would come every few seconds.
      log.debug("no answer about {}", what, e);
      return Optional.empty();
    }
  }
}
