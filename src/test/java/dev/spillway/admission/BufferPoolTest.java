package dev.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.admission.AdmissionRefused.Reason;
import dev.spillway.admission.Callers.Call;
import dev.spillway.telemetry.RecordedTelemetry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** After the list of Kafka's BufferPoolTest: what a pool gets wrong, it gets wrong here. */
@Timeout(60)
class BufferPoolTest {

  private static final int BUFFER = 256;
  private static final int WINDOW = 16;
  private static final int MAX_WAITING = 5;
  private static final Duration SHORT = Duration.ofMillis(20);
  private static final Duration LONG = Duration.ofSeconds(30);

  /** A pool of one buffer that has been used and is not any more. */
  private static final BufferPool.Stats UNUSED =
      new BufferPool.Stats(272, 0, 272, 0, 0, Duration.ZERO, Duration.ZERO, 0);

  private final RecordedTelemetry telemetry = new RecordedTelemetry();
  private final AtomicInteger allocations = new AtomicInteger();
  private final Callers callers = new Callers();

  @AfterEach
  void endCallers() {
    callers.close();
  }

  @Test
  void leaseHasMemoryOfTheConfiguredLengths() {
    try (BufferPool pool = pool(1, SHORT);
        BufferLease lease = pool.lease()) {
      assertThat(lease.bytes().isDirect()).isTrue();
      assertThat(lease.bytes().remaining()).isEqualTo(BUFFER);
      assertThat(lease.window().capacity()).isEqualTo(WINDOW);
      assertThat(lease.window().hasArray()).isTrue();
    }
  }

  @Test
  void memoryIsAllocatedWhenItIsNeededAndThenUsedAgain() {
    try (BufferPool pool = pool(3, SHORT)) {
      assertThat(allocations).hasValue(0);
      for (int i = 0; i < 10; i++) {
        pool.lease().close();
      }

      assertThat(allocations).hasValue(1);
    }
  }

  @Test
  void bufferIsEmptyWhateverItsLastHolderLeftInIt() {
    try (BufferPool pool = pool(1, SHORT)) {
      try (BufferLease first = pool.lease()) {
        first.bytes().putInt(1).flip();
      }
      try (BufferLease second = pool.lease()) {
        assertThat(second.bytes().position()).isZero();
        assertThat(second.bytes().limit()).isEqualTo(BUFFER);
      }
    }
  }

