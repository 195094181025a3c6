package dev.spillway.upload;

import dev.spillway.telemetry.Telemetry;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Forces written bytes to the disk, once for all chunks of a file that wait for it at the same
 * time: a force makes all bytes of a file durable, whoever wrote them.
 *
 * <p>A chunk never relies on a force that had begun before its last write. When a force fails, the
 * bytes of every chunk that relied on it are lost (the kernel drops them and says so only once), so
 * each of them fails and nobody forces them again.
 *
 * <p>Any thread may call.
 */
final class Forces {

  /** How long a chunk relies on somebody else's force; a disk that takes longer is broken. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Map<UploadId, Rounds> files = new ConcurrentHashMap<>();
  private final LongSupplier nanos;
  private final Telemetry.Timer duration;
  private final Telemetry.Counter shared;
  private final Telemetry.Counter failed;

  /**
   * @param nanos a clock that never goes back, for meters only
   */
  Forces(Telemetry telemetry, LongSupplier nanos) {
    this.nanos = nanos;
    this.duration = telemetry.timer("upload.force");
    this.shared = telemetry.counter("upload.forces.shared");
    this.failed = telemetry.counter("upload.forces.failed");
  }

  /**
   * Makes everything durable that this thread has written to the file.
   *
   * @throws IOException when it is not: the bytes are then lost
   */
  void force(UploadId id, UploadFile file) throws IOException {
    Rounds rounds =
        files.compute(
            id,
            (key, now) -> {
              Rounds joined = now == null ? new Rounds() : now;
              joined.members++;
              return joined;
            });
    try {
      rounds.join(file);
    } finally {
      files.computeIfPresent(id, (key, now) -> --now.members == 0 ? null : now);
    }
  }

  /** One file's forces: at most one is running, and at most one is being joined for after it. */
  private final class Rounds {

    /** Belongs to the map's lock on its key. */
    private int members;

    private @Nullable CompletableFuture<Void> running;
    private @Nullable CompletableFuture<Void> next;

    private void join(UploadFile file) throws IOException {
      CompletableFuture<Void> mine = new CompletableFuture<>();
      CompletableFuture<Void> before;
      boolean leads;
      synchronized (this) {
        leads = next == null;
        if (next == null) {
          next = mine;
        } else {
          mine = next;
        }
        before = running;
      }
      if (leads) {
        lead(mine, before, file);
      } else {
        shared.add(1);
      }
      await(mine);
    }

    private void lead(
        CompletableFuture<Void> mine, @Nullable CompletableFuture<Void> before, UploadFile file) {
      long started = nanos.getAsLong();
      try {
        awaitEnd(before);
        synchronized (this) {
          // From here on, newcomers are too late for this round.
          running = mine;
          next = null;
        }
        started = nanos.getAsLong();
        file.force();
        mine.complete(null);
      } catch (IOException | RuntimeException | Error e) {
        failed.add(1);
        mine.completeExceptionally(e);
      } finally {
        duration.record(Duration.ofNanos(nanos.getAsLong() - started));
        synchronized (this) {
          if (next == mine) {
            next = null;
          }
          if (running == mine) {
            running = null;
          }
        }
      }
    }
  }

  /** However it ended: that is the concern of those who were in it. */
  private static void awaitEnd(@Nullable CompletableFuture<Void> before) throws IOException {
    if (before != null) {
      await(before.handle((done, failure) -> null));
    }
  }

  private static void await(CompletableFuture<Void> round) throws IOException {
    try {
      round.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException("the bytes could not be forced to the disk", e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("the disk did not answer a force within " + PATIENCE, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the wait for a force was interrupted", e);
    }
  }
}
