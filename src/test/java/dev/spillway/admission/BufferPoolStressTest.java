package dev.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.admission.BufferPool.Bounds;
import dev.spillway.admission.Callers.Call;
import dev.spillway.telemetry.Telemetry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many threads on few buffers: nothing is shared, nothing is lost. */
@Timeout(120)
class BufferPoolStressTest {

  private static final int THREADS = 10;
  private static final int ROUNDS = 5_000;
  private static final int BUFFERS = 3;
  private static final int LENGTH = 16;

  private final CyclicBarrier start = new CyclicBarrier(THREADS);
  private final AtomicInteger started = new AtomicInteger();
  private final AtomicInteger allocations = new AtomicInteger();

  @Test
  void everyLeaseBelongsToOneHolderAndAllComeBack() throws Exception {
    try (BufferPool pool = pool(Duration.ofSeconds(30));
        Callers callers = new Callers()) {
      List<Call<Integer>> calls = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        byte mark = (byte) (thread + 1);
        calls.add(callers.call(() -> leaseAgainAndAgain(pool, mark)));
      }

      for (Call<Integer> call : calls) {
        assertThat(call.result()).isEqualTo(ROUNDS);
      }
      assertThat(pool.stats().leased()).isZero();
      assertThat(pool.stats().waiting()).isZero();
      assertThat(allocations).hasValueLessThanOrEqualTo(BUFFERS);
    }
  }

  @Test
  void refusalsAndInterruptionsLoseNoBuffer() throws Exception {
    try (BufferPool pool = pool(Duration.ofNanos(20_000));
        Callers callers = new Callers()) {
      List<Call<Integer>> calls = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        byte mark = (byte) (thread + 1);
        calls.add(callers.call(() -> leaseAgainAndAgain(pool, mark)));
      }
      Eventually.holds("all have started", () -> started.get() == THREADS);
      while (calls.stream().anyMatch(Call::isRunning)) {
        calls.forEach(Call::interrupt);
        Thread.onSpinWait();
      }

      for (Call<Integer> call : calls) {
        assertThat(call.result()).isLessThanOrEqualTo(ROUNDS);
      }
      assertThat(pool.stats().leased()).isZero();
      assertThat(pool.stats().waiting()).isZero();
      assertThat(allocations).hasValueLessThanOrEqualTo(BUFFERS);
      assertThat(leaseAll(pool)).isEqualTo(BUFFERS);
    }
  }

  @Test
  void movesBetweenTheSizesShareNothingAndLoseNothing() throws Exception {
    Bounds sizes = new Bounds(3 * 1088 + 170, 32, 1024, THREADS, Duration.ofSeconds(30));
    try (BufferPool pool = new BufferPool(sizes, Telemetry.NONE);
        Callers callers = new Callers()) {
      List<Call<Integer>> calls = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        byte mark = (byte) (thread + 1);
        calls.add(callers.call(() -> moveAgainAndAgain(pool, mark)));
      }

      int moves = 0;
      for (Call<Integer> call : calls) {
        moves += call.result();
      }
      assertThat(moves).isPositive();
      assertThat(pool.stats().leasedBytes()).isZero();
      assertThat(pool.stats().leased()).isZero();
      assertThat(pool.stats().waiting()).isZero();
      assertThat(pool.stats().lost()).isZero();
      assertThat(pool.stats().allocatedBytes()).isLessThanOrEqualTo(sizes.capacityBytes());
      assertThat(largestAtOnce(pool)).isEqualTo(3);
    }
  }

  @Test
  void leaseThatIsClosedWhileItMovesLosesNothing() throws Exception {
    Bounds sizes = new Bounds(2 * 1088, 32, 1024, 0, Duration.ZERO);
    try (BufferPool pool = new BufferPool(sizes, Telemetry.NONE);
        Callers callers = new Callers()) {
      for (int round = 0; round < 500; round++) {
        BufferLease lease = pool.lease();
        CyclicBarrier both = new CyclicBarrier(2);
        Call<Boolean> closer =
            callers.call(
                () -> {
                  both.await(30, TimeUnit.SECONDS);
                  lease.close();
                  return true;
                });
        both.await(30, TimeUnit.SECONDS);
        moveUntilClosed(lease);

        assertThat(closer.result()).isTrue();
        assertThat(pool.stats().leasedBytes()).isZero();
      }
    }
  }

  private static void moveUntilClosed(BufferLease lease) {
    try {
      while (true) {
        lease.grow();
        lease.shrink();
      }
    } catch (IllegalStateException closed) {
      assertThat(closed).hasMessageContaining("the lease is closed");
    }
  }

  /** How often it moved to another size. */
  private int moveAgainAndAgain(BufferPool pool, byte mark) throws Exception {
    Random random = new Random(mark);
    start.await(30, TimeUnit.SECONDS);
    int moves = 0;
    for (int round = 0; round < ROUNDS; round++) {
      try (BufferLease lease = random.nextInt(4) == 0 ? pool.leaseLargest() : pool.lease()) {
        int wishes = random.nextInt(4);
        for (int wish = 0; wish <= wishes; wish++) {
          writeAndCheck(lease, mark);
          moves += (random.nextInt(3) == 0 ? lease.shrink() : lease.grow()) ? 1 : 0;
        }
        writeAndCheck(lease, mark);
      }
    }
    return moves;
  }

  private static void writeAndCheck(BufferLease lease, byte mark) {
    Patterns.write(lease.bytes(), mark);
    Patterns.write(lease.window(), mark);
    Thread.onSpinWait();
    if (!Patterns.isIntact(lease.bytes(), mark) || !Patterns.isIntact(lease.window(), mark)) {
      throw new AssertionError("somebody else has written into this lease");
    }
  }

  private static int largestAtOnce(BufferPool pool) {
    List<BufferLease> leases = new ArrayList<>();
    BufferLease lease = pool.leaseLargest();
    while (lease.bytes().capacity() == 1024) {
      leases.add(lease);
      lease = pool.leaseLargest();
    }
    lease.close();
    leases.forEach(BufferLease::close);
    return leases.size();
  }

  /** How many leases there were; the other rounds were refused. */
  private int leaseAgainAndAgain(BufferPool pool, byte mark) throws Exception {
    start.await(30, TimeUnit.SECONDS);
    started.incrementAndGet();
    int leases = 0;
    for (int round = 0; round < ROUNDS; round++) {
      try (BufferLease lease = pool.lease()) {
        leases++;
        lease.bytes().put(0, mark);
        lease.window().put(0, mark);
        // Gives the others time to ask.
        LockSupport.parkNanos(1_000);
        if (lease.bytes().get(0) != mark || lease.window().get(0) != mark) {
          throw new AssertionError("somebody else has written into this lease");
        }
      } catch (AdmissionRefused refused) {
        // The flag is cleared, or every later wait would end at once.
        Thread.interrupted();
      }
    }
    return leases;
  }

  private static int leaseAll(BufferPool pool) {
    List<BufferLease> leases = new ArrayList<>();
    for (int i = 0; i < BUFFERS; i++) {
      leases.add(pool.lease());
    }
    leases.forEach(BufferLease::close);
    return leases.size();
  }

  private BufferPool pool(Duration maxWait) {
    return new BufferPool(
        new Bounds(BUFFERS * (LENGTH + LENGTH / 16L), LENGTH, LENGTH, THREADS, maxWait),
        Telemetry.NONE,
        System::nanoTime,
        length -> {
          allocations.incrementAndGet();
          return ByteBuffer.allocateDirect(length);
        });
  }
}
