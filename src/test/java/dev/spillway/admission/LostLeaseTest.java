package dev.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.spillway.admission.BufferPool.Bounds;
import dev.spillway.telemetry.RecordedTelemetry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A lease that nobody can close any more is taken back, and its leaser is named. */
@Timeout(120)
class LostLeaseTest {

  private final RecordedTelemetry telemetry = new RecordedTelemetry();
  private final AtomicLong nanos = new AtomicLong();
  private final LogRecorder log = new LogRecorder(BufferPool.class);
  private final BufferPool pool =
      new BufferPool(
          new Bounds(1088, 32, 1024, 0, Duration.ZERO),
          telemetry,
          nanos::get,
          ByteBuffer::allocateDirect);

  @AfterEach
  void closeAll() {
    pool.close();
    log.close();
  }

  @Test
  void isReportedOnceWithItsLeaserAndItsAge() {
    lose();
    nanos.addAndGet(Duration.ofSeconds(7).toNanos());

    awaitCollection(() -> pool.stats().lost() == 1);

    assertThat(log.lines(Level.ERROR))
        .singleElement()
        .asString()
        .startsWith("a transfer buffer was dropped without being closed; it was leased PT7S ago at")
        .contains("LostLeaseTest.lose(LostLeaseTest.java:")
        .contains("LostLeaseTest.isReportedOnceWithItsLeaserAndItsAge(");
    assertThat(telemetry.counted("admission.buffers.lost")).isEqualTo(1);
  }

  @Test
  void memoryIsUsedAgainByWhoeverAsksNext() {
    loseAll();

    awaitCollection(this::canLeaseAll);

    assertThat(pool.stats().leasedBytes()).isZero();
    assertThat(pool.stats().allocatedBytes()).isEqualTo(1088);
    assertThat(pool.stats().leased()).isZero();
  }

  @Test
  void isFoundByTheCloseOfAnotherOne() {
    BufferLease other = pool.lease();
    lose();

    awaitCollection(
        () -> {
          other.close();
          return !log.lines(Level.ERROR).isEmpty();
        });

    assertThat(telemetry.counted("admission.buffers.lost")).isEqualTo(1);
  }

  @Test
  void closedLeaseIsNotReported() {
    leaseAndClose();
    lose();

    awaitCollection(() -> pool.stats().lost() > 0);

    assertThat(pool.stats().lost()).isEqualTo(1);
  }

  private void lose() {
    pool.lease();
  }

  private void loseAll() {
    pool.leaseLargest();
  }

  private void leaseAndClose() {
    pool.lease().close();
  }

  private boolean canLeaseAll() {
    try (BufferLease lease = pool.leaseLargest()) {
      return lease.bytes().capacity() == 1024;
    } catch (AdmissionRefused refused) {
      return false;
    }
  }

  private static void awaitCollection(BooleanSupplier found) {
    Eventually.holds(
        "the collector has found it",
        () -> {
          System.gc();
          return found.getAsBoolean();
        });
  }
}
