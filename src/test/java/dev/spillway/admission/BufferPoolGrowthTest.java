package dev.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.spillway.admission.BufferPool.Bounds;
import dev.spillway.admission.Callers.Call;
import dev.spillway.telemetry.RecordedTelemetry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Buffers of 32, 256 and 1024 bytes; 34, 272 and 1088 with their windows. */
@Timeout(60)
class BufferPoolGrowthTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final RecordedTelemetry telemetry = new RecordedTelemetry();
  private final Callers callers = new Callers();

  @AfterEach
  void endCallers() {
    callers.close();
  }

  @Test
  void leaseGrowsThroughTheSizesAndShrinksBack() {
    try (BufferPool pool = pool(2 * 1088);
        BufferLease lease = pool.lease()) {
      assertThat(lengths(lease)).containsExactly(32, 2);
      assertThat(lease.grow()).isTrue();
      assertThat(lengths(lease)).containsExactly(256, 16);
      assertThat(lease.grow()).isTrue();
      assertThat(lengths(lease)).containsExactly(1024, 64);
      assertThat(lease.grow()).isFalse();

      assertThat(lease.shrink()).isTrue();
      assertThat(lengths(lease)).containsExactly(256, 16);
      assertThat(lease.shrink()).isTrue();
      assertThat(lengths(lease)).containsExactly(32, 2);
      assertThat(lease.shrink()).isFalse();
      assertThat(pool.stats().leasedBytes()).isEqualTo(34);
    }
  }

  @Test
  void buffersAreTheSameUntilTheLeaseMovesAndEmptyThen() {
    try (BufferPool pool = pool(1088);
        BufferLease lease = pool.lease()) {
      ByteBuffer bytes = lease.bytes().put((byte) 1);
      ByteBuffer window = lease.window();

      assertThat(lease.bytes()).isSameAs(bytes);
      assertThat(lease.window()).isSameAs(window);
      lease.grow();
      assertThat(lease.bytes()).isNotSameAs(bytes);
      assertThat(lease.bytes().position()).isZero();
    }
  }

  @Test
  void windowsOfSlicesAreApartInTheirArray() {
    try (BufferPool pool = pool(1088);
        BufferLease first = pool.lease();
        BufferLease second = pool.lease()) {
      assertThat(first.window().array()).isSameAs(second.window().array());
      assertThat(second.window().arrayOffset() - first.window().arrayOffset()).isEqualTo(2);
    }
  }

  @Test
  void largestLeaseIsTheLargestWhenThereIsRoom() {
    try (BufferPool pool = pool(1088);
        BufferLease lease = pool.leaseLargest()) {
      assertThat(lengths(lease)).containsExactly(1024, 64);
      assertThat(pool.stats().leasedBytes()).isEqualTo(1088);
      assertThat(telemetry.counted("admission.buffers.grown")).isEqualTo(1);
      assertThat(telemetry.counted("admission.buffers.growth-refused")).isZero();
    }
  }

  @Test
  void largestLeaseTakesWhatIsThere() {
    try (BufferPool pool = pool(1088);
        BufferLease other = pool.lease();
        BufferLease middle = pool.leaseLargest()) {
      assertThat(lengths(other)).containsExactly(32, 2);
      assertThat(lengths(middle)).containsExactly(256, 16);
      assertThat(telemetry.counted("admission.buffers.growth-refused")).isEqualTo(1);
    }
  }

  @Test
  void growingWithoutRoomChangesNothing() {
    try (BufferPool pool = pool(1088 + 34);
        BufferLease large = pool.leaseLargest();
        BufferLease lease = pool.lease()) {
      ByteBuffer bytes = lease.bytes().put((byte) 1);

      assertThat(lease.grow()).isFalse();

      assertThat(lengths(large)).containsExactly(1024, 64);
      assertThat(lease.bytes()).isSameAs(bytes);
      assertThat(bytes.position()).isEqualTo(1);
      assertThat(pool.stats().leasedBytes()).isEqualTo(1122);
      assertThat(telemetry.counted("admission.buffers.growth-refused")).isEqualTo(1);
    }
  }

  @Test
  void growingInPiecesThatDoNotLieTogetherChangesNothing() {
    try (BufferPool pool = pool(1088)) {
      List<BufferLease> leases = Stream.generate(pool::lease).limit(32).toList();
      for (int i = 0; i < 32; i += 4) {
        leases.get(i).close();
        leases.get(i + 1).close();
      }
      long leased = pool.stats().leasedBytes();

      // 16 units are free, two in a row.
      assertThat(leases.get(2).grow()).isFalse();

      assertThat(pool.stats().leasedBytes()).isEqualTo(leased).isEqualTo(544);
      leases.forEach(BufferLease::close);
    }
  }

  @Test
  void whatIsGivenBackByShrinkingGoesToThoseWhoWait() throws Exception {
    try (BufferPool pool = pool(1088);
        BufferLease large = pool.leaseLargest()) {
      Call<BufferLease> waiter = callers.call(pool::lease);
      Eventually.holds("it waits", () -> pool.stats().waiting() == 1);

      assertThat(large.shrink()).isTrue();

      waiter.result().close();
      assertThat(lengths(large)).containsExactly(256, 16);
    }
  }

  @Test
  void closedLeaseNeitherGrowsNorShrinks() {
    try (BufferPool pool = pool(1088)) {
      BufferLease lease = pool.lease();
      lease.close();

      assertThatIllegalStateException().isThrownBy(lease::grow);
      assertThatIllegalStateException().isThrownBy(lease::shrink);
    }
  }

  @Test
  void leaseThatGrewGivesEverythingBack() {
    try (BufferPool pool = pool(2176)) {
      BufferLease lease = pool.lease();
      lease.grow();
      lease.grow();

      lease.close();

      assertThat(pool.stats().leasedBytes()).isZero();
      assertThat(telemetry.counted("admission.buffers.grown")).isEqualTo(2);
    }
  }

  @Test
  void closedPoolLetsLeasesShrinkButNotGrow() {
    BufferPool pool = pool(2176);
    try (BufferLease lease = pool.lease()) {
      lease.grow();
      pool.close();

      assertThat(lease.grow()).isFalse();
      assertThat(lease.shrink()).isTrue();
    }
    assertThat(pool.stats().leasedBytes()).isZero();
  }

  private static List<Integer> lengths(BufferLease lease) {
    return List.of(lease.bytes().capacity(), lease.window().capacity());
  }

  private BufferPool pool(int capacity) {
    return new BufferPool(new Bounds(capacity, 32, 1024, 4, LONG), telemetry);
  }
}
