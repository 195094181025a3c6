package dev.spillway.catalog;

import static dev.spillway.catalog.Specimens.LATER;
import static dev.spillway.catalog.Specimens.OPENED;
import static dev.spillway.catalog.Specimens.range;
import static dev.spillway.upload.UploadState.CANCELLED;
import static dev.spillway.upload.UploadState.FAILED;
import static dev.spillway.upload.UploadState.FINISHING;
import static dev.spillway.upload.UploadState.RECEIVING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upload.Catalog.Change;
import dev.spillway.upload.Catalog.Holding;
import dev.spillway.upload.Catalog.Idle;
import dev.spillway.upload.Crc32c;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** What the port promises about uploads that are left alone. */
interface AgeContract extends CatalogUnderTest {

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

  private List<UploadId> idle(Idle which) {
    return catalog().idle(which, null, 100).stream().map(Upload::id).toList();
  }

  @Test
  default void touchingMakesOpenUploadsActive() {
    Upload one = openedAt(OPENED);
    Upload other = openedAt(OPENED);
    Upload untouched = openedAt(OPENED);

    catalog().touch(List.of(one.id(), other.id(), Specimens.newId()), LATER);

    assertThat(find(one.id()).lastActivityAt()).isEqualTo(LATER);
    assertThat(find(other.id()).lastActivityAt()).isEqualTo(LATER);
    assertThat(find(untouched.id())).isEqualTo(untouched);
  }

  @Test
  default void touchingNeverTakesAnActivityBack() {
    Upload upload = openedAt(LATER);

    catalog().touch(List.of(upload.id()), OPENED);

    assertThat(find(upload.id())).isEqualTo(upload);
  }

  @Test
  default void touchingNothingIsAllowed() {
    catalog().touch(List.of(), LATER);

    assertThat(idle(Idle.since(RECEIVING, LATER))).isEmpty();
  }

  @Test
  default void touchingChangesNoUploadThatHasEnded() {
    Upload ended = endedAt(CANCELLED, OPENED);

    catalog().touch(List.of(ended.id()), LATER);

    assertThat(find(ended.id())).isEqualTo(ended);
  }

  @Test
  default void touchesAndCommitsThatMeetLoseNothing() throws Exception {
    List<UploadId> ids = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ids.add(openedAt(OPENED).id());
    }
    List<Callable<Integer>> runners = new ArrayList<>();
    for (int runner = 0; runner < 6; runner++) {
      int from = runner * 100;
      boolean touches = runner % 3 == 0;
      runners.add(() -> touches ? touchAll(ids) : commitAll(ids, from));
    }

    Race.run(runners);

    for (UploadId id : ids) {
      assertThat(find(id).receivedBytes()).isEqualTo(400);
      assertThat(find(id).lastActivityAt()).isEqualTo(LATER);
    }
  }

  private int touchAll(List<UploadId> ids) {
    for (int i = 0; i < 20; i++) {
      catalog().touch(ids, LATER);
    }
    return ids.size();
  }

  private int commitAll(List<UploadId> ids, int from) {
    for (UploadId id : ids) {
      catalog().commit(id, List.of(range(from, from + 100)), OPENED);
    }
    return ids.size();
  }

  @Test
  default void whatFailedAfterItWasVerifiedIsNeverLeftAlone() {
    Upload unverified = endedAt(FAILED, OPENED);
    Upload verified = openedAt(OPENED);
    Change finishing = new Change(FINISHING, new Crc32c(7), null, OPENED);
    assertThat(catalog().transition(verified.id(), RECEIVING, finishing)).isTrue();
    go(verified.id(), FINISHING, FAILED, OPENED);

    Idle old = Idle.opened(FAILED, LATER, LATER);

    assertThat(idle(old)).containsExactly(unverified.id());
    assertThat(catalog().holding(old).uploads()).isEqualTo(1);
  }

  @Test
  default void anUploadIsIdleFromTheVeryMomentOn() {
    Upload atTheMoment = openedAt(LATER);
    openedAt(LATER.plusMillis(1));

    assertThat(idle(Idle.since(RECEIVING, LATER))).containsExactly(atTheMoment.id());
  }

  @Test
  default void anOldUploadIsIdleBeforeItsTimeButNotWhileItIsBusy() {
    Upload old = openedAt(OPENED);
    Upload young = openedAt(OPENED.plusMillis(1));
    Upload busy = openedAt(OPENED);
    catalog().touch(List.of(old.id(), young.id()), LATER);
    catalog().touch(List.of(busy.id()), LATER.plusMillis(1));

    assertThat(idle(Idle.opened(RECEIVING, OPENED, LATER))).containsExactly(old.id());
    assertThat(idle(new Idle(RECEIVING, LATER, OPENED.minusMillis(1), OPENED)))
        .containsExactly(old.id());
  }

  @Test
  default void uploadsInOtherStatesAreNotIdle() {
    endedAt(CANCELLED, OPENED);
    Upload failed = endedAt(FAILED, OPENED);

    assertThat(idle(Idle.since(RECEIVING, LATER))).isEmpty();
    assertThat(idle(Idle.since(FAILED, LATER))).containsExactly(failed.id());
  }

  @Test
  default void theLongestIdleComeFirstPageByPage() {
    List<Upload> uploads = new ArrayList<>();
    for (int i = 0; i < 23; i++) {
      // Many of one moment: then it is their ids that order them.
      uploads.add(openedAt(OPENED.plusMillis(i / 10)));
    }

    List<Upload> paged = new ArrayList<>();
    List<Upload> page = catalog().idle(Idle.since(RECEIVING, LATER), null, 7);
    while (!page.isEmpty()) {
      assertThat(page).hasSizeLessThanOrEqualTo(7);
      paged.addAll(page);
      page = catalog().idle(Idle.since(RECEIVING, LATER), page.get(page.size() - 1), 7);
    }

    uploads.sort(
        Comparator.comparing(Upload::lastActivityAt).thenComparing(upload -> upload.id().value()));
    assertThat(paged).isEqualTo(uploads);
  }

  @Test
  default void whatIdleUploadsHoldIsAddedUp() {
    Upload one = openedAt(OPENED);
    Upload other = openedAt(OPENED);
    openedAt(LATER);
    catalog().commit(one.id(), List.of(range(0, 10)), OPENED);
    catalog().commit(other.id(), List.of(range(0, 100), range(200, 201)), OPENED);

    assertThat(catalog().holding(Idle.since(RECEIVING, OPENED))).isEqualTo(new Holding(2, 111));
    assertThat(catalog().holding(Idle.since(FAILED, LATER))).isEqualTo(new Holding(0, 0));
  }
}
