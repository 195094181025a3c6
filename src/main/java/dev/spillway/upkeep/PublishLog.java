package dev.spillway.upkeep;

import dev.spillway.upload.UploadId;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the log hears of publishing: how things turn, and not what each attempt does. Any thread may
 * call.
 *
 * @param destination its name
 */
record PublishLog(String destination) {

  private static final Logger log = LoggerFactory.getLogger(Publisher.class);

  /**
   * @param secondsBefore how long it had been as it was
   */
  void circuit(PublishStatus.Circuit now, long secondsBefore) {
    switch (now.state()) {
      case CLOSED ->
          log.info(
              "{} takes files again after {} s; those that wait go on", destination, secondsBefore);
      case OPEN ->
          log.warn(
              "{} cannot be reached: {}; finished files wait here, and it is tried now and then",
              destination,
              now.reason());
      case REFUSED ->
          log.error(
              "{} refuses this server: {}; finished files wait here until somebody has put that"
                  + " right, and one of them is tried once a minute",
              destination,
              now.reason());
    }
  }

  void pause(PublishStatus.Pause pause, int waiting) {
    log.warn(
        "publishing to {} pauses: {}; {} files have been published in a row, at least {} wait",
        destination,
        pause.reason(),
        pause.published(),
        waiting);
  }

  void goesOn(PublishStatus.Pause ended, Instant now) {
    log.info(
        "publishing to {} goes on after {} s",
        destination,
        Math.max(0, Duration.between(ended.since(), now).toSeconds()));
  }

  /** Told once for each file. */
  void delayed(UploadId id, String why) {
    log.warn("upload {} is not published yet, and is tried again: {}", id, why);
  }

  /** Something that nobody has thought of. */
  void defect(String what, Throwable e) {
    log.error("{}, unexpectedly", what, e);
  }

  /** A thread that does not end. */
  void hangs(String thread) {
    log.warn("{} does not end; its file is published after the next start", thread);
  }
}
