package dev.spillway.catalog;

import static dev.spillway.catalog.Specimens.LATER;
import static dev.spillway.catalog.Specimens.OPENED;
import static dev.spillway.catalog.Specimens.range;
import static dev.spillway.upload.UploadState.CANCELLED;
import static dev.spillway.upload.UploadState.COMPLETED;
import static dev.spillway.upload.UploadState.EXPIRED;
import static dev.spillway.upload.UploadState.FAILED;
import static dev.spillway.upload.UploadState.FINISHING;
import static dev.spillway.upload.UploadState.RECEIVING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.spillway.upload.Catalog.Change;
import dev.spillway.upload.Catalog.CommitOutcome;
import dev.spillway.upload.Catalog.Standing;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the port promises about uploads whose time is up. */
interface ExpiryContract extends CatalogUnderTest {

  private Upload openedAt(Instant at) {
    return catalog().create(Specimens.openedAt(at), null);
  }

  private Upload find(UploadId id) {
    return catalog().find(id).orElseThrow();
  }

  private void go(UploadId id, UploadState from, UploadState to, Instant at) {
    assertThat(catalog().transition(id, from, Change.to(to, at))).isTrue();
  }

  private Upload endedAt(UploadState end, Instant at) {
    Upload upload = openedAt(OPENED);
    go(upload.id(), RECEIVING, end, at);
    return find(upload.id());
  }

  private Upload completedAt(Instant at) {
    Upload upload = openedAt(OPENED);
    go(upload.id(), RECEIVING, FINISHING, at);
    go(upload.id(), FINISHING, COMPLETED, at);
    return find(upload.id());
  }

  @Test
  default void anUploadThatExpiresKeepsTheReasonAndForgetsItsRanges() {
    UploadId id = openedAt(OPENED).id();
    catalog().commit(id, List.of(range(0, 10)), OPENED);

    assertThat(catalog().expire(find(id), "idle: it's over", LATER)).isTrue();

    assertThat(find(id).state()).isEqualTo(EXPIRED);
    assertThat(find(id).failure()).isEqualTo("idle: it's over");
    assertThat(find(id).lastActivityAt()).isEqualTo(LATER);
    assertThat(catalog().received(id)).isEmpty();
    assertThat(reopened().find(id).map(Upload::state)).contains(EXPIRED);
  }

  @ParameterizedTest
  @EnumSource(names = {"FAILED", "COMPLETED"})
  default void anUploadExpiresFromThisState(UploadState state) {
    Upload upload = state == FAILED ? endedAt(FAILED, OPENED) : completedAt(OPENED);

    assertThat(catalog().expire(upload, "age: x", LATER)).isTrue();
    assertThat(catalog().expire(upload, "age: x", LATER)).isFalse();
  }

  @Test
  default void anUploadOnItsWayToItsEndDoesNotExpire() {
    Upload finishing = endedAt(FINISHING, OPENED);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> catalog().expire(finishing, "idle: x", LATER));
  }

  @Test
  default void anUploadThatWasTouchedSinceItWasSeenDoesNotExpire() {
    Upload seen = openedAt(OPENED);
    catalog().touch(List.of(seen.id()), OPENED.plusMillis(1));

    assertThat(catalog().expire(seen, "idle: x", LATER)).isFalse();

    assertThat(find(seen.id()).state()).isEqualTo(RECEIVING);
  }

  @Test
  default void anUploadThatReceivedBytesUnderAnEarlierTimeDoesNotExpire() {
    Upload seen = openedAt(OPENED);
    catalog().commit(seen.id(), List.of(range(0, 1)), OPENED.minusSeconds(1));

    assertThat(catalog().expire(seen, "idle: x", LATER)).isFalse();

    assertThat(catalog().received(seen.id())).isNotEmpty();
  }

  @Test
  default void ofAnExpiryAndACommitOneWins() throws Exception {
    for (int round = 0; round < 50; round++) {
      Upload seen = openedAt(OPENED);
      List<Object> ends =
          Race.run(
              List.of(
                  () -> catalog().expire(seen, "idle: x", LATER),
                  () -> catalog().commit(seen.id(), List.of(range(0, 10)), LATER)));
      boolean expired = ends.get(0).equals(true);
      assertThat(ends.get(1))
          .isEqualTo(expired ? CommitOutcome.NOT_RECEIVING : CommitOutcome.COMMITTED);
      assertThat(find(seen.id()).state()).isEqualTo(expired ? EXPIRED : RECEIVING);
      assertThat(catalog().received(seen.id())).hasSize(expired ? 0 : 1);
    }
  }

  @Test
  default void ofAnExpiryAndAFinishOneWins() throws Exception {
    for (int round = 0; round < 50; round++) {
      Upload seen = openedAt(OPENED);
      List<Boolean> won =
          Race.run(
              List.of(
                  () -> catalog().expire(seen, "idle: x", LATER),
                  () -> catalog().transition(seen.id(), RECEIVING, Change.to(FINISHING, LATER))));
      assertThat(won).containsOnlyOnce(true);
      assertThat(find(seen.id()).state()).isEqualTo(won.get(0) ? EXPIRED : FINISHING);
    }
  }

  @Test
  default void statesAreToldOfThoseOnRecord() {
    UploadId open = openedAt(OPENED).id();
    UploadId cancelled = endedAt(CANCELLED, OPENED).id();

    assertThat(catalog().standings(List.of(open, Specimens.newId(), cancelled)))
        .isEqualTo(
            Map.of(
                open, new Standing(RECEIVING, false), cancelled, new Standing(CANCELLED, false)));
    assertThat(catalog().standings(List.of())).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"CANCELLED", "EXPIRED"})
  default void whatIsGoneForLongIsForgottenTheOldestFirst(UploadState gone) {
    UploadId third = endedAt(gone, LATER).id();
    UploadId first = endedAt(gone, LATER.minusSeconds(2)).id();
    UploadId second = endedAt(gone, LATER.minusSeconds(1)).id();
    UploadId young = endedAt(gone, LATER.plusMillis(1)).id();

    assertThat(catalog().deleteGone(gone, LATER, 2)).isEqualTo(2);
    assertThat(catalog().standings(List.of(first, second, third, young)))
        .containsOnlyKeys(third, young);
    assertThat(catalog().deleteGone(gone, LATER, 2)).isEqualTo(1);
    assertThat(catalog().deleteGone(gone, LATER, 2)).isZero();
    assertThat(catalog().find(young)).isPresent();
  }

  @Test
  default void onlyWhatIsGoneIsForgotten() {
    UploadId open = openedAt(OPENED).id();
    UploadId completed = completedAt(OPENED).id();
    UploadId cancelled = endedAt(CANCELLED, OPENED).id();

    assertThat(catalog().deleteGone(EXPIRED, LATER, 10)).isZero();

    assertThat(catalog().standings(List.of(open, completed, cancelled))).hasSize(3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> catalog().deleteGone(COMPLETED, LATER, 10));
  }

  @Test
  default void theKeyOfAForgottenUploadIsFree() {
    UploadId id = catalog().create(Specimens.openedAt(OPENED), "key").id();
    go(id, RECEIVING, CANCELLED, OPENED);

    catalog().deleteGone(CANCELLED, LATER, 10);

    assertThat(catalog().findByKey(null, "key")).isEqualTo(Optional.empty());
    assertThat(catalog().create(Specimens.openedAt(LATER), "key").id()).isNotEqualTo(id);
  }
}
