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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Forces written bytes to the disk, once for all chunks of a file that wait for it at the same
 * time: a force makes all bytes of a file durable, whoever wrote them.
 *
 * <p>A chunk never relies on a force that had begun before its last write. When a force fails, the
 * bytes that had been written to the file are lost: the kernel drops them and says so only once to
 * each who has the file open. So every chunk that was under way fails, whether it took part in that
 * force or not, and nobody forces its bytes again.
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
    this.duration =
        telemetry.timer("upload.force", "How long it took to force a file to the disk.");
    this.shared =
        telemetry.counter(
            "upload.forces.shared", "Chunks whose bytes were forced by another chunk's force.");
    this.failed =
        telemetry.counter(
            "upload.forces.failed",
            "Forces that failed: the disk has lost bytes, none of them acknowledged.");
  }

  /** Joins those who write to a file. The caller closes the share when it has done with it. */
  Share join(UploadId id) {
    Rounds rounds =
        files.compute(
            id,
            (key, now) -> {
              Rounds joined = now == null ? new Rounds() : now;
              joined.members++;
              return joined;
            });
    return new Share(id, rounds);
  }

  /** One writer's part in the forces of a file, from before its first write. One thread uses it. */
  final class Share implements AutoCloseable {

    private final UploadId id;
    private final Rounds rounds;
    private final int failuresBefore;
    private boolean closed;

    private Share(UploadId id, Rounds rounds) {
      this.id = id;
      this.rounds = rounds;
      this.failuresBefore = rounds.failures.get();
    }

    /**
     * Makes everything durable that this writer has written to the file.
     *
     * @throws IOException when it is not: the bytes are then lost
     */
    void force(UploadFile file) throws IOException {
      rounds.force(file);
      if (rounds.failures.get() != failuresBefore) {
        throw new IOException("a force of this file failed while the chunk was under way");
      }
    }

    /** Only the first call does something. */
    @Override
    public void close() {
      if (!closed) {
        closed = true;
        files.computeIfPresent(id, (key, now) -> --now.members == 0 ? null : now);
      }
    }
  }

  /** One file's forces: at most one is running, and at most one is being joined for after it. */
  private final class Rounds {

    private final AtomicInteger failures = new AtomicInteger();

    /** Belongs to the map's lock on its key. */
    private int members;

    private @Nullable CompletableFuture<Void> running;
    private @Nullable CompletableFuture<Void> next;

    private void force(UploadFile file) throws IOException {
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
        failures.incrementAndGet();
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
      if (e.getCause() instanceof OutOfMemoryError error) {
        throw error;
      }
      throw new IOException("the bytes could not be forced to the disk", e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("the disk did not answer a force within " + PATIENCE, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the wait for a force was interrupted", e);
    }
  }
}
