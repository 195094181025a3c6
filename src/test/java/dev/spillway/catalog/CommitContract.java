package dev.spillway.catalog;

import static dev.spillway.catalog.Specimens.LATER;
import static dev.spillway.catalog.Specimens.range;
import static dev.spillway.upload.Catalog.CommitOutcome.COMMITTED;
import static dev.spillway.upload.Catalog.CommitOutcome.NOT_RECEIVING;
import static dev.spillway.upload.Catalog.CommitOutcome.OVERLAPPING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.spillway.upload.ByteRange;
import dev.spillway.upload.Catalog.Change;
import dev.spillway.upload.Catalog.CommitOutcome;
import dev.spillway.upload.CheckedRange;
import dev.spillway.upload.Crc32c;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the port promises about received ranges. */
interface CommitContract extends CatalogUnderTest {

  private UploadId open(long size) {
    return catalog().create(Specimens.upload(size), null).id();
  }

  private CommitOutcome commit(UploadId id, CheckedRange... ranges) {
    return catalog().commit(id, List.of(ranges), LATER);
  }

  @Test
  default void aCommitIsFoundAgain() {
    UploadId id = open(1000);

    assertThat(commit(id, range(100, 200))).isEqualTo(COMMITTED);

    assertThat(catalog().received(id)).containsExactly(range(100, 200));
  }

  @Test
  default void aCommitCountsItsBytesAndTheTime() {
    UploadId id = open(1000);

    commit(id, range(0, 10), range(20, 50));

    Upload upload = catalog().find(id).orElseThrow();
    assertThat(upload.receivedBytes()).isEqualTo(40);
    assertThat(upload.lastActivityAt()).isEqualTo(LATER);
  }

  @Test
  default void anOlderTimeDoesNotTakeTheLaterOneBack() {
    UploadId id = open(1000);
    commit(id, range(0, 10));

    catalog().commit(id, List.of(range(20, 30)), Specimens.OPENED);

    assertThat(catalog().find(id)).map(Upload::lastActivityAt).contains(LATER);
  }

  @Test
  default void rangesAreListedInAscendingOrder() {
    UploadId id = open(1000);

    commit(id, range(500, 600));
    commit(id, range(0, 10));
    commit(id, range(200, 201), range(900, 1000));

    assertThat(catalog().received(id))
        .containsExactly(range(0, 10), range(200, 201), range(500, 600), range(900, 1000));
  }

  @Test
  default void adjacentRangesBecomeOneWithTheChecksumOfTheWhole() {
    UploadId id = open(1000);

    commit(id, range(0, 300));
    commit(id, range(700, 1000));
    commit(id, range(300, 700));

    assertThat(catalog().received(id)).containsExactly(range(0, 1000));
  }

  @Test
  default void aRangeInFrontOfAnotherJoinsIt() {
    UploadId id = open(1000);

    commit(id, range(300, 700));
    commit(id, range(100, 300));

    assertThat(catalog().received(id)).containsExactly(range(100, 700));
  }

