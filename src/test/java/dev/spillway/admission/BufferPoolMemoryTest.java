package dev.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import dev.spillway.admission.BufferPool.Bounds;
import dev.spillway.telemetry.RecordedTelemetry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How much memory there is, and what happens when the JVM has less than the pool may have. */
@Timeout(60)
class BufferPoolMemoryTest {

  private static final int KIB = 1024;

  private final RecordedTelemetry telemetry = new RecordedTelemetry();
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicBoolean exhausted = new AtomicBoolean();
  private final AtomicInteger tries = new AtomicInteger();
  private final LogRecorder log = new LogRecorder(Slabs.class);

  @AfterEach
  void closeLog() {
    log.close();
  }

  @Test
  void tenThousandSlowClientsFitIntoAsManySmallestBuffers() {
    try (BufferPool pool =
        new BufferPool(
            new Bounds(10_000L * (8 * KIB + 512), 8 * KIB, 256 * KIB, 0, Duration.ZERO),
            telemetry)) {
      List<BufferLease> leases = Stream.generate(pool::lease).limit(10_000).toList();

      assertThat(pool.stats().leasedBytes()).isEqualTo(10_000L * (8 * KIB + 512));
      assertThat(pool.stats().allocatedBytes()).isEqualTo(10_000L * (8 * KIB + 512));
      assertThatThrownBy(pool::lease).isInstanceOf(AdmissionRefused.class);
      leases.forEach(BufferLease::close);
      assertThat(pool.stats().leasedBytes()).isZero();
    }
  }

  @Test
  void smallLeasesShareSlabsSoThatOthersStayWhole() {
    try (BufferPool pool = pool(3 * 1088)) {
      List<BufferLease> small = new ArrayList<>();
      List<BufferLease> large = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        small.add(pool.lease());
      }
      large.add(pool.leaseLargest());
      small.remove(31).close();
      small.add(pool.lease());
      large.add(pool.leaseLargest());

      assertThat(large).allMatch(lease -> lease.bytes().capacity() == 1024);
      large.forEach(BufferLease::close);
      small.forEach(BufferLease::close);
    }
  }

  @Test
  void placeIsNotLostWhenThereIsNoMemory() {
    try (BufferPool pool = pool(1088)) {
      exhausted.set(true);
      assertThatThrownBy(pool::lease).isInstanceOf(OutOfMemoryError.class);
      assertThatThrownBy(pool::leaseLargest).isInstanceOf(OutOfMemoryError.class);
      assertThat(pool.stats().leasedBytes()).isZero();
      exhausted.set(false);

      pool.lease().close();

      assertThat(pool.stats().leasedBytes()).isZero();
      assertThat(pool.stats().allocatedBytes()).isEqualTo(1088);
    }
  }

  @Test
  void growingIsRefusedWhenThereIsNoMemory() {
    try (BufferPool pool = pool(2 * 1088);
        BufferLease first = pool.lease();
        BufferLease second = pool.lease()) {
      exhausted.set(true);
      assertThat(first.grow()).isTrue();

      assertThat(first.grow()).isFalse();
      assertThat(second.grow()).isTrue();
      assertThat(second.grow()).isFalse();

      assertThat(pool.stats().leasedBytes()).isEqualTo(544);
      assertThat(telemetry.counted("admission.buffers.growth-refused")).isEqualTo(2);
      assertThat(log.lines(Level.WARN))
          .singleElement()
          .asString()
          .startsWith("no memory for 1024 bytes of transfer buffers");
    }
  }

  @Test
  void growingLeavesTheJvmAloneForAWhileWhenThereIsNoMemory() {
    try (BufferPool pool = pool(2 * 1088);
        BufferLease lease = pool.lease()) {
      exhausted.set(true);
      lease.grow();
      lease.grow();
      exhausted.set(false);
      int before = tries.get();

      assertThat(lease.grow()).isFalse();
      assertThat(tries).hasValue(before);
      nanos.addAndGet(Slabs.REST.toNanos());
      assertThat(lease.grow()).isTrue();
    }
  }

  @Test
  void largestLeaseIsASmallerOneWhenThereIsNoMemory() {
    try (BufferPool pool = pool(2 * 1088);
        BufferLease first = pool.lease()) {
      assertThat(first.bytes()).isNotNull();
      exhausted.set(true);

      try (BufferLease second = pool.leaseLargest()) {
        assertThat(second.bytes().capacity()).isEqualTo(256);
        assertThat(pool.stats().leasedBytes()).isEqualTo(306);
      }
    }
  }

  /** Buffers of 32, 256 and 1024 bytes; 34, 272 and 1088 with their windows. */
  private BufferPool pool(int capacity) {
    return new BufferPool(
        new Bounds(capacity, 32, 1024, 0, Duration.ZERO),
        telemetry,
        nanos::get,
        length -> {
          tries.incrementAndGet();
          if (exhausted.get()) {
            throw new OutOfMemoryError("of the test");
          }
          return ByteBuffer.allocate(length);
        });
  }
}
