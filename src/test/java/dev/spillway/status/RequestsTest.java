package dev.spillway.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.spillway.telemetry.RecordedTelemetry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RequestsTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private final AtomicLong nanos = new AtomicLong();
  private final RecordedTelemetry telemetry = new RecordedTelemetry();
  private final Requests requests = new Requests(telemetry, nanos::get);

  private static Failure failure(String code, String client, Failure.Kind kind) {
    return failure(code, client, kind, "abc");
  }

  private static Failure failure(String code, String client, Failure.Kind kind, String upload) {
    return new Failure(NOW, code, 503, Optional.of(upload), client, 0, true, "r1", kind);
  }

  @Test
  void everyOutcomeIsCountedOnItsOwn() {
    requests.served();
    requests.servedChunk(Duration.ofMillis(30));
    requests.failed(failure("busy", "a", Failure.Kind.REFUSED));
    requests.failed(failure("internal", "a", Failure.Kind.SERVER_ERROR));
    requests.failed(failure("bad", "a", Failure.Kind.CLIENT_ERROR));
    requests.failed(failure("gone", "a", Failure.Kind.ABORTED));
    Figures.Outcomes expected = new Figures.Outcomes(2, 1, 1, 1, 1);
    assertThat(requests.lastMinute()).isEqualTo(expected);
    assertThat(requests.sinceStart()).isEqualTo(expected);
    assertThat(telemetry.counted("http.answers{outcome=server-error}")).isEqualTo(1);
    assertThat(telemetry.counted("http.answers{outcome=served}")).isEqualTo(2);
  }

  @Test
  void aMinuteLaterTheMinuteIsEmptyAndTheFiveMinutesAreNot() {
    requests.served();
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    assertThat(requests.lastMinute().total()).isZero();
    assertThat(requests.lastFiveMinutes().total()).isEqualTo(1);
  }

  @Test
  void onlyChunksAreTimed() {
    requests.served();
    requests.servedChunk(Duration.ofMillis(30));
    assertThat(telemetry.timed("http.chunk")).containsExactly(Duration.ofMillis(30));
    assertThat(requests.chunks().count()).isEqualTo(1);
  }

  @Test
  void theNewestFailureComesFirstAndTheOldestGoes() {
    for (int i = 0; i < Requests.FAILURES + 2; i++) {
      requests.failed(failure("code" + i, "a", Failure.Kind.REFUSED));
    }
    assertThat(requests.failures()).hasSize(Requests.FAILURES);
    assertThat(requests.failures().get(0).code()).isEqualTo("code501");
    assertThat(requests.failures().get(Requests.FAILURES - 1).code()).isEqualTo("code2");
  }

  @Test
  void ofAnIdThatIsTooLongTheBeginningIsKept() {
    requests.failed(failure("bad", "a", Failure.Kind.CLIENT_ERROR, "x".repeat(8000)));
    assertThat(requests.failures().get(0).upload()).hasValue("x".repeat(80));
  }

  @Test
  void codesAreCountedTheMostFrequentFirst() {
    requests.failed(failure("rare", "a", Failure.Kind.REFUSED));
    requests.failed(failure("often", "a", Failure.Kind.REFUSED));
    requests.failed(failure("often", "a", Failure.Kind.REFUSED));
    assertThat(requests.codes(NOW)).containsExactly(entry("often", 2L), entry("rare", 1L));
    assertThat(requests.codes(NOW.plusSeconds(1))).isEmpty();
  }

  @Test
  void mismatchesAreRememberedForADay() {
    requests.failed(failure("checksum-mismatch", "a", Failure.Kind.CLIENT_ERROR));
    nanos.addAndGet(Duration.ofHours(2).toNanos());
    assertThat(requests.mismatches(Duration.ofHours(1))).isZero();
    assertThat(requests.mismatches(Duration.ofDays(1))).isEqualTo(1);
  }

  @Test
  void aClientsTroublesAreItsOwnAndPass() {
    requests.failed(failure("busy", "a", Failure.Kind.REFUSED));
    requests.failed(failure("bad", "a", Failure.Kind.CLIENT_ERROR));
    assertThat(requests.ofClient("a")).isEqualTo(new Requests.OfClient(1, 1));
    assertThat(requests.ofClient("b")).isEqualTo(new Requests.OfClient(0, 0));
    nanos.addAndGet(Duration.ofMinutes(5).toNanos());
    assertThat(requests.ofClient("a")).isEqualTo(new Requests.OfClient(0, 0));
  }

  @Test
  void whoInventsClientsPushesTheOldestOut() {
    requests.failed(failure("busy", "first", Failure.Kind.REFUSED));
    for (int i = 0; i < 512; i++) {
      requests.failed(failure("busy", "client" + i, Failure.Kind.REFUSED));
    }
    assertThat(requests.ofClient("first").refused()).isZero();
    assertThat(requests.ofClient("client0").refused()).isEqualTo(1);
  }
}
