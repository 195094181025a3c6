package dev.spillway.upkeep;

import dev.spillway.upkeep.PublishStatus.Totals;
import dev.spillway.upload.Upload;
import java.time.Instant;
import java.util.Optional;

/**
 * What has been done since the start.
 *
 * <p>Whoever uses it sees to it that one thread does at a time.
 */
final class PublishTotals {

  private Totals now = new Totals(0, 0, 0, Optional.empty());

  void published(Upload upload, Instant at) {
    now = new Totals(now.files() + 1, now.bytes() + upload.size(), now.failed(), Optional.of(at));
  }

  void failed() {
    now = new Totals(now.files(), now.bytes(), now.failed() + 1, now.lastPublished());
  }

  Totals view() {
    return now;
  }
}
