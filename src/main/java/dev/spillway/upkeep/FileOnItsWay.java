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
  private final int era;
  private volatile long sent;
  private volatile @Nullable String trouble;

  /** The most that has ever been safe there: less is no news of the destination. */
  private long most;

  /**
   * @param era of the circuit, in which it is begun
   */
  FileOnItsWay(Upload upload, Instant since, int era) {
    this.upload = upload;
    this.since = since;
    this.era = era;
  }

  Upload upload() {
    return upload;
  }

  Instant since() {
    return since;
  }

  int era() {
    return era;
  }

  /** Whether the destination has taken each of its bytes, which an empty file does not have. */
  boolean isWholeThere() {
    return most > 0 && most >= upload.size();
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
