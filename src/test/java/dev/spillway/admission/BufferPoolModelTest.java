package dev.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.admission.BufferPool.Bounds;
import dev.spillway.telemetry.Telemetry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.BeforeTry;

/** The pool against a list of the lengths that are leased, whatever one caller does. */
class BufferPoolModelTest {

  private static final int SMALLEST = 32;
  private static final int LARGEST = 128;
  private static final int LARGEST_WITH_WINDOW = LARGEST + LARGEST / 16;

  private final List<Held> held = new ArrayList<>();
  private long allocated;
  private byte lastMark;

  /** A lease and the mark that its memory is full of; no other one has it. */
  private record Held(BufferLease lease, byte mark) {}

  @BeforeTry
  void forgetTheLastTry() {
    held.clear();
    allocated = 0;
  }

  @Property
  void figuresAgreeWithWhatIsHeldAndMemoryIsNeverSharedNorMoreThanTheCapacity(
      @ForAll @IntRange(min = LARGEST_WITH_WINDOW, max = 4 * LARGEST_WITH_WINDOW) int capacity,
      @ForAll @Size(max = 120) List<@IntRange(max = 99_999) Integer> steps) {
    try (BufferPool pool = pool(capacity)) {
      for (int step : steps) {
        step(pool, step % 10, step / 10);
        assertFigures(pool.stats(), capacity);
      }

      held.forEach(each -> intact(each).close());
      held.clear();
      assertFigures(pool.stats(), capacity);
      // All has merged: as many of the largest as there may be.
      for (int i = 0; i < capacity / LARGEST_WITH_WINDOW; i++) {
        hold(pool.leaseLargest());
        assertThat(held.get(i).lease().bytes().capacity()).isEqualTo(LARGEST);
      }
      held.forEach(each -> intact(each).close());
    }
  }

  private void step(BufferPool pool, int what, int which) {
    if (what < 4 || held.isEmpty()) {
      lease(pool, what == 0);
      return;
    }
    Held chosen = held.remove(which % held.size());
    BufferLease lease = intact(chosen);
    int before = lease.bytes().capacity();
    switch (what) {
      case 4, 5, 6 -> assertMoved(before, lease.grow(), lease.bytes().capacity() > before);
      case 7 -> assertMoved(before, lease.shrink(), before > SMALLEST);
      default -> {
        lease.close();
        return;
      }
    }
    hold(lease);
  }

  private static void assertMoved(int before, boolean told, boolean moved) {
    assertThat(told).as("moved from %s bytes", before).isEqualTo(moved);
  }

  private void lease(BufferPool pool, boolean largest) {
    boolean room = pool.stats().leasedBytes() + 34 <= pool.stats().capacityBytes();
    try {
      hold(largest ? pool.leaseLargest() : pool.lease());
      assertThat(room).isTrue();
    } catch (AdmissionRefused refused) {
      assertThat(room).as(refused.getMessage()).isFalse();
    }
  }

  private void hold(BufferLease lease) {
    Held added = new Held(lease, ++lastMark);
    Patterns.write(lease.bytes(), added.mark());
    Patterns.write(lease.window(), added.mark());
    held.add(added);
  }

  private static BufferLease intact(Held held) {
    assertThat(Patterns.isIntact(held.lease().bytes(), held.mark())).isTrue();
    assertThat(Patterns.isIntact(held.lease().window(), held.mark())).isTrue();
    return held.lease();
  }

  private void assertFigures(BufferPool.Stats stats, int capacity) {
    long bytes =
        held.stream()
            .mapToLong(each -> each.lease().bytes().capacity() + each.lease().window().capacity())
            .sum();
    assertThat(stats.leasedBytes()).isEqualTo(bytes).isLessThanOrEqualTo(stats.allocatedBytes());
    assertThat(stats.allocatedBytes()).isEqualTo(allocated).isLessThanOrEqualTo(capacity);
    assertThat(stats.leased()).isEqualTo(held.size());
  }

  private BufferPool pool(int capacity) {
    return new BufferPool(
        new Bounds(capacity, SMALLEST, LARGEST, 0, Duration.ZERO),
        Telemetry.NONE,
        System::nanoTime,
        length -> {
          allocated += length + length / 16;
          return ByteBuffer.allocate(length);
        });
  }
}