  @Test
  default void rangesAroundAReceivedOneJoinItInOneCommit() {
    UploadId id = open(1000);
    commit(id, range(300, 700));

    commit(id, range(100, 200), range(200, 300), range(700, 800), range(900, 1000));

    assertThat(catalog().received(id)).containsExactly(range(100, 800), range(900, 1000));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 50, 100, 150, 199})
  default void receivedBytesAreNotTakenAgain(int from) {
    UploadId id = open(1000);
    commit(id, range(100, 200));

    assertThat(commit(id, range(from, from + 101))).isEqualTo(OVERLAPPING);
  }

  @Test
  default void theBytesOfAWholeFileAreNotTakenAgain() {
    UploadId id = open(1000);
    commit(id, range(0, 1000));

    assertThat(commit(id, range(0, 1000))).isEqualTo(OVERLAPPING);
  }

  @Test
  default void anOverlappingCommitLeavesNothing() {
    UploadId id = open(1000);
    commit(id, range(500, 600));
    Upload before = catalog().find(id).orElseThrow();

    catalog().commit(id, List.of(range(0, 10), range(550, 650)), LATER.plusSeconds(1));

    assertThat(catalog().find(id)).contains(before);
    assertThat(catalog().received(id)).containsExactly(range(500, 600));
  }

  @Test
  default void anUnknownUploadIsNotReceiving() {
    assertThat(commit(Specimens.newId(), range(0, 10))).isEqualTo(NOT_RECEIVING);
  }

  @Test
  default void anUploadThatIsBeingFinishedIsNotReceiving() {
    UploadId id = open(1000);
    catalog().transition(id, UploadState.RECEIVING, Change.to(UploadState.FINISHING, LATER));

    assertThat(commit(id, range(0, 10))).isEqualTo(NOT_RECEIVING);
    assertThat(catalog().received(id)).isEmpty();
  }

  @Test
  default void nothingToCommitIsAMistake() {
    UploadId id = open(1000);

    assertThatIllegalArgumentException().isThrownBy(() -> commit(id));
  }

  @Test
  default void rangesOutOfOrderAreAMistake() {
    UploadId id = open(1000);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> commit(id, range(500, 600), range(0, 10)));
  }

  @Test
  default void rangesReachToTheLimitOfALong() {
    UploadId id = open(Long.MAX_VALUE);
    CheckedRange most = new CheckedRange(new ByteRange(10, Long.MAX_VALUE), new Crc32c(0x80000001));
    commit(id, most);

    assertThat(commit(id, range(0, 10))).isEqualTo(COMMITTED);
    assertThat(commit(id, most)).isEqualTo(OVERLAPPING);
    assertThat(catalog().received(id)).containsExactly(range(0, 10).join(most));
  }

  @Test
  default void aWindowShowsWholeRangesThatShareAByteWithIt() {
    UploadId id = open(1000);
    commit(id, range(0, 100), range(200, 300), range(400, 500), range(600, 700));

    assertThat(catalog().received(id, new ByteRange(100, 450)))
        .containsExactly(range(200, 300), range(400, 500));
    assertThat(catalog().received(id, new ByteRange(250, 260))).containsExactly(range(200, 300));
    assertThat(catalog().received(id, new ByteRange(300, 400))).isEmpty();
  }

  @Test
  default void commitsOutliveAStop() {
    UploadId id = open(1000);
    commit(id, range(0, 10), range(20, 30));

    assertThat(reopened().received(id)).containsExactly(range(0, 10), range(20, 30));
  }

  @Test
  default void ofManyThatCommitTheSameBytesOneWins() throws Exception {
    UploadId id = open(1000);
    Callable<CommitOutcome> runner = () -> commit(id, range(0, 1000));

    List<CommitOutcome> outcomes = Race.run(Collections.nCopies(8, runner));

    assertThat(outcomes).containsOnlyOnce(COMMITTED).containsOnly(COMMITTED, OVERLAPPING);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  default void randomCommitsOfManyThreadsGiveWhatTheModelGives(long seed) throws Exception {
    CommitModel model = new CommitModel(new Random(seed));
    UploadId id = open(model.size());
    List<Callable<List<CommitOutcome>>> runners = new ArrayList<>();
    for (List<List<CheckedRange>> share : model.shares(4)) {
      runners.add(() -> share.stream().map(one -> catalog().commit(id, one, LATER)).toList());
    }

    assertThat(Race.run(runners).stream().flatMap(List::stream)).containsOnly(COMMITTED);

    assertThat(catalog().received(id)).isEqualTo(model.received());
    assertThat(catalog().receivedPieces(id)).isEqualTo(model.received().size());
    assertThat(catalog().find(id)).map(Upload::receivedBytes).contains(model.receivedBytes());
    for (ByteRange window : model.windows(20)) {
      assertThat(catalog().received(id, window)).isEqualTo(model.received(window));
    }
  }
}
