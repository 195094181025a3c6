package dev.spillway.status.checks;

import static dev.spillway.status.MadeUpPublishing.atRest;
import static dev.spillway.status.MadeUpPublishing.paused;
import static dev.spillway.status.MadeUpPublishing.refused;
import static dev.spillway.status.MadeUpPublishing.unreachable;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.status.CheckResult;
import dev.spillway.status.Figures;
import dev.spillway.status.Level;
import dev.spillway.status.Verdict;
import dev.spillway.upkeep.PublishStatus;
import dev.spillway.upload.UploadId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said of finished files and their destination. */
class DeliveryRulesTest {

  private static final Instant NOW = Seen.NOW;
  private static final Duration YOUNG = Duration.ofSeconds(899);

  private final Seen seen = new Seen();

  private static PublishStatus.Retries retries(int files) {
    return new PublishStatus.Retries(
        files,
        List.of(
            new PublishStatus.Retry(
                UploadId.random(new Random(1)), "The disk does not answer.", 3, NOW)));
  }

  static Stream<Arguments> findings() {
    Duration late = Duration.ofMinutes(15);
    Duration tooLate = Duration.ofHours(1);
    return Stream.of(
        Arguments.of(
            atRest().nothingWaits(),
            Level.OK,
            "The bucket gs://reports/in takes files, none waits"),
        Arguments.of(
            atRest().waiting(3, YOUNG),
            Level.OK,
            "The bucket gs://reports/in takes files, 3 files wait"),
        Arguments.of(atRest().unknown(), Level.OK, "The bucket gs://reports/in takes files"),
        Arguments.of(
            atRest().waiting(988, late),
            Level.WARNING,
            "Files get to the bucket late, 988 files wait, the oldest for 15 min"),
        Arguments.of(
            atRest().waiting(988, tooLate),
            Level.CRITICAL,
            "Files get to the bucket late, 988 files wait, the oldest for 1 h"),
        Arguments.of(
            atRest().with(retries(2)).waiting(2, tooLate),
            Level.CRITICAL,
            "Files get to the bucket late, 2 files wait, the oldest for 1 h, 2 files have failed and"
                + " are tried again (the disk does not answer)"),
        Arguments.of(
            atRest().with(retries(1)).waiting(3, YOUNG),
            Level.OK,
            "The bucket gs://reports/in takes files, 3 files wait, 1 file has failed and is tried"
                + " again (the disk does not answer)"),
        Arguments.of(
            unreachable().waiting(12, YOUNG),
            Level.WARNING,
            "No file has got to the bucket since 11:50 UTC; it has been out of reach since 11:57 UTC"
                + " (gs://reports does not answer: no connection), 12 files wait"),
        Arguments.of(
            unreachable().waiting(1, tooLate),
            Level.CRITICAL,
            "No file has got to the bucket since 11:50 UTC; it has been out of reach since 11:57 UTC"
                + " (gs://reports does not answer: no connection), 1 file waits"),
        Arguments.of(
            unreachable().unknown(),
            Level.WARNING,
            "No file has got to the bucket since 11:50 UTC; it has been out of reach since 11:57 UTC"
                + " (gs://reports does not answer: no connection)"),
        Arguments.of(
            refused().waiting(40, YOUNG),
            Level.CRITICAL,
            "The bucket refuses files (this server may not use gs://reports: permission"
                + " storage.objects.create is missing), 3 files have failed, 40 files wait"),
        Arguments.of(
            unreachable().with(new PublishStatus.Totals(0, 0, 3, Optional.empty())).unknown(),
            Level.WARNING,
            "No file has got to the bucket since the start; it has been out of reach since 11:57"
                + " UTC (gs://reports does not answer: no connection)"),
        Arguments.of(
            unreachable()
                .with(
                    new PublishStatus.Totals(
                        9, 9, 0, Optional.of(Instant.parse("2026-11-20T23:59:58Z"))))
                .unknown(),
            Level.WARNING,
            "No file has got to the bucket since 2026-11-20 23:59:58 UTC; it has been out of reach"
                + " since 11:57 UTC (gs://reports does not answer: no connection)"),
        Arguments.of(
            refused().nothingWaits(),
            Level.CRITICAL,
            "The bucket refuses files (this server may not use gs://reports: permission"
                + " storage.objects.create is missing), 3 files have failed, none waits: the next"
                + " finished file is the trial"),
        Arguments.of(
            paused("The memory is critical.").waiting(988, YOUNG),
            Level.WARNING,
            "No new file has been sent to the bucket since 11:57 UTC (the memory is critical), 988"
                + " files wait"));
  }

