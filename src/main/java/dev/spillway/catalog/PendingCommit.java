package dev.spillway.catalog;

import dev.spillway.upload.Catalog.CommitOutcome;
import dev.spillway.upload.CatalogUnavailable;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A commit on its way from the thread that wants it to the thread that makes it. Either it is
 * taken, or its caller withdraws it and it never happens: exactly one of the two.
 */
final class PendingCommit {

  private enum State {
    QUEUED,
    TAKEN,
    WITHDRAWN
  }

  private final Commit commit;
  private final AtomicReference<State> state = new AtomicReference<>(State.QUEUED);
  private final CompletableFuture<CommitOutcome> outcome = new CompletableFuture<>();

  PendingCommit(Commit commit) {
    this.commit = commit;
  }

  Commit commit() {
    return commit;
  }

  /** Whether it is the committer's to make. */
  boolean take() {
    return state.compareAndSet(State.QUEUED, State.TAKEN);
  }

  /** Whether it will never be made. */
  boolean withdraw() {
    return state.compareAndSet(State.QUEUED, State.WITHDRAWN);
  }

  void complete(CommitOutcome result) {
    outcome.complete(result);
  }

  /** Repeating this, or calling it after {@link #complete}, changes nothing. */
  void fail(Throwable cause) {
    outcome.completeExceptionally(cause);
  }

  /**
   * Waits for the outcome.
   *
   * @return nothing when there is none in time
   * @throws CatalogUnavailable when the commit failed
   */
  Optional<CommitOutcome> await(long nanos) throws InterruptedException {
    try {
      return Optional.of(outcome.get(nanos, TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new CatalogUnavailable(
          "the commit was not made", e.getCause() == null ? e : e.getCause());
    }
  }
}
