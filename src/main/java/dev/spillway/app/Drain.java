package dev.spillway.app;

import dev.spillway.admission.Admission;
import dev.spillway.upload.Chunks;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first thing that happens when the server stops: no new work, and the chunks in progress come
 * to a durable point while everything they need is still open.
 */
record Drain(Admission admission, Chunks chunks, Duration patience) implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Drain.class);

  @Override
  public void close() {
    admission.drain();
    int inProgress = chunks.inProgress();
    if (inProgress > 0) {
      log.info("stopping: {} chunks may take {} to arrive", inProgress, patience);
    }
    if (!chunks.drain(patience)) {
      log.warn("stopping with {} chunks that do not end", chunks.inProgress());
    }
  }
}
