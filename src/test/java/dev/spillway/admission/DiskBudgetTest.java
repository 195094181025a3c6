package dev.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.admission.AdmissionRefused.Reason;
import dev.spillway.telemetry.RecordedTelemetry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DiskBudgetTest {

  private static final long SECOND = 1_000_000_000;

  private final RecordedTelemetry telemetry = new RecordedTelemetry();
  private final AtomicLong usable = new AtomicLong(100);
  private final AtomicLong onRecord = new AtomicLong();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicLong nanos = new AtomicLong();

  private DiskBudget budget(long reserve) {
    return new DiskBudget(usable::get, this::ask, reserve, nanos::get, telemetry);
  }

  private long ask() {
    asked.incrementAndGet();
    return onRecord.get();
  }

  /** An upload that goes on record. */
  private void open(DiskBudget budget, long bytes) {
    budget.reserve(bytes);
    onRecord.addAndGet(bytes);
    budget.arrived(bytes);
  }

  private static void assertFull(DiskBudget budget, long bytes) {
    assertThatThrownBy(() -> budget.reserve(bytes)).isInstanceOf(AdmissionRefused.class);
  }

  @Test
  void spaceIsPromisedOnce() {
    DiskBudget budget = budget(0);
    open(budget, 60);
    assertFull(budget, 41);
    open(budget, 40);
    assertThat(budget.stats()).isEqualTo(new DiskBudget.Stats(100, 0, 0));
  }

  @Test
  void whatIsOnItsWayToTheRecordIsPromised() {
    DiskBudget budget = budget(0);
    budget.reserve(60);
    assertFull(budget, 41);
    budget.reserve(40);
  }

  @Test
  void whatDidNotGetOnRecordMayBePromisedAgain() {
    DiskBudget budget = budget(0);
    budget.reserve(100);
    budget.arrived(100);
    budget.reserve(100);
  }

  @Test
  void theReserveIsNeverPromised() {
    DiskBudget budget = budget(30);
    assertFull(budget, 71);
    open(budget, 70);
    assertThat(budget.stats()).isEqualTo(new DiskBudget.Stats(70, 30, 0));
  }

  @Test
  void aRefusalHasEveryNumber() {
    DiskBudget budget = budget(30);
    open(budget, 50);
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
    assertThat(telemetry.counted("bound.refused{bound=disk-bytes}")).isEqualTo(1);
  }

  @Test
  void whatTheRecordNoLongerLacksMayBePromisedAgainAtOnce() {
    DiskBudget budget = budget(0);
    open(budget, 100);
    onRecord.set(70);
    budget.reserve(30);
    assertFull(budget, 1);
  }

  @Test
  void aDiskThatIsSmallerThanWhatIsOnRecordTakesNothing() {
    onRecord.set(150);
    assertFull(budget(0), 1);
    assertThat(budget(0).stats()).isEqualTo(new DiskBudget.Stats(150, 0, 0));
  }

  @Test
  void anEmptyFileNeedsNoSpace() {
    usable.set(0);
    onRecord.set(10);
    budget(10).reserve(0);
  }

  @Test
  void whileThereIsRoomTheRecordIsAskedOnceASecond() {
    DiskBudget budget = budget(0);
    for (int i = 0; i < 10; i++) {
      open(budget, 1);
    }
    assertThat(asked).hasValue(1);
    nanos.addAndGet(SECOND);
    open(budget, 1);
    assertThat(asked).hasValue(2);
  }

  @Test
  void theLargestNumbersDoNotOverflow() {
    usable.set(Long.MAX_VALUE);
    onRecord.set(Long.MAX_VALUE - 10);
    DiskBudget budget = budget(0);
    budget.reserve(10);
    assertThat(budget.stats()).isEqualTo(new DiskBudget.Stats(Long.MAX_VALUE, 0, 0));
    budget.arrived(Long.MAX_VALUE);
    assertFull(budget, Long.MAX_VALUE);
  }

  @Test
  void aVolumeThatReportsLessThanNothingHasNothing() {
    usable.set(Long.MIN_VALUE);
    onRecord.set(Long.MAX_VALUE);
    assertThat(budget(Long.MAX_VALUE).stats().availableBytes()).isZero();
  }

  @Property
  void availableIsWhatIsLeftAndNeverNegative(
      @ForAll @LongRange(min = 0) long free,
      @ForAll @LongRange(min = 0) long reserve,
      @ForAll @LongRange(min = 0) long promised) {
    usable.set(free);
    onRecord.set(promised);
    BigInteger left =
        BigInteger.valueOf(free)
            .subtract(BigInteger.valueOf(reserve))
            .subtract(BigInteger.valueOf(promised))
            .max(BigInteger.ZERO);
    assertThat(budget(reserve).stats().availableBytes()).isEqualTo(left.longValueExact());
  }

  @Test
  void negativeNumbersAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> budget(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> budget(0).reserve(-1));
  }

  @Test
  void nothingIsPromisedWhenTheVolumeDoesNotAnswer() {
    AtomicInteger calls = new AtomicInteger();
    DiskBudget budget =
        new DiskBudget(
            () -> {
              if (calls.getAndIncrement() == 0) {
                throw new IOException("no answer");
              }
              return 100;
            },
            () -> 0,
            0,
            nanos::get,
            telemetry);
    assertThatThrownBy(() -> budget.reserve(100)).isInstanceOf(UncheckedIOException.class);
    budget.reserve(100);
  }

  @Test
  @Timeout(30)
  void theDiskIsNeverPromisedTwiceHoweverManyAskAtOnce() throws InterruptedException {
    usable.set(1000);
    DiskBudget budget = budget(0);
    AtomicInteger opened = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    for (int i = 0; i < 400; i++) {
      threads.execute(
          () -> {
            try {
              open(budget, 10);
              opened.incrementAndGet();
            } catch (AdmissionRefused e) {
              assertThat(e.reason()).isEqualTo(Reason.DISK_FULL);
            }
          });
    }
    threads.shutdown();
    assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    assertThat(onRecord.get()).isLessThanOrEqualTo(1000);
    assertThat(opened.get()).isBetween(1, 100);
    open(budget, 1000 - onRecord.get());
  }
}
