package dev.spillway.catalog;

import static dev.spillway.catalog.Specimens.LATER;
import static dev.spillway.catalog.Specimens.OPENED;
import static dev.spillway.catalog.Specimens.range;
import static dev.spillway.upload.UploadState.COMPLETED;
import static dev.spillway.upload.UploadState.EXPIRED;
import static dev.spillway.upload.UploadState.FAILED;
import static dev.spillway.upload.UploadState.FINISHING;
import static dev.spillway.upload.UploadState.PUBLISHING;
import static dev.spillway.upload.UploadState.RECEIVING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upload.Catalog.Change;
import dev.spillway.upload.Catalog.Counts;
import dev.spillway.upload.Catalog.Standing;
import dev.spillway.upload.Upload;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the port promises about files that go to a destination. */
interface PublishContract extends CatalogUnderTest {

  String LOCATION = "gs://bucket/\u00fc/it's";

  private Upload publishing(long size, Instant at) {
    Upload upload = catalog().create(Specimens.upload(size), null);
    catalog().transition(upload.id(), RECEIVING, Change.to(FINISHING, OPENED));
    catalog().transition(upload.id(), FINISHING, Change.to(PUBLISHING, at));
    return now(upload);
  }

  private Upload now(Upload upload) {
    return catalog().find(upload.id()).orElseThrow();
  }

  private boolean publish(Upload upload) {
    return catalog().transition(upload.id(), PUBLISHING, Change.published(LOCATION, LATER));
  }

  @Test
  default void aPublishedUploadIsCompletedAndSaysWhere() {
    Upload upload = publishing(10, OPENED);
    assertThat(upload.location()).isNull();

    assertThat(publish(upload)).isTrue();

    Upload found = reopened().find(upload.id()).orElseThrow();
    assertThat(found.location()).isEqualTo(LOCATION);
    assertThat(found.isElsewhere()).isTrue();
    assertThat(found.state()).isEqualTo(COMPLETED);
    assertThat(found.lastActivityAt()).isEqualTo(LATER);
  }

  @Test
  default void itsReceivedRangesAreKeptUntilItIsCompleted() {
    Upload upload = catalog().create(Specimens.upload(10), null);
    catalog().commit(upload.id(), List.of(range(0, 10)), OPENED);
    catalog().transition(upload.id(), RECEIVING, Change.to(FINISHING, OPENED));
    catalog().transition(upload.id(), FINISHING, Change.to(PUBLISHING, OPENED));
    assertThat(catalog().received(upload.id())).hasSize(1);

    publish(upload);

    assertThat(catalog().received(upload.id())).isEmpty();
  }

  @Test
  default void otherChangesLeaveTheLocationAsItIs() {
    Upload upload = publishing(10, OPENED);
    publish(upload);

    catalog().transition(upload.id(), COMPLETED, Change.to(EXPIRED, LATER));

    assertThat(now(upload).location()).isEqualTo(LOCATION);
  }

  @Test
  default void ofManyThatPublishOneUploadOneRecordsIt() throws Exception {
    Upload upload = publishing(10, OPENED);
    Callable<Boolean> attempt = () -> publish(upload);

    assertThat(Race.run(IntStream.range(0, 8).mapToObj(i -> attempt).toList()))
        .containsOnlyOnce(true);
  }

  @Test
  default void theBacklogComesTheOldestFirst() {
    Upload third = publishing(10, LATER.plusSeconds(2));
    Upload first = publishing(10, LATER);
    Upload second = publishing(10, LATER.plusSeconds(1));

    assertThat(catalog().inState(PUBLISHING, 10))
        .extracting(Upload::id)
        .containsExactly(first.id(), second.id(), third.id());
    assertThat(catalog().inState(PUBLISHING, 2)).hasSize(2);
  }

  @Test
  default void theBacklogIsCounted() {
    publishing(10, LATER.plusSeconds(5));
    publishing(5_000_000_000L, LATER);
    publish(publishing(7, OPENED));
    Upload failed = publishing(7, OPENED);
    catalog().transition(failed.id(), PUBLISHING, Change.to(FAILED, OPENED));

    Counts counts = catalog().counts();

    assertThat(counts.publishing()).isEqualTo(2);
    assertThat(counts.publishingBytes()).isEqualTo(5_000_000_010L);
    assertThat(counts.oldestPublishing()).contains(LATER);
    assertThat(counts.failed()).isEqualTo(1);
    assertThat(counts.lastCompleted()).contains(LATER);
  }

  @Test
  default void itIsToldWhichFilesAreElsewhere() {
    Upload waiting = publishing(10, OPENED);
    Upload published = publishing(10, OPENED);
    publish(published);

    assertThat(catalog().standings(List.of(waiting.id(), published.id())))
        .isEqualTo(
            Map.of(
                waiting.id(), new Standing(PUBLISHING, false),
                published.id(), new Standing(COMPLETED, true)));
  }
}
