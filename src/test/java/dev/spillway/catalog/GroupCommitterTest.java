package dev.spillway.catalog;

import static dev.spillway.catalog.Specimens.LATER;
import static dev.spillway.catalog.Specimens.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.telemetry.RecordedTelemetry;
import dev.spillway.upload.Catalog.CommitOutcome;
import dev.spillway.upload.CatalogUnavailable;
import dev.spillway.upload.UploadId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class GroupCommitterTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration IMPATIENCE = Duration.ofMillis(250);

  private final ExecutorService callers = Executors.newCachedThreadPool();
  private final List<Future<CommitOutcome>> submitted = new ArrayList<>();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final GateWriter writer = new GateWriter();
  private final RecordedTelemetry telemetry = new RecordedTelemetry();

  @AfterEach
  void close() throws Exception {
    writer.gate.countDown();
    for (AutoCloseable one : opened) {
      one.close();
    }
    callers.shutdownNow();
    assertThat(callers.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
  }

  private GroupCommitter open(int queueSize, Duration timeout, Consumer<List<PendingCommit>> to) {
    GroupCommitter committer =
        new GroupCommitter(queueSize, timeout, System::nanoTime, to, telemetry);
    committer.start();
    opened.add(committer);
    return committer;
  }

  private static Commit commit() {
    return commit(Specimens.newId());
  }

  private static Commit commit(UploadId id) {
    return Commit.of(id, List.of(range(0, 10)), LATER);
  }

  private void submit(GroupCommitter committer, Commit commit) {
    submitted.add(callers.submit(() -> committer.commit(commit)));
  }

  /** Puts a commit into the writer's hands, which it does not finish before the gate opens. */
  private void occupy(GroupCommitter committer) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    submit(committer, commit());
    while (!writer.entered.await(10, TimeUnit.MILLISECONDS)) {
      assertThat(System.nanoTime()).as("the writer works in time").isLessThan(deadline);
      if (submitted.get(0).isDone() && writer.entered.getCount() > 0) {
        // Its caller's patience ended before the writer had begun to work at all.
        submitted.clear();
        submit(committer, commit());
      }
    }
  }

  private void assertAllCommitted() throws Exception {
    for (Future<CommitOutcome> one : submitted) {
      assertThat(one.get(20, TimeUnit.SECONDS)).isEqualTo(CommitOutcome.COMMITTED);
    }
  }

  private void awaitQueued(long count) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (telemetry.gauged("bound.used{bound=commits}") != count) {
      assertThat(System.nanoTime()).as("queued in time").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Test
  void commitsThatWaitTogetherAreMadeTogether() throws Exception {
    GroupCommitter committer = open(10, PATIENCE, writer);
    occupy(committer);
    for (int i = 0; i < 5; i++) {
      submit(committer, commit());
    }
    awaitQueued(5);

    writer.gate.countDown();

    assertAllCommitted();
    assertThat(writer.batches).extracting(List::size).containsExactly(1, 5);
  }

  @Test
  void aBatchHasAnEnd() throws Exception {
    GroupCommitter committer = open(400, PATIENCE, writer);
    occupy(committer);
    for (int i = 0; i < 150; i++) {
      submit(committer, commit());
    }
    awaitQueued(150);

    writer.gate.countDown();

    assertAllCommitted();
    assertThat(writer.batches).extracting(List::size).containsExactly(1, 129, 21);
  }

  @Test
  void aFullQueueIsWaitedForAndThenRefuses() throws Exception {
    GroupCommitter committer = open(1, IMPATIENCE, writer);
    occupy(committer);
    for (int i = 0; i < 8; i++) {
      submit(committer, commit());
    }

    for (Future<CommitOutcome> one : submitted) {
      assertThatThrownBy(() -> one.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(CatalogUnavailable.class);
    }
    assertThat(telemetry.gauged("bound.used{bound=commits}")).isZero();
  }

  @Test
  void aCommitThatDidNotGetItsTurnNeverHappens() throws Exception {
    GroupCommitter committer = open(10, IMPATIENCE, writer);
    occupy(committer);
    UploadId late = Specimens.newId();
    assertThatThrownBy(() -> committer.commit(commit(late)))
        .isInstanceOf(CatalogUnavailable.class)
        .hasMessageContaining("turn");

    writer.gate.countDown();
    committer.close();

    assertThat(writer.uploads()).doesNotContain(late);
  }

  @Test
  void aCommitThatDidNotGetItsTurnLeavesTheQueue() throws Exception {
    GroupCommitter committer = open(10, IMPATIENCE, writer);
    occupy(committer);

    assertThatThrownBy(() -> committer.commit(commit())).isInstanceOf(CatalogUnavailable.class);

    assertThat(telemetry.gauged("bound.used{bound=commits}")).isZero();
  }

  @Test
  void aCommitWhoseOutcomeDoesNotComeIsGivenUp() throws Exception {
    GroupCommitter committer = open(10, IMPATIENCE, writer);

    occupy(committer);

    assertThatThrownBy(() -> submitted.get(0).get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(CatalogUnavailable.class)
        .hasStackTraceContaining("not known");
  }

  @Test
  void anInterruptedCallerGivesUpItsCommit() throws Exception {
    GroupCommitter committer = open(10, PATIENCE, writer);
    occupy(committer);
    UploadId interrupted = Specimens.newId();
    submit(committer, commit(interrupted));
    awaitQueued(1);

    callers.shutdownNow();
    assertThat(callers.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    writer.gate.countDown();
    committer.close();

    assertThat(writer.uploads()).doesNotContain(interrupted);
  }

  @Test
  void aWriterThatBreaksFailsItsBatchAndGoesOn() {
    Consumer<List<PendingCommit>> broken =
        batch -> {
          if (writer.batches.isEmpty()) {
            writer.batches.add(List.of());
            throw new IllegalStateException("broken");
          }
          batch.forEach(pending -> pending.complete(CommitOutcome.COMMITTED));
        };
    GroupCommitter committer = open(10, PATIENCE, broken);

    assertThatThrownBy(() -> committer.commit(commit()))
        .isInstanceOf(CatalogUnavailable.class)
        .hasRootCauseMessage("broken");
    assertThat(committer.commit(commit())).isEqualTo(CommitOutcome.COMMITTED);
  }

  @Test
  void closingMakesTheCommitsThatWait() throws Exception {
    GroupCommitter committer = open(10, PATIENCE, writer);
    occupy(committer);
    submit(committer, commit());
    awaitQueued(1);

    Future<?> closing = callers.submit(committer::close);
    writer.gate.countDown();
    closing.get(20, TimeUnit.SECONDS);

    assertAllCommitted();
  }

  @Test
  void aClosedCommitterRefuses() {
    GroupCommitter committer = open(10, PATIENCE, writer);
    committer.close();

    assertThatThrownBy(() -> committer.commit(commit()))
        .isInstanceOf(CatalogUnavailable.class)
        .hasMessageContaining("closed");
  }

  @Test
  void closingDoesNotWaitForAWriterThatHangs() throws Exception {
    GroupCommitter committer = open(10, IMPATIENCE, writer);
    occupy(committer);

    long start = System.nanoTime();
    committer.close();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  /** Makes commits only once its gate is open, and notes which came together. */
  private static final class GateWriter implements Consumer<List<PendingCommit>> {

    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch gate = new CountDownLatch(1);
    final List<List<UploadId>> batches = new CopyOnWriteArrayList<>();

    List<UploadId> uploads() {
      return batches.stream().flatMap(List::stream).toList();
    }

    @Override
    public void accept(List<PendingCommit> batch) {
      batches.add(batch.stream().map(pending -> pending.commit().upload()).toList());
      entered.countDown();
      try {
        assertThat(gate.await(60, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      batch.forEach(pending -> pending.complete(CommitOutcome.COMMITTED));
    }
  }
}