  @ParameterizedTest(name = "{1}: {2}")
  @MethodSource("findings")
  void theDestinationIsToldByItsCircuitAndTheOldestFile(
      Figures.Publish publish, Level level, String sentence) {
    seen.publish = Optional.of(publish);
    Finding finding = seen.finding("destination");
    assertThat(plain(finding.sentence())).isEqualTo(sentence);
    assertThat(finding.level()).isEqualTo(level);
  }

  @Test
  void thereIsNoSuchCheckWhereFilesStay() {
    assertThat(look().checks()).noneMatch(check -> check.name().equals("destination"));
  }

  @Test
  void theLimitsAreTold() {
    seen.publish = Optional.of(atRest().nothingWaits());
    assertThat(destination().limits().replace('\u00a0', ' '))
        .isEqualTo(
            "warns while nothing gets there, or when a file waits for 15 min; critical from 1 h on,"
                + " or when this server is refused");
  }

  @Test
  void aBucketThatCannotBeReachedDegradesAndUploadsGoOn() {
    seen.publish = Optional.of(unreachable().waiting(12, YOUNG));
    Verdict verdict = verdict();
    assertThat(plain(verdict.headline()))
        .isEqualTo(
            "Degraded – no file has got to the bucket since 11:50 UTC; it has been out of reach since"
                + " 11:57 UTC (gs://reports does not answer: no connection), 12 files wait");
    assertThat(plain(verdict.explanation()))
        .isEqualTo(
            "Uploads go on: 12 finished files (3.52 GiB) wait on this disk, which has room for"
                + " 210 GiB more.");
    assertThat(verdict.check()).hasValue("destination");
  }

  @Test
  void aBucketThatRefusesTheServerFailsAndSomebodyHasToAct() {
    seen.publish = Optional.of(refused().waiting(1, YOUNG));
    Verdict verdict = verdict();
    assertThat(verdict.state()).isEqualTo(Verdict.State.FAILING);
    assertThat(plain(verdict.explanation()))
        .isEqualTo(
            "Somebody has to act; until then uploads go on: 1 finished file (300 MiB) waits on this"
                + " disk, which has room for 210 GiB more.");
  }

  @Test
  void withoutTheCatalogueAndTheDiskItStillSaysThatFilesWaitHere() {
    seen.publish = Optional.of(unreachable().unknown());
    assertThat(verdict().explanation())
        .isEqualTo("Uploads go on, and finished files wait on this disk.");
  }

  @Test
  void whatElseIsWrongIsToldFirst() {
    seen.publish = Optional.of(unreachable().waiting(12, YOUNG));
    seen.order = new Observation.Order(Optional.empty(), List.of("orphans"));
    assertThat(verdict().check()).hasValue("upkeep");
  }

  private Verdict verdict() {
    Checkup checkup = new Checkup(Seen.limits());
    Checkup.Result result = look(checkup);
    for (int i = 1; i < Hysteresis.WARNING_LOOKS; i++) {
      result = look(checkup);
    }
    return new Verdicts(NOW)
        .of(result, new Situation(NOW, false, Optional.empty(), false, seen.figures()));
  }

  private Checkup.Result look() {
    return look(new Checkup(Seen.limits()));
  }

  private Checkup.Result look(Checkup checkup) {
    return checkup.look(seen.observation(), List.of(), false, NOW);
  }

  private CheckResult destination() {
    return look().checks().stream()
        .filter(check -> check.name().equals("destination"))
        .findFirst()
        .orElseThrow();
  }

  private static String plain(String text) {
    return text.replace('\u00a0', ' ');
  }
}
