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

  /** How far a file has come, for what a failure of it means. */
  enum Reach {
    /** The destination has taken no byte of it, and was not asked for the last ones. */
    NOTHING,
    /** Neither of the others. */
    SOMETHING,
    /** The destination has taken its bytes, and only has to make a file of them. */
    END
  }

  private final Upload upload;
  private final Instant since;
  private final int era;
  private volatile long sent;
  private volatile @Nullable String trouble;

  /** Whether its local file could be read, as far as that has been tried. */
  private volatile boolean readable;

  /** The most that has ever been safe there: less is no news of the destination. */
  private long most;

  /** Whether it has failed when only that was missing. */
  private boolean ending;

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

  /**
   * The farthest it has ever come. One that goes in a single request comes to no end of its own.
   */
  Reach reach() {
    if (most == 0) {
      return ending ? Reach.SOMETHING : Reach.NOTHING;
    }
    return ending || most >= upload.size() ? Reach.END : Reach.SOMETHING;
  }

  /** Only what makes a file of its bytes is missing. */
  void ending() {
    ending = true;
  }

  /**
   * @param isReadable whether its local file is here and can be read
   */
  void readable(boolean isReadable) {
    readable = isReadable;
  }

  boolean isReadable() {
    return readable;
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
