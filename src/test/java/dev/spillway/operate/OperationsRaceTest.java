package dev.spillway.operate;

import static dev.spillway.operate.OperatorSite.ANN;
import static dev.spillway.operate.OperatorSite.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.operate.Outcome.Kind;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OperationsRaceTest {

  private static final int THREADS = 4;

  private final OperatorSite site = new OperatorSite();
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void oneFormSentByManyAtOnceActsOnce() throws Exception {
    UploadId open = site.upload(UploadState.RECEIVING, 1, null);
    for (int round = 0; round < 200; round++) {
      site.advance(Duration.ofMinutes(1));
      site.uploads.calls.clear();
      Attempt attempt =
          new Attempt(Action.EXTEND, ANN, id(open), site.operations.token(Action.EXTEND));
      List<Kind> kinds = together(attempt);
      assertThat(site.uploads.calls).hasSize(1);
      assertThat(kinds).containsOnlyOnce(Kind.DONE).containsOnly(Kind.DONE, Kind.UNCHANGED);
    }
  }

  private List<Kind> together(Attempt attempt) throws Exception {
    CyclicBarrier start = new CyclicBarrier(THREADS);
    List<Future<Kind>> performed = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      performed.add(
          threads.submit(
              () -> {
                start.await(20, TimeUnit.SECONDS);
                return site.operations.perform(attempt).outcome().kind();
              }));
    }
    List<Kind> kinds = new ArrayList<>();
    for (Future<Kind> each : performed) {
      kinds.add(each.get(20, TimeUnit.SECONDS));
    }
    return kinds;
  }

  @Test
  void aFormThatIsStillActingIsNotWaitedFor() throws Exception {
    UploadId open = site.upload(UploadState.RECEIVING, 1, null);
    CountDownLatch acting = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    site.uploads.during =
        () -> {
          acting.countDown();
          awaitQuietly(goOn);
        };
    Attempt attempt =
        new Attempt(Action.EXTEND, ANN, id(open), site.operations.token(Action.EXTEND));
    Future<AuditEntry> first = threads.submit(() -> site.operations.perform(attempt));
    assertThat(acting.await(20, TimeUnit.SECONDS)).isTrue();

    Outcome second = site.operations.perform(attempt).outcome();
    goOn.countDown();

    assertThat(second.kind()).isEqualTo(Kind.UNCHANGED);
    assertThat(second.text()).contains("acting already");
    assertThat(first.get(20, TimeUnit.SECONDS).outcome().kind()).isEqualTo(Kind.DONE);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void manyFormsAtOnceStayWithinTheRateAndAreAllAudited() throws Exception {
    List<Future<Kind>> performed = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      performed.add(threads.submit(() -> site.perform(Action.RESUME, Map.of()).outcome().kind()));
    }
    int carriedOut = 0;
    for (Future<Kind> each : performed) {
      carriedOut += each.get(20, TimeUnit.SECONDS) == Kind.UNCHANGED ? 1 : 0;
    }
    assertThat(carriedOut).isEqualTo(OperatorSite.PER_MINUTE);
    assertThat(site.operations.audit()).extracting(AuditEntry::number).doesNotHaveDuplicates();
    assertThat(site.operations.audit()).hasSize(100);
  }
}
