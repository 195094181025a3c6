package dev.spillway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.telemetry.Telemetry.Occupancy;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the telemetry tells of bounded resources, and what it asks their owners. */
class BoundsTest {

  private final AtomicLong now = new AtomicLong();
  private final AtomicInteger looks = new AtomicInteger();
  private final DropwizardTelemetry telemetry = new DropwizardTelemetry(now::get);

  @AfterEach
  void close() {
    telemetry.close();
  }

  @Test
  void boundsComeInTheOrderOfTheirNamesWithTheirRefusals() {
    telemetry.bound("write-permits", () -> new Occupancy(2, 3, 4, Duration.ofMillis(5))).add(6);
    telemetry.bound("commits", () -> Occupancy.of(7, 8));

    assertThat(telemetry.bounds())
        .containsExactly(
            new Bound("commits", Occupancy.of(7, 8), 0),
            new Bound("write-permits", new Occupancy(2, 3, 4, Duration.ofMillis(5)), 6));
  }

  @Test
  void aBoundThatCannotBeReadIsLeftOut() {
    telemetry.bound("commits", () -> Occupancy.of(1, 2));
    telemetry.bound(
        "disk-bytes",
        () -> {
          throw new IllegalStateException("the catalogue does not answer");
        });

    assertThat(telemetry.bounds()).extracting(Bound::name).containsExactly("commits");
  }

  @Test
  void anExportAsksTheOwnerOnce() throws IOException {
    telemetry.bound("disk-bytes", this::counted);

    telemetry.writePrometheus(OutputStream.nullOutputStream());

    assertThat(looks).hasValue(1);
  }

  @Test
  void anExportAsksAnOwnerThatFailsOnce() throws IOException {
    telemetry.bound(
        "disk-bytes",
        () -> {
          throw new IllegalStateException("look " + looks.incrementAndGet());
        });

    telemetry.writePrometheus(OutputStream.nullOutputStream());

    assertThat(looks).hasValue(1);
  }

  @Test
  void whoReadsTheBoundsSharesTheLookOfTheExport() throws IOException {
    telemetry.bound("disk-bytes", this::counted);
    telemetry.writePrometheus(OutputStream.nullOutputStream());

    telemetry.bounds();

    assertThat(looks).hasValue(1);
  }

  @Test
  void aSecondLaterTheOwnerIsAskedAgain() {
    telemetry.bound("disk-bytes", this::counted);
    telemetry.bounds();

    now.addAndGet(Duration.ofSeconds(1).toNanos());

    assertThat(telemetry.bounds()).containsExactly(new Bound("disk-bytes", Occupancy.of(2, 10), 0));
  }

  @Test
  void aSecondRegistrationReplacesTheFirstAndKeepsItsRefusals() {
    telemetry.bound("commits", () -> Occupancy.of(1, 2)).add(3);
    telemetry.bound("commits", () -> Occupancy.of(4, 5));

    assertThat(telemetry.bounds()).containsExactly(new Bound("commits", Occupancy.of(4, 5), 3));
  }

  @Test
  void aClosedTelemetryHasLetGoOfTheBounds() {
    telemetry.bound("commits", this::counted);

    telemetry.close();

    assertThat(telemetry.bounds()).isEmpty();
  }

  @Test
  void aCounterKnowsItsTotalWhoeverAdded() {
    telemetry.counter("upload.received.bytes", "Bytes.").add(2);
    telemetry.counter("upload.received.bytes", "Bytes.").add(3);

    assertThat(telemetry.counter("upload.received.bytes", "Bytes.").total()).isEqualTo(5);
  }

  @Test
  void aCounterNeverGoesBack() {
    Telemetry.Counter counter = telemetry.counter("upload.received.bytes", "Bytes.");
    counter.add(2);

    counter.add(-1);

    assertThat(counter.total()).isEqualTo(2);
  }

  @Test
  void aCounterThatReportsNothingHasCountedNothing() {
    Telemetry.Counter none = Telemetry.NONE.counter("upload.received.bytes", "Bytes.");
    none.add(1);

    assertThat(none.total()).isZero();
  }

  private Occupancy counted() {
    return Occupancy.of(looks.incrementAndGet(), 10);
  }
}
