package dev.spillway.upkeep;

import dev.spillway.upload.Upload;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One file that is being published. The thread that does it says how far it is; any thread may
 * look.
 */
final class FileOnItsWay {

  private final Upload upload;
  private final Instant since;
  private volatile long sent;
  private volatile @Nullable String trouble;

  /** The most that has ever been safe there: less is no news of the destination. */
  private long most;

  FileOnItsWay(Upload upload, Instant since) {
    this.upload = upload;
    this.since = since;
  }

  Upload upload() {
    return upload;
  }

  Instant since() {
    return since;
  }

  /** So many bytes are safe there; fewer than before when it had to begin again. */
  void at(long bytes) {
    sent = bytes;
    if (bytes > most) {
      most = bytes;
      trouble = null;
    }
  }

  long sent() {
    return sent;
  }

  long most() {
    return most;
  }

  void trouble(String why) {
    trouble = why;
  }

  PublishStatus.Underway view() {
    return new PublishStatus.Underway(
        upload.id(), upload.name(), upload.size(), sent, since, Optional.ofNullable(trouble));
  }
}
