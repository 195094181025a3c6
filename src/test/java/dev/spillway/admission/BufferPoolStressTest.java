package dev.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.admission.Callers.Call;
import dev.spillway.telemetry.Telemetry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

  /** How many leases there were; the other rounds were refused. */
  private int leaseAgainAndAgain(BufferPool pool, byte mark) throws Exception {
    start.await(30, TimeUnit.SECONDS);
    started.incrementAndGet();
    int leases = 0;
    for (int round = 0; round < ROUNDS; round++) {
      try (BufferLease lease = pool.lease()) {
        leases++;
        lease.bytes().put(0, mark);
        lease.window()[0] = mark;
        // Gives the others time to ask.
        LockSupport.parkNanos(1_000);
        if (lease.bytes().get(0) != mark || lease.window()[0] != mark) {
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
        new BufferPool.Bounds(BUFFERS * 2L * LENGTH, LENGTH, LENGTH, maxWait),
        Telemetry.NONE,
        System::nanoTime,
        length -> {
          allocations.incrementAndGet();
          return ByteBuffer.allocateDirect(length);
        });
  }
}
