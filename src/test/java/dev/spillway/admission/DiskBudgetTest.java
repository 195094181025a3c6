package dev.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.admission.AdmissionRefused.Reason;
import dev.spillway.admission.Callers.Call;
import dev.spillway.telemetry.Telemetry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DiskBudgetTest {

  private static final int THREADS = 8;

  private final RecordedTelemetry telemetry = new RecordedTelemetry();

  @Test
  void spaceIsPromisedOnce() {
    DiskBudget budget = new DiskBudget(() -> 100, 0, telemetry);
    budget.reserve(60);

    assertThatThrownBy(() -> budget.reserve(41)).isInstanceOf(AdmissionRefused.class);
    budget.reserve(40);

    assertThat(budget.stats()).isEqualTo(new DiskBudget.Stats(100, 0, 0));
  }

  @Test
  void reserveIsNeverPromised() {
    DiskBudget budget = new DiskBudget(() -> 100, 30, telemetry);

    assertThatThrownBy(() -> budget.reserve(71)).isInstanceOf(AdmissionRefused.class);
    budget.reserve(70);

    assertThat(budget.stats()).isEqualTo(new DiskBudget.Stats(70, 30, 0));
  }

  @Test
  void refusalHasEveryNumber() {
    DiskBudget budget = new DiskBudget(() -> 100, 30, telemetry);
    budget.reserve(50);

    assertThatExceptionOfType(AdmissionRefused.class)
        .isThrownBy(() -> budget.reserve(21))
        .withMessage(
            "The disk cannot take 21 bytes: 20 are available, after 50 promised to other uploads"
                + " and 30 held in reserve.")
        .satisfies(
            refused -> {
              assertThat(refused.reason()).isEqualTo(Reason.DISK_FULL);
              assertThat(refused.figures())
                  .containsEntry("requested", 21L)
                  .containsEntry("available", 20L);
              assertThat(refused.retryAfter()).isPositive();
            });
    assertThat(telemetry.counted("admission.disk.refused")).isEqualTo(1);
  }

  @Test
  void settledBytesMayBePromisedAgain() {
    DiskBudget budget = new DiskBudget(() -> 100, 0, telemetry);
    budget.reserve(100);
    budget.settle(30);

    budget.reserve(30);

    assertThat(budget.stats().outstandingBytes()).isEqualTo(100);
  }

  @Test
  void settlingMoreThanIsOutstandingEndsAtZero() {
    DiskBudget budget = new DiskBudget(() -> 100, 0, telemetry);
    budget.reserve(10);

    budget.settle(Long.MAX_VALUE);

    assertThat(budget.stats().outstandingBytes()).isZero();
  }

  @Test
  void whatARestartFoundIsTakenOverEvenWhenTheDiskIsTooSmall() {
    DiskBudget budget = new DiskBudget(() -> 100, 0, telemetry);
    budget.adopt(150);

    assertThat(budget.stats()).isEqualTo(new DiskBudget.Stats(150, 0, 0));
    assertThatThrownBy(() -> budget.reserve(1)).isInstanceOf(AdmissionRefused.class);
  }

  @Test
  void emptyFileNeedsNoSpace() {
    DiskBudget budget = new DiskBudget(() -> 0, 10, telemetry);
    budget.adopt(10);

    budget.reserve(0);

    assertThat(budget.stats().outstandingBytes()).isEqualTo(10);
  }

  @Test
  void ledgerHoldsTheLargestNumberWithoutOverflow() {
    DiskBudget budget = new DiskBudget(() -> Long.MAX_VALUE, 0, telemetry);
    budget.reserve(Long.MAX_VALUE);
    budget.adopt(Long.MAX_VALUE);

    assertThat(budget.stats()).isEqualTo(new DiskBudget.Stats(Long.MAX_VALUE, 0, 0));
    assertThatThrownBy(() -> budget.reserve(Long.MAX_VALUE)).isInstanceOf(AdmissionRefused.class);
  }

  @Test
  void volumeThatReportsLessThanNothingHasNothing() {
    DiskBudget budget = new DiskBudget(() -> Long.MIN_VALUE, Long.MAX_VALUE, telemetry);
    budget.adopt(Long.MAX_VALUE);

    assertThat(budget.stats().availableBytes()).isZero();
  }

  @Property
  void availableIsWhatIsLeftAndNeverNegative(
      @ForAll @LongRange(min = 0) long usable,
      @ForAll @LongRange(min = 0) long reserve,
      @ForAll @LongRange(min = 0) long outstanding) {
    DiskBudget budget = new DiskBudget(() -> usable, reserve, Telemetry.NONE);
    budget.adopt(outstanding);

    BigInteger left =
        BigInteger.valueOf(usable)
            .subtract(BigInteger.valueOf(reserve))
            .subtract(BigInteger.valueOf(outstanding));
    assertThat(BigInteger.valueOf(budget.stats().availableBytes()))
        .isEqualTo(left.max(BigInteger.ZERO));
  }

  @Test
  void negativeNumbersAreRefused() {
    DiskBudget budget = new DiskBudget(() -> 100, 0, telemetry);

    assertThatIllegalArgumentException().isThrownBy(() -> budget.reserve(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> budget.adopt(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> budget.settle(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> new DiskBudget(() -> 1, -1, telemetry));
  }

  @Test
  void nothingIsPromisedWhenTheVolumeDoesNotAnswer() {
    AtomicBoolean broken = new AtomicBoolean(true);
    DiskBudget budget =
        new DiskBudget(
            () -> {
              if (broken.get()) {
                throw new IOException("of the test");
              }
              return 100;
            },
            0,
            telemetry);

    assertThatThrownBy(() -> budget.reserve(1))
        .isInstanceOf(UncheckedIOException.class)
        .hasRootCauseMessage("of the test");
    broken.set(false);
    assertThat(budget.stats().outstandingBytes()).isZero();
  }

  @Test
  void metersShowTheLedger() {
    DiskBudget budget = new DiskBudget(() -> 100, 30, telemetry);
    budget.reserve(20);

    assertThat(telemetry.gauged("admission.disk.outstanding.bytes")).isEqualTo(20);
    assertThat(telemetry.gauged("admission.disk.reserve.bytes")).isEqualTo(30);
  }

  @Test
  @Timeout(60)
  void settlingDoesNotWaitForASlowVolume() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    DiskBudget budget = new DiskBudget(() -> slowly(asked, answer), 0, telemetry);
    budget.adopt(50);
    try (Callers callers = new Callers()) {
      Call<Boolean> creator =
          callers.call(
              () -> {
                budget.reserve(10);
                return true;
              });
      assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();

      budget.settle(50);

      assertThat(telemetry.gauged("admission.disk.outstanding.bytes")).isZero();
      answer.countDown();
      assertThat(creator.result()).isTrue();
    }
  }

  @Test
  void bytesSettledWhileTheVolumeIsAskedAreNotPromisedTwice() {
    AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
    DiskBudget budget =
        new DiskBudget(
            () -> {
              // The answer is old already: 50 bytes are written before it arrives.
              meanwhile.get().run();
              return 100;
            },
            0,
            telemetry);
    budget.adopt(50);
    meanwhile.set(() -> budget.settle(50));

    assertThat(budget.stats().availableBytes()).isEqualTo(50);
  }

  private static long slowly(CountDownLatch asked, CountDownLatch answer) throws IOException {
    asked.countDown();
    try {
      if (!answer.await(30, TimeUnit.SECONDS)) {
        throw new IOException("the test did not let the volume answer");
      }
      return 100;
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  @Timeout(60)
  void diskIsNeverFilledBeyondTheReserveHoweverManyWriteAtOnce() throws Exception {
    AtomicLong usable = new AtomicLong(30_000);
    DiskBudget budget = new DiskBudget(usable::get, 1_000, Telemetry.NONE);
    CyclicBarrier start = new CyclicBarrier(THREADS);
    try (Callers callers = new Callers()) {
      List<Call<Long>> writers = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        writers.add(
            callers.call(
                () -> {
                  start.await(30, TimeUnit.SECONDS);
                  return writeUntilFull(budget, usable);
                }));
      }
      long written = 0;
      for (Call<Long> writer : writers) {
        written += writer.result();
      }

      assertThat(written).isEqualTo(29_000);
      assertThat(usable).hasValue(1_000);
      assertThat(budget.stats()).isEqualTo(new DiskBudget.Stats(0, 1_000, 0));
    }
  }

  /**
   * Declares, writes and settles byte by byte. Bytes between write and settlement count twice, so a
   * refusal is final only once nothing is outstanding.
   */
  private static long writeUntilFull(DiskBudget budget, AtomicLong usable) {
    long written = 0;
    while (true) {
      try {
        budget.reserve(1);
        usable.decrementAndGet();
        budget.settle(1);
        written++;
      } catch (AdmissionRefused refused) {
        if (usable.get() <= 1_000) {
          return written;
        }
      }
    }
  }
}
