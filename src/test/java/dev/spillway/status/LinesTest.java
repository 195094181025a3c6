package dev.spillway.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.status.UploadLine.Phase;
import dev.spillway.upload.ByteRange;
import dev.spillway.upload.Underway;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadPolicy.Lifetimes;
import dev.spillway.upload.UploadState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A line and a timeline from what is on record and on its way. */
class LinesTest {

  private static final UploadId ID = new UploadId("a".repeat(26));
  private static final Instant OPENED = Instant.parse("2026-02-03T04:05:06Z");
  private static final Instant ACTIVE = OPENED.plusSeconds(60);
  private static final Lifetimes LIFETIMES =
      new Lifetimes(Duration.ofHours(2), Duration.ofMinutes(10), Duration.ofDays(30));
  private static final Duration STALLED_AFTER = Duration.ofSeconds(30);

  private final Lines lines = new Lines(LIFETIMES, STALLED_AFTER);

  private static Upload upload(UploadState state, Instant active, @Nullable String failure) {
    return new Upload(
        ID,
        "file",
        1000,
        null,
        100,
        state,
        null,
        "address:203.0.113.9",
        null,
        null,
        Map.of(),
        OPENED,
        active,
        10,
        failure,
        null);
  }

  private static Upload upload(UploadState state) {
    return upload(state, ACTIVE, null);
  }

  private static Underway chunk(Underway.Phase phase, long received, int age, int silent) {
    return new Underway(
        ID,
        new ByteRange(0, 100),
        received,
        Duration.ofSeconds(age),
        Duration.ofSeconds(silent),
        phase);
  }

  private static List<UploadDetail.Event> timeline(
      Upload upload, Instant now, Underway... underway) {
    return new Timelines(LIFETIMES, Clock.fixed(now, ZoneOffset.UTC)).of(upload, List.of(underway));
  }

  private Phase phase(Underway... chunks) {
    return lines.of(upload(UploadState.RECEIVING), List.of(chunks)).phase();
  }

  @ParameterizedTest
  @CsvSource({
    "READING, 29, RECEIVING",
    "READING, 30, STALLED",
    "WRITING, 30, STORING",
    "COMMITTING, 0, STORING",
    "WAITING_FOR_DISK, 0, WAITING_FOR_DISK",
    "WAITING_FOR_MEMORY, 99, WAITING_FOR_MEMORY"
  })
  void theChunkUnderwayGivesItsPhase(Underway.Phase underway, int silent, Phase expected) {
    assertThat(phase(chunk(underway, 1, 100, silent))).isEqualTo(expected);
  }

  @Test
  void theMostActiveChunkWins() {
    Underway stalled = chunk(Underway.Phase.READING, 1, 100, 100);
    Underway memory = chunk(Underway.Phase.WAITING_FOR_MEMORY, 0, 1, 1);
    Underway disk = chunk(Underway.Phase.WAITING_FOR_DISK, 1, 1, 1);
    Underway writing = chunk(Underway.Phase.WRITING, 1, 1, 1);
    Underway reading = chunk(Underway.Phase.READING, 1, 1, 1);

    assertThat(phase(stalled, memory)).isEqualTo(Phase.WAITING_FOR_MEMORY);
    assertThat(phase(stalled, memory, disk)).isEqualTo(Phase.WAITING_FOR_DISK);
    assertThat(phase(stalled, memory, disk, writing)).isEqualTo(Phase.STORING);
    assertThat(phase(stalled, memory, disk, writing, reading)).isEqualTo(Phase.RECEIVING);
  }

  @ParameterizedTest
  @CsvSource({
    "RECEIVING, QUIET",
    "FINISHING, FINISHING",
    "PUBLISHING, PUBLISHING",
    "FAILED, FAILED",
    "COMPLETED, COMPLETED",
    "CANCELLED, CANCELLED",
    "EXPIRED, EXPIRED"
  })
  void withNothingUnderwayTheStateGivesThePhase(UploadState state, Phase expected) {
    UploadLine line = lines.of(upload(state), List.of());

    assertThat(line.phase()).isEqualTo(expected);
    assertThat(line.chunks()).isZero();
    assertThat(line.rate()).isEmpty();
  }

