package dev.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.spillway.admission.AdmissionRefused.Reason;
import dev.spillway.telemetry.RecordedTelemetry;
import dev.spillway.telemetry.Telemetry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class AdmissionTest {

  private static final Client ANN = new Client("ann", "203.0.113.1");
  private static final Client BOB = new Client("bob", "203.0.113.1");
  private static final long DISK = 10_000;

  private final AtomicLong promised = new AtomicLong();
  private final DiskBudget disk =
      new DiskBudget(() -> DISK, promised::get, 0, System::nanoTime, Telemetry.NONE);
  private final AtomicReference<Admission.Usage> onRecord =
      new AtomicReference<>(new Admission.Usage(0, 0));
  private final AtomicReference<Admission.Gate> gate = new AtomicReference<>(Admission.Gate.OPEN);
  private final RecordedTelemetry telemetry = new RecordedTelemetry();
  private final Admission admission =
      new Admission(
          new Admission.Limits(() -> 3, 2, 5, 1000),
          disk,
          client -> onRecord.get(),
          () -> gate.get().check(),
          telemetry);

  private static AdmissionRefused refusal(Reason reason, ThrowingCallable call) {
    AdmissionRefused refused = catchThrowableOfType(AdmissionRefused.class, call);
    assertThat(refused.reason()).isEqualTo(reason);
    assertThat(refused.retryAfter()).isPositive();
    return refused;
  }

  private long available() {
    return disk.stats().availableBytes();
  }

  @Test
  void whatTheGateRefusesIsNotCountedOrPromised() {
    gate.set(
        () -> {
          throw new AdmissionRefused(
              Reason.MEMORY_CRITICAL, "Too much is live.", Map.of(), Duration.ofSeconds(2));
        });
    refusal(Reason.MEMORY_CRITICAL, () -> admission.opening(ANN, 300));
    refusal(Reason.MEMORY_CRITICAL, () -> admission.transfer(ANN));

    assertThat(available()).isEqualTo(DISK);
    assertThat(admission.stats().transfers()).isZero();
  }

  @Test
  void anUploadOnItsWayToTheRecordHasItsSpacePromised() {
    try (Admission.Opening opening = admission.opening(ANN, 300)) {
      assertThat(available()).isEqualTo(DISK - 300);
    }
    assertThat(available()).isEqualTo(DISK);
  }

  @Test
  void aClientWithAllItsUploadsOpenIsToldTheLimit() {
    onRecord.set(new Admission.Usage(5, 0));
    AdmissionRefused refused = refusal(Reason.CLIENT_LIMIT, () -> admission.opening(ANN, 1));
    assertThat(refused.figures())
        .containsEntry("limitName", "clientUploads")
        .containsEntry("limit", 5L)
        .containsEntry("actual", 5L);
    assertThat(available()).isEqualTo(DISK);
  }

  @Test
  void aClientMayHaveExactlyItsBytesToCome() {
    onRecord.set(new Admission.Usage(1, 400));
    try (Admission.Opening opening = admission.opening(ANN, 600)) {
      assertThat(opening).isNotNull();
    }
    refusal(Reason.CLIENT_LIMIT, () -> admission.opening(ANN, 601));
    refusal(Reason.CLIENT_LIMIT, () -> admission.opening(ANN, Long.MAX_VALUE));
  }

  @Test
  void whatIsJustBeingOpenedCounts() {
    List<Admission.Opening> openings = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      openings.add(admission.opening(ANN, 10));
    }
    refusal(Reason.CLIENT_LIMIT, () -> admission.opening(ANN, 10));
    admission.opening(BOB, 10).close();
    openings.forEach(Admission.Opening::close);
    admission.opening(ANN, 10).close();
  }

  @Test
  void whatTheDiskCannotTakeIsRefusedAndCountsForNobody() {
    promised.set(DISK - 100);
    refusal(Reason.DISK_FULL, () -> admission.opening(ANN, 101));
    for (int i = 0; i < 10; i++) {
      admission.opening(ANN, 100).close();
    }
  }

  @Test
  void aClientIsHeldToItsTransfersWhileOthersGetIn() {
    try (Admission.Transfer first = admission.transfer(ANN);
        Admission.Transfer second = admission.transfer(ANN)) {
      AdmissionRefused refused = refusal(Reason.CLIENT_LIMIT, () -> admission.transfer(ANN));
      assertThat(refused.figures()).containsEntry("actual", 2L);
      admission.transfer(BOB).close();
    }
    admission.transfer(ANN).close();
    assertThat(admission.stats().transfers()).isZero();
  }

  @Test
  void beyondAllTransfersEverybodyIsRefused() {
    Client carl = new Client(null, "203.0.113.2");
    try (Admission.Transfer a = admission.transfer(ANN);
        Admission.Transfer b = admission.transfer(ANN);
        Admission.Transfer c = admission.transfer(BOB)) {
      AdmissionRefused refused = refusal(Reason.TRANSFERS_BUSY, () -> admission.transfer(carl));
      assertThat(refused.figures()).containsEntry("limit", 3);
      assertThat(admission.stats().transfers()).isEqualTo(3);
    }
    admission.transfer(carl).close();
  }

  @Test
  void aTransferClosedTwiceGivesOnePlaceBack() {
    Admission.Transfer once = admission.transfer(ANN);
    try (Admission.Transfer other = admission.transfer(BOB)) {
      once.close();
      once.close();
      assertThat(admission.stats().transfers()).isEqualTo(1);
    }
  }

  @Test
  void whileDrainingNothingNewIsLetInAndWhatIsInGoesOn() {
    try (Admission.Transfer running = admission.transfer(ANN)) {
      admission.drain();
      refusal(Reason.DRAINING, () -> admission.transfer(BOB));
      refusal(Reason.DRAINING, () -> admission.opening(BOB, 1));
      assertThat(admission.stats()).isEqualTo(new Admission.Stats(1, 3, true, false));
    }
    assertThat(admission.stats().transfers()).isZero();
  }

  @Test
  void whileHoldingNoUploadIsOpenedAndOpenOnesGoOn() {
    admission.holdUploads();
    AdmissionRefused refused = refusal(Reason.DRAINING, () -> admission.opening(ANN, 1));
    assertThat(refused).hasMessageContaining("An operator lets this server run empty");
    assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(30));
    admission.transfer(ANN).close();

    assertThat(admission.stats()).isEqualTo(new Admission.Stats(0, 3, false, true));
    assertThat(available()).isEqualTo(DISK);
  }

  @Test
  void holdingIsMetered() {
    assertThat(telemetry.gauged("admission.holding")).isZero();
    admission.holdUploads();
    refusal(Reason.DRAINING, () -> admission.opening(ANN, 1));

    assertThat(telemetry.gauged("admission.holding")).isEqualTo(1);
    assertThat(telemetry.counted("admission.holding.refused")).isEqualTo(1);
    assertThat(telemetry.counted("admission.draining.refused")).isZero();
    assertThat(telemetry.gauged("admission.draining")).isZero();
  }

  @Test
  void uploadsThatAreResumedAreOpenedAgain() {
    admission.holdUploads();
    admission.holdUploads();
    admission.resumeUploads();
    admission.opening(ANN, 1).close();
    assertThat(admission.stats().holding()).isFalse();
  }

  @Test
  void aServerThatStopsCannotBeResumed() {
    admission.holdUploads();
    admission.drain();
    admission.resumeUploads();

    AdmissionRefused refused = refusal(Reason.DRAINING, () -> admission.opening(ANN, 1));
    assertThat(refused).hasMessageContaining("stopping");
    refusal(Reason.DRAINING, () -> admission.transfer(ANN));
    assertThat(admission.stats()).isEqualTo(new Admission.Stats(0, 3, true, false));
  }

  @Test
  void afterAStormNothingIsCountedAnyMore() throws Exception {
    int threads = 8;
    ExecutorService clients = Executors.newFixedThreadPool(threads);
    List<Future<?>> storms = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      Client client = t % 2 == 0 ? ANN : BOB;
      storms.add(clients.submit(() -> storm(client)));
    }
    for (Future<?> storm : storms) {
      storm.get(30, TimeUnit.SECONDS);
    }
    clients.shutdown();
    assertThat(admission.stats().transfers()).isZero();
    assertThat(available()).isEqualTo(DISK);
    admission.transfer(ANN).close();
    admission.opening(ANN, 1000).close();
  }

  private void storm(Client client) {
    for (int i = 0; i < 5000; i++) {
      try (Admission.Transfer transfer = admission.transfer(client);
          Admission.Opening opening = admission.opening(client, 100)) {
        assertThat(admission.stats().transfers()).isBetween(1, 3 + 8);
      } catch (AdmissionRefused e) {
        assertThat(e.reason()).isIn(Reason.CLIENT_LIMIT, Reason.TRANSFERS_BUSY);
      }
    }
  }
}
