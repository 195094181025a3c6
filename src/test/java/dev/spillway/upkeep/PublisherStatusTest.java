package dev.spillway.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.spillway.telemetry.DropwizardTelemetry;
import dev.spillway.telemetry.PrometheusLint;
import dev.spillway.upkeep.PublishStatus.State;
import dev.spillway.upload.DestinationFailed.Kind;
import dev.spillway.upload.Upload;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What it says about itself. */
@Timeout(120)
class PublisherStatusTest extends PublisherSiteTests {

  @Test
  void atFirstAllIsWellAndNothingHasBeenDone() {
    Instant now = site.site.clock.instant();
    assertThat(site.publisher.status())
        .isEqualTo(
            new PublishStatus(
                "memory://bucket",
                new PublishStatus.Circuit(State.CLOSED, now, "", 0, Optional.empty()),
                List.of(),
                PublishStatus.Retries.NONE,
                2,
                1 << 20,
                Optional.empty(),
                new PublishStatus.Totals(0, 0, 0, Optional.empty())));
  }

  @Test
  void aFileOnItsWaySaysHowFarItIs() throws Exception {
    site.destination.hold();
    Upload upload = site.finished();
    site.publisher.start();
    PublisherSite.await("it is on its way", () -> site.destination.underway.size() == 1);
    site.destination.progress(upload.id()).at(600);
    site.destination.progress(upload.id()).at(300);
    assertThat(site.publisher.status().underway())
        .containsExactly(
            new PublishStatus.Underway(
                upload.id(), "file", 1000, 300, site.site.clock.instant(), Optional.empty()));
    assertThat(site.site.telemetry.counted("publish.sent.bytes")).isEqualTo(600);
    assertThat(site.site.telemetry.gauged("bound.used{bound=publishing}")).isEqualTo(1);
  }

  @Test
  void theOneThatHasTakenLongestComesFirst() throws Exception {
    site.destination.hold();
    Upload first = site.finished();
    site.publisher.start();
    PublisherSite.await("one is on its way", () -> site.destination.underway.size() == 1);
    Upload second = site.finished();
    PublisherSite.await("two are on their way", () -> site.destination.underway.size() == 2);
    assertThat(site.publisher.status().underway())
        .extracting(PublishStatus.Underway::id)
        .containsExactly(first.id(), second.id());
  }

  @Test
  void whatHasBeenDoneIsCounted() throws Exception {
    List<Upload> uploads = site.finished(3);
    site.publisher.start();
    site.awaitPublished(uploads);
    assertThat(site.publisher.status().totals())
        .isEqualTo(new PublishStatus.Totals(3, 3000, 0, Optional.of(site.site.clock.instant())));
    site.awaitFiles("published", 3);
    assertThat(site.site.telemetry.counted("publish.sent.bytes")).isEqualTo(3000);
    PublisherSite.await(
        "each took its time", () -> site.site.telemetry.timed("publish.duration").size() == 3);
    assertThat(site.site.telemetry.gauged("publish.circuit.open")).isZero();
  }

  @Test
  void anOutageHasABeginningAReasonAndANextTry() throws Exception {
    site.destination.fail(Kind.UNREACHABLE);
    site.finished(3);
    site.publisher.start();
    site.passUntil(
        "it opens",
        Duration.ofSeconds(1),
        () -> site.circuit().state() == State.OPEN && site.circuit().nextTry().isPresent());
    PublishStatus.Circuit circuit = site.circuit();
    assertThat(circuit.reason()).isEqualTo("it is UNREACHABLE");
    assertThat(circuit.failures()).isGreaterThanOrEqualTo(3);
    assertThat(circuit.since()).isBeforeOrEqualTo(site.site.clock.instant());
    assertThat(circuit.nextTry().orElseThrow()).isAfter(site.site.clock.instant());
    assertThat(site.site.telemetry.gauged("publish.circuit.open")).isEqualTo(1);
    assertThat(site.site.telemetry.gauged("publish.circuit.refused")).isZero();
  }

  @Test
  void aRefusalSaysSoAndWhenItIsTriedNext() throws Exception {
    site.destination.fail(Kind.REFUSED);
    site.finished(5);
    site.publisher.start();
    site.awaitCircuit(State.REFUSED);
    PublishStatus.Circuit circuit = site.circuit();
    assertThat(circuit.reason()).isEqualTo("it is REFUSED");
    assertThat(circuit.nextTry()).isPresent();
    assertThat(site.site.telemetry.gauged("publish.circuit.open")).isEqualTo(1);
    assertThat(site.site.telemetry.gauged("publish.circuit.refused")).isEqualTo(1);
  }

  @Test
  void thoseThatWaitAreSeenAsFarAsTheyAreKnown() throws Exception {
    site.destination.hold();
    site.finished(10);
    site.publisher.start();
    PublisherSite.await("two are on their way", () -> site.destination.underway.size() == 2);
    assertThat(site.site.telemetry.gauged("bound.waiting{bound=publishing}")).isEqualTo(6);
    assertThat(site.site.telemetry.gauged("bound.limit{bound=publishing}")).isEqualTo(2);
    assertThat(site.site.telemetry.measured("bound.oldest.wait.seconds{bound=publishing}"))
        .hasValue(7);
  }

  @Test
  void itsMetersKeepTheRulesOfTheirFormat() throws Exception {
    DropwizardTelemetry telemetry = new DropwizardTelemetry();
    try (Publisher other = site.newPublisher(telemetry)) {
      ByteArrayOutputStream page = new ByteArrayOutputStream();
      telemetry.writePrometheus(page);
      assertThat(PrometheusLint.problems(page.toString(StandardCharsets.UTF_8))).isEmpty();
      assertThat(other.status().underway()).isEmpty();
      assertThat(telemetry.published())
          .contains(
              "spillway_publish_circuit_open",
              "spillway_publish_circuit_refused",
              "spillway_publish_duration_seconds",
              "spillway_publish_files_total",
              "spillway_publish_paused",
              "spillway_publish_sent_bytes_total");
    }
  }

  @Test
  void withoutAThreadItCannotBe() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Publisher.Settings(0, 1));
  }
}
