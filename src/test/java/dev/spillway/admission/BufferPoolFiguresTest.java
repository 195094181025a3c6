package dev.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.admission.BufferPool.Bounds;
import dev.spillway.admission.Callers.Call;
import dev.spillway.telemetry.RecordedTelemetry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an operator sees of a pool. */
@Timeout(60)
class BufferPoolFiguresTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final RecordedTelemetry telemetry = new RecordedTelemetry();
  private final AtomicLong nanos = new AtomicLong(-5);
  private final Callers callers = new Callers();

  @AfterEach
  void endCallers() {
    callers.close();
  }

  @Test
  void agesOfTheOldestAreShown() throws Exception {
    try (BufferPool pool = pool(2);
        BufferLease oldest = pool.lease()) {
      assertThat(oldest.bytes()).isNotNull();
      nanos.addAndGet(1_000_000);
      BufferLease newer = pool.lease();
      Call<BufferLease> waiter = callers.call(pool::lease);
      awaitWaiting(pool, 1);
      nanos.addAndGet(2_000_000);

      assertThat(pool.stats().oldestLease()).isEqualTo(Duration.ofMillis(3));
      assertThat(pool.stats().oldestWait()).isEqualTo(Duration.ofMillis(2));
      assertThat(telemetry.measured("admission.buffers.oldest.lease.seconds")).hasValue(0.003);
      newer.close();
      waiter.result().close();
    }
  }

  @Test
  void metersShowThePool() throws Exception {
    try (BufferPool pool = pool(1)) {
      BufferLease held = pool.lease();
      Call<BufferLease> waiter = callers.call(pool::lease);
      awaitWaiting(pool, 1);

      assertThat(telemetry.gauged("bound.used{bound=buffer-bytes}")).isEqualTo(272);
      assertThat(telemetry.gauged("bound.limit{bound=buffer-bytes}")).isEqualTo(272);
      assertThat(telemetry.gauged("admission.buffers.allocated.bytes")).isEqualTo(272);
      assertThat(telemetry.gauged("admission.buffers.leases")).isEqualTo(1);
      assertThat(telemetry.gauged("bound.waiting{bound=buffer-bytes}")).isEqualTo(1);

      waiter.interrupt();
      waiter.refusal();
      held.close();
      assertThat(telemetry.counted("bound.refused{bound=buffer-bytes}")).isEqualTo(1);
      assertThat(telemetry.timed("admission.buffers.wait")).hasSize(2);
    }
  }

  /** Buffers of 256 bytes, 272 with their window. */
  private BufferPool pool(int buffers) {
    return new BufferPool(
        new Bounds(buffers * 272L, 256, 256, 5, LONG),
        telemetry,
        nanos::get,
        ByteBuffer::allocateDirect);
  }

  private static void awaitWaiting(BufferPool pool, int waiting) {
    Eventually.holds(waiting + " are waiting", () -> pool.stats().waiting() == waiting);
  }
}