  @Test
  void theRateIsTheSumOverTheChunks() {
    UploadLine line =
        lines.of(
            upload(UploadState.RECEIVING),
            List.of(
                chunk(Underway.Phase.READING, 100, 10, 0),
                chunk(Underway.Phase.WRITING, 50, 2, 0),
                chunk(Underway.Phase.WAITING_FOR_MEMORY, 0, 0, 0)));

    assertThat(line.rate()).hasValue(35);
    assertThat(line.chunks()).isEqualTo(3);
  }

  @Test
  void anOpenUploadEndsByItsIdleTimeAFailedOneByItsAge() {
    assertThat(lines.of(upload(UploadState.RECEIVING), List.of()).expiresAt())
        .isEqualTo(ACTIVE.plus(LIFETIMES.idle()));
    assertThat(lines.of(upload(UploadState.FAILED), List.of()).expiresAt())
        .isEqualTo(OPENED.plus(LIFETIMES.most()));
  }

  @Test
  void aFailedUploadIsNeverRemovedAtOnce() {
    Instant late = OPENED.plus(LIFETIMES.most());

    assertThat(lines.of(upload(UploadState.FAILED, late, "x"), List.of()).expiresAt())
        .isEqualTo(late.plus(LIFETIMES.idleWhenDiskIsLow()));
  }

  @Test
  void theTimelineOfAnOpenUploadTellsWhatWillCome() {
    assertThat(timeline(upload(UploadState.RECEIVING), ACTIVE.plusSeconds(1)))
        .extracting(UploadDetail.Event::at)
        .containsExactly(
            OPENED, ACTIVE, ACTIVE.plus(LIFETIMES.idle()), OPENED.plus(LIFETIMES.most()));
  }

  @Test
  void theLastByteOfAChunkOnItsWayIsTold() {
    Instant now = ACTIVE.plusSeconds(100);

    assertThat(
            timeline(
                upload(UploadState.RECEIVING),
                now,
                chunk(Underway.Phase.READING, 5, 50, 20),
                chunk(Underway.Phase.READING, 0, 5, 5)))
        .extracting(UploadDetail.Event::at)
        .contains(now.minusSeconds(20))
        .doesNotContain(ACTIVE);
  }

  @Test
  void anEndThatIsNearIsAWarning() {
    Instant idle = ACTIVE.plus(LIFETIMES.idle());

    Stream.of(idle.minus(Duration.ofMinutes(59)), idle.plusSeconds(1))
        .forEach(
            now ->
                assertThat(timeline(upload(UploadState.RECEIVING), now))
                    .filteredOn(event -> event.at().equals(idle))
                    .singleElement()
                    .extracting(UploadDetail.Event::level)
                    .isEqualTo(Level.WARNING));
  }

  @Test
  void anExpiredUploadTellsWhyWithoutTheProgramsWord() {
    List<UploadDetail.Event> events =
        timeline(upload(UploadState.EXPIRED, ACTIVE, "idle: no new byte arrived for 2 h"), ACTIVE);

    assertThat(events.get(events.size() - 1))
        .isEqualTo(
            new UploadDetail.Event(ACTIVE, "Expired: no new byte arrived for 2 h", Level.WARNING));
  }

  @Test
  void aFailedUploadTellsWhyAndWhenItWillBeRemoved() {
    assertThat(timeline(upload(UploadState.FAILED, ACTIVE, "the disk is gone"), ACTIVE))
        .extracting(UploadDetail.Event::what)
        .containsExactly(
            "Opened", "Could not be finished: the disk is gone", "Removed unless it is finished");
  }
}
