package dev.spillway.upload;

import dev.spillway.upload.UploadRefused.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who is writing which bytes, in this process. The newest claim to a byte wins: the older claim is
 * revoked and cannot write another byte, so a client that lost its line never waits for the request
 * that died with it.
 *
 * <p>A claim that has begun its commit is past the point of return: the newcomer waits, for a
 * bounded time, until that commit has ended, and then finds those bytes received.
 *
 * <p>Any thread may call.
 */
final class Claims {

  private final Map<UploadId, List<Claim>> open = new ConcurrentHashMap<>();

  /**
   * Takes a range over.
   *
   * @param patience how long to wait for the end of a commit that has begun
   * @param onRevoked called once, by the newcomer, when a newer claim has taken this one's place
   * @throws UploadRefused {@link Reason#SUPERSEDED} when that commit does not end in time
   */
  Claim claim(UploadId id, ByteRange range, Duration patience, Runnable onRevoked) {
    Claim claim = new Claim(id, range, onRevoked);
    List<Claim> older = new ArrayList<>();
    open.compute(
        id,
        (key, claims) -> {
          List<Claim> now = claims == null ? new ArrayList<>() : claims;
          now.stream().filter(other -> other.range.overlaps(range)).forEach(older::add);
          now.add(claim);
          return now;
        });
    boolean taken = false;
    try {
      older.forEach(other -> other.yieldTo(patience));
      taken = true;
    } finally {
      if (!taken) {
        claim.close();
      }
    }
    return claim;
  }

  /** How many claims are held. */
  int size() {
    return open.values().stream().mapToInt(List::size).sum();
  }

  private void forget(Claim claim) {
    open.computeIfPresent(
        claim.id,
        (key, claims) -> {
          claims.remove(claim);
          return claims.isEmpty() ? null : claims;
        });
  }

  /** The right to write a range. Its holder closes it; others may revoke it before. */
  final class Claim implements AutoCloseable {

    private enum State {
      HELD,
      REVOKED,
      COMMITTING
    }

    private final UploadId id;
    private final ByteRange range;
    private final Runnable onRevoked;
    private final ReentrantLock lock = new ReentrantLock();
    private final CountDownLatch ended = new CountDownLatch(1);
    private State state = State.HELD;

    private Claim(UploadId id, ByteRange range, Runnable onRevoked) {
      this.id = id;
      this.range = range;
      this.onRevoked = onRevoked;
    }

    /**
     * Writes, unless the claim has been revoked. While the write runs the claim cannot be revoked,
     * so keep it short.
     */
    void write(Write write) throws IOException {
      lock.lock();
      try {
        requireNotRevoked();
        write.run();
      } finally {
        lock.unlock();
      }
    }

    /** From here on, newcomers wait for {@link #close} instead of revoking. */
    void beginCommit() {
      lock.lock();
      try {
        requireNotRevoked();
        state = State.COMMITTING;
      } finally {
        lock.unlock();
      }
    }

    /**
     * Looks whether the range is still this claim's.
     *
     * @throws UploadRefused {@link Reason#SUPERSEDED} when a newer claim has taken it over
     */
    void requireHeld() {
      lock.lock();
      try {
        requireNotRevoked();
      } finally {
        lock.unlock();
      }
    }

    private void requireNotRevoked() {
      if (state == State.REVOKED) {
        throw superseded();
      }
    }

    UploadRefused superseded() {
      return new UploadRefused(
          Reason.SUPERSEDED,
          "A newer request has taken over bytes "
              + range.from()
              + " to "
              + range.to()
              + "; this one wrote nothing that counts.",
          Map.of("range", List.of(range.from(), range.to())));
    }

    private void yieldTo(Duration patience) {
      if (isTakenOver()) {
        return;
      }
      awaitEnd(patience);
    }

    private boolean isTakenOver() {
      boolean now;
      lock.lock();
      try {
        if (state == State.COMMITTING) {
          return false;
        }
        now = state == State.HELD;
        state = State.REVOKED;
      } finally {
        lock.unlock();
      }
      if (now) {
        onRevoked.run();
      }
      return true;
    }

    private void awaitEnd(Duration patience) {
      try {
        if (!ended.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
          throw superseded();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw superseded();
      }
    }

    /** Gives the range up. Repeating it changes nothing. */
    @Override
    public void close() {
      forget(this);
      ended.countDown();
    }
  }

  /** A write that runs under a claim. */
  @FunctionalInterface
  interface Write {
    void run() throws IOException;
  }
}
