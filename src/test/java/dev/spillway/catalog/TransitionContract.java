package dev.spillway.catalog;

import static dev.spillway.catalog.Specimens.LATER;
import static dev.spillway.catalog.Specimens.range;
import static dev.spillway.upload.UploadState.CANCELLED;
import static dev.spillway.upload.UploadState.COMPLETED;
import static dev.spillway.upload.UploadState.EXPIRED;
import static dev.spillway.upload.UploadState.FAILED;
import static dev.spillway.upload.UploadState.FINISHING;
import static dev.spillway.upload.UploadState.PUBLISHING;
import static dev.spillway.upload.UploadState.RECEIVING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.spillway.upload.Catalog.Change;
import dev.spillway.upload.Crc32c;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the port promises about states. */
interface TransitionContract extends CatalogUnderTest {

  private UploadId received() {
    UploadId id = catalog().create(Specimens.upload(1000), null).id();
    catalog().commit(id, List.of(range(0, 1000)), LATER);
    return id;
  }

  private Upload find(UploadId id) {
    return catalog().find(id).orElseThrow();
  }

  private boolean go(UploadId id, UploadState from, UploadState to) {
    return catalog().transition(id, from, Change.to(to, LATER));
  }

  @Test
  default void aTransitionIsOnRecordWithItsTime() {
    UploadId id = catalog().create(Specimens.upload(1000), null).id();

    assertThat(go(id, RECEIVING, FINISHING)).isTrue();

    assertThat(find(id).state()).isEqualTo(FINISHING);
    assertThat(find(id).lastActivityAt()).isEqualTo(LATER);
  }

  @Test
  default void aTransitionFromAnotherStateChangesNothing() {
    UploadId id = received();
    go(id, RECEIVING, FINISHING);
    Upload before = find(id);

    assertThat(go(id, RECEIVING, CANCELLED)).isFalse();

    assertThat(find(id)).isEqualTo(before);
    assertThat(catalog().received(id)).isNotEmpty();
  }

  @Test
  default void anUnknownUploadMakesNoTransition() {
    assertThat(go(Specimens.newId(), RECEIVING, FINISHING)).isFalse();
  }

  @Test
  default void anImpossibleTransitionIsAMistake() {
    UploadId id = received();

    assertThatIllegalArgumentException().isThrownBy(() -> go(id, RECEIVING, COMPLETED));
  }

  @Test
  default void theChecksumIsRecordedAndStays() {
    UploadId id = received();
    Crc32c crc = new Crc32c(0xfedcba98);

    catalog().transition(id, RECEIVING, new Change(FINISHING, crc, null, LATER));
    go(id, FINISHING, COMPLETED);

    assertThat(find(id).crc32c()).isEqualTo(crc);
  }

  @Test
  default void aFailureKeepsItsReasonUntilTheNextTry() {
    UploadId id = received();
    go(id, RECEIVING, FINISHING);

    catalog().transition(id, FINISHING, new Change(FAILED, null, "disk 'full'", LATER));
    assertThat(find(id).failure()).isEqualTo("disk 'full'");

    go(id, FAILED, FINISHING);
    assertThat(find(id).failure()).isNull();
  }

  @ParameterizedTest
  @EnumSource(names = {"CANCELLED", "EXPIRED"})
  default void anUploadThatHasEndedForgetsItsRanges(UploadState end) {
    UploadId id = received();

    go(id, RECEIVING, end);

    assertThat(catalog().received(id)).isEmpty();
    assertThat(catalog().receivedPieces(id)).isZero();
  }

  @Test
  default void aCompletedUploadForgetsItsRangesButNotItsBytes() {
    UploadId id = received();

    go(id, RECEIVING, FINISHING);
    go(id, FINISHING, COMPLETED);

    assertThat(catalog().received(id)).isEmpty();
    assertThat(find(id).receivedBytes()).isEqualTo(1000);
  }

  @ParameterizedTest
  @EnumSource(names = {"PUBLISHING", "FAILED"})
  default void anUploadOnItsWayKeepsItsRanges(UploadState next) {
    UploadId id = received();

    go(id, RECEIVING, FINISHING);
    go(id, FINISHING, next);

    assertThat(catalog().received(id)).containsExactly(range(0, 1000));
  }

  @Test
  default void theWholeWayThroughPublishingIsOpen() {
    UploadId id = received();

    assertThat(go(id, RECEIVING, FINISHING)).isTrue();
    assertThat(go(id, FINISHING, PUBLISHING)).isTrue();
    assertThat(go(id, PUBLISHING, FAILED)).isTrue();
    assertThat(go(id, FAILED, PUBLISHING)).isTrue();
    assertThat(go(id, PUBLISHING, COMPLETED)).isTrue();
  }

  @Test
  default void ofSixteenThatEndAnUploadOneWins() throws Exception {
    UploadId id = received();
    List<UploadState> ends = List.of(FINISHING, CANCELLED, EXPIRED, FINISHING);
    List<Callable<Boolean>> runners = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      UploadState end = ends.get(i % ends.size());
      runners.add(() -> go(id, RECEIVING, end));
    }

    List<Boolean> won = Race.run(runners);

    assertThat(won).containsOnlyOnce(true);
    assertThat(find(id).state()).isEqualTo(ends.get(won.indexOf(true) % ends.size()));
  }

  @Test
  default void stateAndFailureOutliveAStop() {
    UploadId id = received();
    go(id, RECEIVING, FINISHING);
    catalog().transition(id, FINISHING, new Change(FAILED, new Crc32c(7), "why", LATER));
    Upload before = find(id);

    assertThat(reopened().find(id)).contains(before);
  }
}
