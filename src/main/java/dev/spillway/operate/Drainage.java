package dev.spillway.operate;

import dev.spillway.admission.Admission;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An operator's hold on new uploads, and since when it lasts. It ends with the process: a server
 * that starts takes uploads. Any thread may call.
 */
public final class Drainage {

  private final Admission admission;
  private final Clock clock;
  private @Nullable Instant since;

  /** What a call has found or changed. */
  enum Change {
    DONE,
    /** It was so before. */
    UNCHANGED,
    /** The server stops, which nobody can take back. */
    STOPPING
  }

  public Drainage(Admission admission, Clock clock) {
    this.admission = admission;
    this.clock = clock;
  }

  synchronized Change hold() {
    Admission.Stats now = admission.stats();
    if (now.draining()) {
      return Change.STOPPING;
    }
    if (now.holding()) {
      return Change.UNCHANGED;
    }
    admission.holdUploads();
    since = clock.instant();
    return Change.DONE;
  }

  synchronized Change resume() {
    Admission.Stats now = admission.stats();
    if (now.draining()) {
      return Change.STOPPING;
    }
    if (!now.holding()) {
      return Change.UNCHANGED;
    }
    admission.resumeUploads();
    since = null;
    return Change.DONE;
  }

  /** Whether the server stops. */
  boolean stopping() {
    return admission.stats().draining();
  }

  /**
   * Since when new uploads are refused, by an operator or because the server stops. The moment of a
   * stop is the one at which this was first asked afterwards.
   */
  public synchronized Optional<Instant> since() {
    if (since == null && admission.stats().draining()) {
      since = clock.instant();
    }
    return Optional.ofNullable(since);
  }
}
