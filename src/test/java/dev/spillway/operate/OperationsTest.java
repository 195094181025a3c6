package dev.spillway.operate;

import static dev.spillway.operate.OperatorSite.ANN;
import static dev.spillway.operate.OperatorSite.LOGGER;
import static dev.spillway.operate.OperatorSite.VIEWER;
import static dev.spillway.operate.OperatorSite.cleanUp;
import static dev.spillway.operate.OperatorSite.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import dev.spillway.operate.Outcome.Kind;
import dev.spillway.upload.CatalogUnavailable;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OperationsTest {

  private final OperatorSite site = new OperatorSite();
  private final UploadId failed = site.upload(UploadState.FAILED, 1000, "the disk failed");
  private final UploadId open = site.upload(UploadState.RECEIVING, 1000, null);

  /** With which each action is possible. */
  private Map<String, String> parameters(Action action) {
    return switch (action) {
      case DRAIN, RESUME, PURGE, THREAD_DUMP -> Map.of();
      case CANCEL, EXTEND -> id(open);
      case RETRY -> id(failed);
      case LOG_LEVEL -> Map.of("logger", LOGGER, "level", "DEBUG");
    };
  }

  private void assertNothingHappened() {
    assertThat(site.admission.stats().holding()).isFalse();
    assertThat(site.uploads.calls).isEmpty();
    assertThat(site.abandoned.runs).isEmpty();
    assertThat(site.loggers.getLogger(LOGGER).getLevel()).isNull();
    assertThat(site.operations.threadDumps()).isEmpty();
  }

  private static void assertOutcome(AuditEntry entry, Kind kind, String text) {
    assertThat(entry.outcome().kind()).isEqualTo(kind);
    assertThat(entry.outcome().text().replace('\u00a0', ' ')).isEqualTo(text);
  }

  @ParameterizedTest
  @EnumSource(Action.class)
  void anOperatorMayDoEverything(Action action) {
    AuditEntry entry = site.perform(action, parameters(action));
    assertThat(entry.outcome().kind()).isIn(Kind.DONE, Kind.UNCHANGED);
  }

  @ParameterizedTest
  @EnumSource(Action.class)
  void aViewerMayDoNothing(Action action) {
    Attempt attempt =
        new Attempt(action, VIEWER, parameters(action), site.operations.token(action));
    AuditEntry entry = site.operations.perform(attempt);

    assertThat(entry.outcome().kind()).isEqualTo(Kind.REFUSED);
    assertThat(entry.outcome().text()).contains("spillway-operator");
    assertThat(site.operations.audit()).containsExactly(entry);
    assertNothingHappened();
  }

  @ParameterizedTest
  @EnumSource(Action.class)
  void nobodyMayDoAnythingInReadOnlyMode(Action action) {
    Operations readOnly = site.operations(true);
    Confirmation confirmation = readOnly.confirm(action, parameters(action));
    AuditEntry entry =
        readOnly.perform(new Attempt(action, ANN, parameters(action), confirmation.token()));

    assertThat(readOnly.readOnly()).isTrue();
    assertThat(confirmation.refusal()).hasValueSatisfying(this::assertNamesTheSetting);
    assertThat(entry.outcome().kind()).isEqualTo(Kind.REFUSED);
    assertNamesTheSetting(entry.outcome().text());
    assertNothingHappened();
  }

  private void assertNamesTheSetting(String text) {
    assertThat(text).contains("spillway.dashboard.read-only");
  }

  @ParameterizedTest
  @EnumSource(Action.class)
  void withoutATokenOfTheActionNothingIsDone(Action action) {
    Action other = action == Action.DRAIN ? Action.PURGE : Action.DRAIN;
    for (String token : new String[] {"", "x", "A".repeat(54), site.operations.token(other)}) {
      AuditEntry entry =
          site.operations.perform(new Attempt(action, ANN, parameters(action), token));
      assertThat(entry.outcome().kind()).isEqualTo(Kind.REFUSED);
      assertThat(entry.outcome().text()).contains("Open the page again");
    }
    assertNothingHappened();
  }

  @Test
  void aFormFromBeforeAnHourIsRefused() {
    String token = site.operations.token(Action.DRAIN);
    site.advance(Duration.ofHours(1).plusSeconds(1));
    AuditEntry entry = site.operations.perform(new Attempt(Action.DRAIN, ANN, Map.of(), token));
    assertThat(entry.outcome().text()).contains("older than an hour");
    assertNothingHappened();
  }

  @Test
  void aFormThatIsSentTwiceActsOnceAndTellsTheSame() {
    site.abandoned.next = cleanUp(3, 4096, 0, 0, null);
    Attempt attempt = new Attempt(Action.PURGE, ANN, Map.of(), site.operations.token(Action.PURGE));
    assertOutcome(site.operations.perform(attempt), Kind.DONE, "3 uploads purged, 4.00 KiB freed.");
    assertOutcome(
        site.operations.perform(attempt),
        Kind.UNCHANGED,
        "This form has acted before: 3 uploads purged, 4.00 KiB freed.");
    assertThat(site.abandoned.runs).hasSize(1);
  }

  @Test
  void aFormThatFailedSaysSoAgain() {
    site.uploads.during =
        () -> {
          throw new UncheckedIOException(new IOException("on purpose"));
        };
    Attempt attempt =
        new Attempt(Action.CANCEL, ANN, id(open), site.operations.token(Action.CANCEL));
    String text = "The storage failed. The server's log has more.";
    assertOutcome(site.operations.perform(attempt), Kind.FAILED, text);
    site.uploads.during = () -> {};
    assertOutcome(
        site.operations.perform(attempt), Kind.FAILED, "This form has acted before: " + text);
  }

  @Test
  void whatWasTypedWronglyMayBeTypedAgainInTheSameForm() {
    UploadId large = site.upload(UploadState.RECEIVING, (1L << 30) + 1, null);
    Confirmation confirmation = site.operations.confirm(Action.CANCEL, id(large));
    String last = large.value().substring(22);
    assertThat(confirmation.typed()).hasValue(last);

    for (String typed : new String[] {"", "no", large.value(), last.toUpperCase(Locale.ROOT)}) {
      AuditEntry entry = cancel(large, typed, confirmation.token());
      assertThat(entry.outcome().kind()).isEqualTo(Kind.REFUSED);
      assertThat(entry.outcome().text()).contains("last four characters");
    }
    assertThat(site.uploads.calls).isEmpty();
    assertOutcome(
        cancel(large, " " + last + " ", confirmation.token()),
        Kind.DONE,
        "The upload is cancelled and its space freed.");
  }

  private AuditEntry cancel(UploadId id, String typed, String token) {
    return site.operations.perform(
        new Attempt(Action.CANCEL, ANN, Map.of("id", id.value(), "typed", typed), token));
  }

  @Test
  void upToOneGibibyteNothingHasToBeTyped() {
    UploadId small = site.upload(UploadState.RECEIVING, 1L << 30, null);
    assertThat(site.operations.confirm(Action.CANCEL, id(small)).typed()).isEmpty();
    assertThat(site.perform(Action.CANCEL, id(small)).outcome().kind()).isEqualTo(Kind.DONE);
  }

  @Test
  void cancellingTwiceChangesNothingTheSecondTime() {
    site.perform(Action.CANCEL, id(open));
    assertOutcome(
        site.perform(Action.CANCEL, id(open)), Kind.UNCHANGED, "The upload was cancelled already.");
  }

  @Test
  void anUploadThatIsNotThereIsNamedSo() {
    for (String unknown : new String[] {"", "nonsense", "a".repeat(26), "x".repeat(10_000)}) {
      assertOutcome(
          site.perform(Action.EXTEND, Map.of("id", unknown)),
          Kind.REFUSED,
          "There is no such upload.");
    }
  }

  @Test
  void onlyWhatIsPossibleInAnUploadsStateIsTried() {
    UploadId done = site.upload(UploadState.COMPLETED, 5L << 30, null);
    UploadId expired = site.upload(UploadState.EXPIRED, 0, null);
    assertThat(site.perform(Action.CANCEL, id(done)).outcome().text()).contains("COMPLETED");
    assertThat(site.perform(Action.EXTEND, id(failed)).outcome().text()).contains("FAILED");
    assertThat(site.perform(Action.RETRY, id(open)).outcome().text()).contains("RECEIVING");
    assertThat(site.perform(Action.CANCEL, id(expired)).outcome().text()).contains("EXPIRED");
    assertThat(site.uploads.calls).isEmpty();
  }

  @Test
  void aFailedUploadIsFinishedAndThenStaysSo() {
    assertOutcome(site.perform(Action.RETRY, id(failed)), Kind.DONE, "The upload is finished.");
    assertOutcome(
        site.perform(Action.RETRY, id(failed)), Kind.UNCHANGED, "The upload was finished already.");
    assertThat(site.uploads.calls).containsExactly("retry " + failed);
  }

  @Test
  void whatIsOnItsWayToADestinationIsLeftAlone() {
    UploadId publishing = site.upload(UploadState.PUBLISHING, 5L << 30, null);
    assertThat(site.perform(Action.RETRY, id(publishing)).outcome().text()).contains("PUBLISHING");
    assertThat(site.uploads.calls).isEmpty();
  }

  @Test
  void whatWasOnItsWayToADestinationThatIsNotSetAnyMoreIsFinishedHere() {
    site.uploads.publishes = false;
    UploadId publishing = site.upload(UploadState.PUBLISHING, 5L << 30, null);
    for (Action other : new Action[] {Action.CANCEL, Action.EXTEND}) {
      assertThat(site.perform(other, id(publishing)).outcome().text()).contains("PUBLISHING");
    }
    assertOutcome(site.perform(Action.RETRY, id(publishing)), Kind.DONE, "The upload is finished.");
    assertThat(site.uploads.calls).containsExactly("retry " + publishing);
  }

  @Test
  void anExtendedUploadHasItsNewEndTold() {
    assertOutcome(
        site.perform(Action.EXTEND, id(open)),
        Kind.DONE,
        "Without a further byte, the upload now ends at 2030-01-02 03:04:05 UTC.");
  }

  @Test
  void drainingAndResumingAreTakenBackAndTold() {
    assertThat(site.operations.drainingSince()).isEmpty();
    assertThat(site.perform(Action.DRAIN).outcome().kind()).isEqualTo(Kind.DONE);
    assertThat(site.operations.drainingSince()).hasValue(site.clock.instant());
    assertThat(site.perform(Action.DRAIN).outcome().kind()).isEqualTo(Kind.UNCHANGED);
    assertThat(site.perform(Action.RESUME).outcome().kind()).isEqualTo(Kind.DONE);
    assertThat(site.operations.drainingSince()).isEmpty();
    assertThat(site.perform(Action.RESUME).outcome().kind()).isEqualTo(Kind.UNCHANGED);
  }

  @Test
  void aServerThatStopsIsNeitherDrainedNorResumed() {
    site.admission.drain();
    assertThat(site.perform(Action.DRAIN).outcome().kind()).isEqualTo(Kind.REFUSED);
    assertThat(site.perform(Action.RESUME).outcome().kind()).isEqualTo(Kind.REFUSED);
    assertThat(site.operations.drainingSince()).hasValue(site.clock.instant());
  }

  @Test
  void aPurgeTellsHowFarItCame() {
    site.abandoned.next = cleanUp(38, 2_254_857_830L, 2, 0, null);
    assertOutcome(
        site.perform(Action.PURGE), Kind.PARTLY, "38 uploads purged, 2.10 GiB freed, 2 failed.");
    site.abandoned.next = cleanUp(1, 1, 0, 3, "the server is busy");
    assertOutcome(
        site.perform(Action.PURGE),
        Kind.PARTLY,
        "1 upload purged, 1 B freed. 3 uploads left alone: in use."
            + " It stopped early: the server is busy.");
    site.abandoned.next = cleanUp(0, 0, 2, 0, null);
    assertOutcome(
        site.perform(Action.PURGE), Kind.FAILED, "0 uploads purged, 0 B freed, 2 failed.");
  }

  @Test
  void aPurgeWithNothingToDoSaysSo() {
    assertOutcome(site.perform(Action.PURGE), Kind.UNCHANGED, "There was nothing to purge.");
    site.abandoned.next = cleanUp(0, 0, 0, 0, "another clean-up is on its way");
    assertOutcome(
        site.perform(Action.PURGE),
        Kind.REFUSED,
        "The clean-up has not begun: another clean-up is on its way.");
  }

  @Test
  void aLevelLastsTenMinutes() {
    assertThat(site.perform(Action.LOG_LEVEL, parameters(Action.LOG_LEVEL)).outcome().kind())
        .isEqualTo(Kind.DONE);
    assertThat(site.loggers.getLogger(LOGGER).getLevel()).isEqualTo(Level.DEBUG);
    site.advance(Duration.ofMinutes(10));
    site.logLevels.revertDue();
    assertThat(site.loggers.getLogger(LOGGER).getLevel()).isNull();
  }

  @Test
  void aThreadDumpIsKeptUnderItsNumber() {
    AuditEntry entry = site.perform(Action.THREAD_DUMP);
    assertThat(entry.target()).isEqualTo("1");
    assertThat(site.operations.threadDump(1))
        .hasValueSatisfying(text -> assertThat(text).contains("aThreadDumpIsKeptUnderItsNumber"));
    assertThat(site.operations.threadDump(2)).isEmpty();
  }

  @Test
  void moreActionsInAMinuteThanAllowedAreRefusedAndTheFormStaysGood() {
    for (int i = 0; i < OperatorSite.PER_MINUTE; i++) {
      assertThat(site.perform(Action.RESUME).outcome().kind()).isEqualTo(Kind.UNCHANGED);
    }
    Attempt attempt = new Attempt(Action.DRAIN, ANN, Map.of(), site.operations.token(Action.DRAIN));
    AuditEntry entry = site.operations.perform(attempt);
    assertThat(entry.outcome().kind()).isEqualTo(Kind.REFUSED);
    assertThat(entry.outcome().text()).contains("10 actions in a minute");

    site.advance(Duration.ofMinutes(1));
    assertThat(site.operations.perform(attempt).outcome().kind()).isEqualTo(Kind.DONE);
  }

  @Test
  void refusedAttemptsDoNotUseUpTheActions() {
    for (int i = 0; i < 50; i++) {
      site.operations.perform(new Attempt(Action.DRAIN, VIEWER, Map.of(), ""));
      site.operations.refused(new Attempt(Action.DRAIN, ANN, Map.of(), ""), "cross-site");
    }
    assertThat(site.perform(Action.DRAIN).outcome().kind()).isEqualTo(Kind.DONE);
  }

  @Test
  void aCatalogueThatDoesNotAnswerHasChangedNothingAndTheFormStaysGood() {
    CatalogUnavailable gone = new CatalogUnavailable("on purpose", new IOException());
    site.uploads.during =
        () -> {
          throw gone;
        };
    assertOutcome(
        site.perform(Action.CANCEL, id(open)),
        Kind.FAILED,
        "The catalogue does not answer. Try again.");
  }

  @Test
  void anErrorGoesOnAndIsAudited() {
    site.uploads.during =
        () -> {
          throw new OutOfMemoryError("on purpose");
        };
    assertThatThrownBy(() -> site.perform(Action.CANCEL, id(open)))
        .isInstanceOf(OutOfMemoryError.class);
    assertThat(site.operations.audit().get(0).outcome().kind()).isEqualTo(Kind.FAILED);
  }

  @Test
  void attemptsAreMetered() {
    site.perform(Action.DRAIN);
    site.operations.refused(new Attempt(Action.DRAIN, VIEWER, Map.of(), ""), "cross-site");
    assertThat(site.telemetry.counted("operator.actions{action=drain}{outcome=done}")).isEqualTo(1);
    assertThat(site.telemetry.counted("operator.actions{action=drain}{outcome=refused}"))
        .isEqualTo(1);
  }
}
