package dev.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.admission.AdmissionRefused.Reason;
import dev.spillway.admission.Callers.Call;
import dev.spillway.telemetry.RecordedTelemetry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WriteQueueTest {

  private static final Duration SHORT = Duration.ofMillis(20);
  private static final Duration LONG = Duration.ofSeconds(30);

  private final RecordedTelemetry telemetry = new RecordedTelemetry();
  private final AtomicLong nanos = new AtomicLong(-5);
  private final Callers callers = new Callers();

  @AfterEach
  void endCallers() {
    callers.close();
  }

  @Test
  void permitsAreGivenUpToTheBound() {
    WriteQueue queue = queue(2, 0, LONG);
    WriteQueue.Permit first = queue.acquire();
    WriteQueue.Permit second = queue.acquire();

    assertThat(queue.stats()).isEqualTo(new WriteQueue.Stats(2, 2, 0, Duration.ZERO));
    first.close();
    second.close();
    assertThat(queue.stats()).isEqualTo(new WriteQueue.Stats(2, 0, 0, Duration.ZERO));
  }

  @Test
  void fullQueueRefusesAtOnceWithEveryNumber() throws Exception {
    WriteQueue queue = queue(1, 1, LONG);
    WriteQueue.Permit held = queue.acquire();
    Call<WriteQueue.Permit> waiter = callers.call(queue::acquire);
    awaitWaiting(queue, 1);

    assertThatExceptionOfType(AdmissionRefused.class)
        .isThrownBy(queue::acquire)
        .withMessage(
            "The write queue is full: 1 of 1 writes are in progress and 1 of at most 1 are waiting."
                + " Send it again later.")
        .satisfies(
            refused -> {
              assertThat(refused.reason()).isEqualTo(Reason.WRITES_BUSY);
              assertThat(refused.figures())
                  .containsEntry("limit", 1)
                  .containsEntry("waiting", 1)
                  .containsEntry("maxWaiting", 1);
              assertThat(refused.retryAfter())
                  .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(3));
            });
    held.close();
    waiter.result().close();
    assertThat(queue.stats().depth()).isZero();
  }

  @Test
  void waitEndsWithARefusal() {
    WriteQueue queue = queue(1, 5, SHORT);
    WriteQueue.Permit held = queue.acquire();

    assertThatExceptionOfType(AdmissionRefused.class)
        .isThrownBy(queue::acquire)
        .withMessageStartingWith("The disk was not free within 20 ms: 1 of 1")
        .satisfies(refused -> assertThat(refused.reason()).isEqualTo(Reason.WRITES_BUSY));
    held.close();
    assertThat(queue.stats()).isEqualTo(new WriteQueue.Stats(1, 0, 0, Duration.ZERO));
  }

  @Test
  void waiterThatGaveUpLeavesRoomInTheQueue() {
    WriteQueue queue = queue(1, 1, SHORT);
    WriteQueue.Permit held = queue.acquire();

    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(queue::acquire).hasMessageContaining("not free within");
    }
    held.close();
  }

  @Test
  void interruptedWaitIsRefusedAndTheFlagIsKept() throws Exception {
    AtomicBoolean flag = new AtomicBoolean();
    WriteQueue queue = queue(1, 1, LONG);
    WriteQueue.Permit held = queue.acquire();
    Call<WriteQueue.Permit> waiter =
        callers.call(
            () -> {
              try {
                return queue.acquire();
              } finally {
                flag.set(Thread.currentThread().isInterrupted());
              }
            });
    awaitWaiting(queue, 1);

    waiter.interrupt();

    assertThat(waiter.refusal().reason()).isEqualTo(Reason.WRITES_BUSY);
    assertThat(flag).isTrue();
    held.close();
    assertThat(queue.stats()).isEqualTo(new WriteQueue.Stats(1, 0, 0, Duration.ZERO));
  }

  @Test
  void closeSendsWaitersAway() throws Exception {
    WriteQueue queue = queue(1, 2, LONG);
    WriteQueue.Permit held = queue.acquire();
    Call<WriteQueue.Permit> first = callers.call(queue::acquire);
    Call<WriteQueue.Permit> second = callers.call(queue::acquire);
    awaitWaiting(queue, 2);

    queue.close();

    assertThat(first.refusal().reason()).isEqualTo(Reason.DRAINING);
    assertThat(second.refusal().reason()).isEqualTo(Reason.DRAINING);
    held.close();
    assertThat(queue.stats()).isEqualTo(new WriteQueue.Stats(1, 0, 0, Duration.ZERO));
  }

  @Test
  void closedQueueRefusesEvenWhenPermitsAreFree() {
    WriteQueue queue = queue(1, 1, LONG);
    queue.close();
    queue.close();

    assertThatExceptionOfType(AdmissionRefused.class)
        .isThrownBy(queue::acquire)
        .satisfies(refused -> assertThat(refused.reason()).isEqualTo(Reason.DRAINING));
    assertThat(telemetry.counted("bound.refused{bound=write-permits}")).isZero();
  }

  @Test
  void waitersAreServedInTheOrderOfAsking() {
    List<Integer> served = new CopyOnWriteArrayList<>();
    WriteQueue queue = queue(1, 5, LONG);
    WriteQueue.Permit held = queue.acquire();
    for (int i = 0; i < 5; i++) {
      int number = i;
      callers.call(
          () -> {
            WriteQueue.Permit permit = queue.acquire();
            served.add(number);
            permit.close();
            return number;
          });
      awaitWaiting(queue, i + 1);
    }

    held.close();

    Eventually.holds("everybody is served", () -> served.size() == 5);
    assertThat(served).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void secondCloseOfAPermitGivesNothingBack() {
    WriteQueue queue = queue(1, 0, Duration.ZERO);
    WriteQueue.Permit first = queue.acquire();
    first.close();
    WriteQueue.Permit second = queue.acquire();

    first.close();

    assertThat(queue.stats().depth()).isEqualTo(1);
    assertThatThrownBy(queue::acquire).isInstanceOf(AdmissionRefused.class);
    second.close();
  }

  @Test
  void oldestWaitIsThatOfTheFirstInTheQueue() throws Exception {
    WriteQueue queue = queue(1, 2, LONG);
    WriteQueue.Permit held = queue.acquire();
    Call<WriteQueue.Permit> first = callers.call(queue::acquire);
    awaitWaiting(queue, 1);
    nanos.addAndGet(Duration.ofSeconds(3).toNanos());
    Call<WriteQueue.Permit> second = callers.call(queue::acquire);
    awaitWaiting(queue, 2);
    nanos.addAndGet(Duration.ofSeconds(4).toNanos());

    assertThat(queue.stats().oldestWait()).hasSeconds(7);
    held.close();
    WriteQueue.Permit passedOn = first.result();
    assertThat(queue.stats().oldestWait()).hasSeconds(4);
    passedOn.close();
    second.result().close();
    assertThat(queue.stats().oldestWait()).isZero();
  }

  @Test
  void metersShowTheQueue() throws Exception {
    WriteQueue queue = queue(1, 1, LONG);
    WriteQueue.Permit held = queue.acquire();
    Call<WriteQueue.Permit> waiter = callers.call(queue::acquire);
    awaitWaiting(queue, 1);
    nanos.addAndGet(Duration.ofSeconds(9).toNanos());
    assertThatThrownBy(queue::acquire).isInstanceOf(AdmissionRefused.class);

    assertThat(telemetry.gauged("bound.used{bound=write-permits}")).isEqualTo(1);
    assertThat(telemetry.gauged("bound.waiting{bound=write-permits}")).isEqualTo(1);
    assertThat(telemetry.counted("bound.refused{bound=write-permits}")).isEqualTo(1);
    held.close();
    waiter.result().close();
    assertThat(telemetry.timed("admission.writes.wait"))
        .containsExactly(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(9));
  }

  @Test
  void meaninglessBoundsAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new WriteQueue.Bounds(0, 1, LONG));
    assertThatIllegalArgumentException().isThrownBy(() -> new WriteQueue.Bounds(1, -1, LONG));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WriteQueue.Bounds(1, 1, Duration.ofNanos(-1)));
  }

  private WriteQueue queue(int permits, int maxWaiting, Duration maxWait) {
    return new WriteQueue(
        new WriteQueue.Bounds(permits, maxWaiting, maxWait), telemetry, nanos::get);
  }

  private static void awaitWaiting(WriteQueue queue, int waiting) {
    Eventually.holds(waiting + " are waiting", () -> queue.stats().waiting() == waiting);
  }
}
