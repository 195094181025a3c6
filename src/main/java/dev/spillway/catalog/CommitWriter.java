package dev.spillway.catalog;

import dev.spillway.telemetry.Telemetry;
import dev.spillway.upload.Catalog.CommitOutcome;
import dev.spillway.upload.CatalogUnavailable;
import dev.spillway.upload.CheckedRange;
import dev.spillway.upload.UploadId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.Handle;

/** Makes batches of commits durable, each batch in one transaction. One thread calls. */
final class CommitWriter implements Consumer<List<PendingCommit>> {

  private final Database database;
  private final UploadRows uploads;
  private final RangeRows ranges;
  private final Duration timeout;
  private final LongSupplier nanoTime;
  private final Telemetry.Counter batches;
  private final Telemetry.Counter committedRanges;

  CommitWriter(Database database, Duration timeout, LongSupplier nanoTime, Telemetry telemetry) {
    this.database = database;
    this.uploads = new UploadRows();
    this.ranges = new RangeRows();
    this.timeout = timeout;
    this.nanoTime = nanoTime;
    this.batches =
        telemetry.counter(
            "catalog.commit.batches",
            "Transactions that recorded the ranges of one or more chunks.");
    this.committedRanges = telemetry.counter("catalog.commit.ranges", "Ranges recorded.");
  }

  /** Makes the commits and tells each its outcome. */
  @Override
  public void accept(List<PendingCommit> batch) {
    // In one order on all nodes: two transactions never wait for each other's rows.
    List<PendingCommit> ordered = new ArrayList<>(batch);
    ordered.sort(Comparator.comparing(pending -> pending.commit().upload().value()));
    long start = nanoTime.getAsLong();
    List<CommitOutcome> outcomes = new ArrayList<>(ordered.size());
    try {
      write(ordered, outcomes);
    } catch (CatalogUnavailable e) {
      // With every outcome known it was the end of the transaction that failed, and it may have
      // taken effect. Trying again could then find a commit's own bytes and call them another's.
      if (ordered.size() == 1 || outcomes.size() == ordered.size()) {
        ordered.forEach(pending -> pending.fail(e));
      } else {
        oneByOne(ordered, start, e);
      }
    }
  }

  private void write(List<PendingCommit> batch, List<CommitOutcome> outcomes) {
    database.write(
        handle -> {
          batch.forEach(pending -> outcomes.add(apply(handle, pending.commit())));
          return batch.size();
        });
    batches.add(1);
    for (int i = 0; i < batch.size(); i++) {
      PendingCommit pending = batch.get(i);
      if (outcomes.get(i) == CommitOutcome.COMMITTED) {
        committedRanges.add(pending.commit().ranges().size());
      }
      pending.complete(outcomes.get(i));
    }
  }

  /** So that one commit that cannot be made does not take the others with it. */
  private void oneByOne(List<PendingCommit> batch, long start, CatalogUnavailable first) {
    for (PendingCommit pending : batch) {
      if (nanoTime.getAsLong() - start > timeout.toNanos()) {
        pending.fail(first);
      } else {
        accept(List.of(pending));
      }
    }
  }

  /** Asks everything before it changes anything, so a refused commit leaves nothing to undo. */
  private CommitOutcome apply(Handle handle, Commit commit) {
    UploadId id = commit.upload();
    if (!uploads.lockOpen(handle, id)) {
      return CommitOutcome.NOT_RECEIVING;
    }
    Set<CheckedRange> touching = new LinkedHashSet<>();
    for (CheckedRange range : commit.ranges()) {
      touching.addAll(ranges.touching(handle, id, range.range()));
    }
    Optional<RangeMerge> merge = RangeMerge.of(commit.ranges(), touching);
    if (merge.isEmpty()) {
      return CommitOutcome.OVERLAPPING;
    }
    ranges.apply(handle, id, merge.get());
    uploads.addReceived(handle, id, commit.bytes(), commit.at());
    return CommitOutcome.COMMITTED;
  }
}