  @Test
  void waitEndsWithARefusalThatHasEveryNumber() {
    try (BufferPool pool = pool(1, SHORT);
        BufferLease held = pool.lease()) {
      assertThat(held.bytes()).isNotNull();
      assertThatExceptionOfType(AdmissionRefused.class)
          .isThrownBy(pool::lease)
          .withMessage(
              "No transfer buffer became free within 20 ms: 272 of 272 bytes are in use by 1 transfers"
                  + " and 0 of at most 5 requests are waiting. Send it again later.")
          .satisfies(
              refused -> {
                assertThat(refused.reason()).isEqualTo(Reason.BUFFERS_BUSY);
                assertThat(refused.figures())
                    .isEqualTo(
                        Map.of(
                            "limit", 272L,
                            "actual", 272L,
                            "waiting", 0,
                            "maxWaiting", MAX_WAITING,
                            "maxWaitMillis", 20L));
                assertThat(refused.retryAfter())
                    .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(3));
              });
      assertThat(pool.stats().waiting()).isZero();
    }
  }

  @Test
  void noMoreMayWaitThanTheBound() throws Exception {
    try (BufferPool pool = pool(1, LONG);
        BufferLease held = pool.lease()) {
      List<Call<BufferLease>> waiters =
          Stream.generate(() -> callers.call(pool::lease)).limit(MAX_WAITING).toList();
      awaitWaiting(pool, MAX_WAITING);

      assertThatExceptionOfType(AdmissionRefused.class)
          .isThrownBy(pool::lease)
          .withMessageStartingWith("Too many requests wait for a transfer buffer: 272 of 272 bytes")
          .satisfies(
              refused -> {
                assertThat(refused.reason()).isEqualTo(Reason.BUFFERS_BUSY);
                assertThat(refused.figures()).containsEntry("waiting", MAX_WAITING);
              });
      assertThat(held.bytes()).isNotNull();
      waiters.forEach(Call::interrupt);
    }
  }

  @Test
  void clientsThatAreRefusedTogetherAreSentAwayForDifferentTimes() {
    try (BufferPool pool = pool(1, Duration.ZERO);
        BufferLease held = pool.lease()) {
      assertThat(held.bytes()).isNotNull();
      assertThat(List.of(retryAfter(pool), retryAfter(pool), retryAfter(pool)))
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void interruptedWaitIsRefusedAndTheFlagIsKept() throws Exception {
    AtomicBoolean flag = new AtomicBoolean();
    try (BufferPool pool = pool(1, LONG)) {
      BufferLease held = pool.lease();
      Call<BufferLease> waiter =
          callers.call(
              () -> {
                try {
                  return pool.lease();
                } finally {
                  flag.set(Thread.currentThread().isInterrupted());
                }
              });
      awaitWaiting(pool, 1);

      waiter.interrupt();

      assertThat(waiter.refusal().reason()).isEqualTo(Reason.BUFFERS_BUSY);
      assertThat(flag).isTrue();
      held.close();
      assertThat(pool.stats()).isEqualTo(UNUSED);
    }
  }

  @Test
  void closeSendsWaitersAway() throws Exception {
    BufferPool pool = pool(1, LONG);
    BufferLease held = pool.lease();
    Call<BufferLease> first = callers.call(pool::lease);
    Call<BufferLease> second = callers.call(pool::lease);
    awaitWaiting(pool, 2);

    pool.close();

    assertThat(first.refusal().reason()).isEqualTo(Reason.DRAINING);
    assertThat(second.refusal().reason()).isEqualTo(Reason.DRAINING);
    held.close();
    assertThat(pool.stats()).isEqualTo(UNUSED);
  }

  @Test
  void closedPoolRefusesEvenWhenBuffersAreFree() {
    BufferPool pool = pool(1, LONG);
    pool.close();
    pool.close();

    assertThatExceptionOfType(AdmissionRefused.class)
        .isThrownBy(pool::lease)
        .satisfies(refused -> assertThat(refused.reason()).isEqualTo(Reason.DRAINING));
    assertThat(telemetry.counted("bound.refused{bound=buffer-bytes}")).isZero();
  }

  @Test
  void leaseSurvivesTheCloseOfItsPool() {
    BufferPool pool = pool(1, LONG);
    try (BufferLease held = pool.lease()) {
      pool.close();

      assertThat(held.bytes().putInt(7).position()).isEqualTo(Integer.BYTES);
    }
    assertThat(pool.stats().leased()).isZero();
  }

  @Test
  void waitersAreServedInTheOrderOfAsking() throws Exception {
    List<Integer> served = new CopyOnWriteArrayList<>();
    try (BufferPool pool = pool(1, LONG)) {
      BufferLease held = pool.lease();
      for (int i = 0; i < 5; i++) {
        int number = i;
        callers.call(
            () -> {
              try (BufferLease lease = pool.lease()) {
                assertThat(lease.bytes()).isNotNull();
                served.add(number);
              }
              return number;
            });
        awaitWaiting(pool, i + 1);
      }

      held.close();

      Eventually.holds("everybody is served", () -> served.size() == 5);
      assertThat(served).containsExactly(0, 1, 2, 3, 4);
    }
  }

  @Test
  void secondCloseOfALeaseGivesNothingBack() {
    try (BufferPool pool = pool(1, Duration.ZERO)) {
      BufferLease first = pool.lease();
      first.close();
      BufferLease second = pool.lease();

      first.close();

      assertThat(pool.stats().leased()).isEqualTo(1);
      assertThatThrownBy(pool::lease).isInstanceOf(AdmissionRefused.class);
      second.close();
    }
  }

  @Test
  void closedLeaseDoesNotShowItsMemory() {
    try (BufferPool pool = pool(1, SHORT)) {
      BufferLease lease = pool.lease();
      lease.close();

      assertThatIllegalStateException().isThrownBy(lease::bytes);
      assertThatIllegalStateException().isThrownBy(lease::window);
    }
  }

  private BufferPool pool(int buffers, Duration maxWait) {
    return new BufferPool(
        new BufferPool.Bounds(
            (long) buffers * (BUFFER + WINDOW), BUFFER, BUFFER, MAX_WAITING, maxWait),
        telemetry,
        System::nanoTime,
        length -> {
          allocations.incrementAndGet();
          return ByteBuffer.allocateDirect(length);
        });
  }

  private static void awaitWaiting(BufferPool pool, int waiting) {
    Eventually.holds(waiting + " are waiting", () -> pool.stats().waiting() == waiting);
  }

  private static Duration retryAfter(BufferPool pool) {
    try (BufferLease lease = pool.lease()) {
      throw new AssertionError("not refused but given " + lease.bytes());
    } catch (AdmissionRefused refused) {
      return refused.retryAfter();
    }
  }
}
