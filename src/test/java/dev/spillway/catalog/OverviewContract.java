package dev.spillway.catalog;

import static dev.spillway.catalog.Specimens.LATER;
import static dev.spillway.catalog.Specimens.OPENED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.spillway.upload.Catalog.Change;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the port promises about all uploads together. */
interface OverviewContract extends CatalogUnderTest {

  @Test
  default void uploadsInAStateComeOldestFirst() {
    Upload second = catalog().create(Specimens.openedAt(OPENED.plusSeconds(2)), null);
    Upload third = catalog().create(Specimens.openedAt(OPENED.plusSeconds(3)), null);
    Upload first = catalog().create(Specimens.openedAt(OPENED.plusSeconds(1)), null);

    assertThat(catalog().inState(UploadState.RECEIVING, 10)).containsExactly(first, second, third);
  }

  @Test
  default void activityMakesAnUploadYounger() {
    Upload older = catalog().create(Specimens.openedAt(OPENED), null);
    Upload younger = catalog().create(Specimens.openedAt(OPENED.plusSeconds(1)), null);

    catalog().commit(older.id(), List.of(Specimens.range(0, 10)), LATER);

    assertThat(catalog().inState(UploadState.RECEIVING, 10))
        .extracting(Upload::id)
        .containsExactly(younger.id(), older.id());
  }

  @Test
  default void noMoreUploadsAreListedThanAskedFor() {
    Upload first = catalog().create(Specimens.openedAt(OPENED), null);
    Upload second = catalog().create(Specimens.openedAt(OPENED.plusSeconds(1)), null);
    catalog().create(Specimens.openedAt(OPENED.plusSeconds(2)), null);

    assertThat(catalog().inState(UploadState.RECEIVING, 2)).containsExactly(first, second);
  }

  @Test
  default void uploadsInOtherStatesAreNotListed() {
    Upload open = catalog().create(Specimens.upload(10), null);
    Upload ended = catalog().create(Specimens.upload(10), null);
    catalog()
        .transition(ended.id(), UploadState.RECEIVING, Change.to(UploadState.CANCELLED, LATER));

    assertThat(catalog().inState(UploadState.RECEIVING, 10)).containsExactly(open);
    assertThat(catalog().inState(UploadState.CANCELLED, 10))
        .extracting(Upload::id)
        .containsExactly(ended.id());
  }

  @Test
  default void nothingIsOutstandingInAnEmptyCatalogue() {
    assertThat(catalog().outstandingBytes()).isZero();
  }

  @Test
  default void outstandingIsWhatOpenUploadsStillLack() {
    Upload begun = catalog().create(Specimens.upload(1000), null);
    catalog().create(Specimens.upload(5_000_000_000L), null);
    Upload ended = catalog().create(Specimens.upload(77), null);
    catalog().commit(begun.id(), List.of(Specimens.range(0, 10)), LATER);
    catalog().transition(ended.id(), UploadState.RECEIVING, Change.to(UploadState.EXPIRED, LATER));

    assertThat(catalog().outstandingBytes()).isEqualTo(5_000_000_990L);
  }

  @Test
  default void moreOutstandingThanALongHoldsIsTheMostALongHolds() {
    for (int i = 0; i < 3; i++) {
      catalog().create(Specimens.upload(Long.MAX_VALUE), null);
    }

    assertThat(catalog().outstandingBytes()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  default void oneUploadOfTheGreatestSizeIsCountedExactly() {
    catalog().create(Specimens.upload(Long.MAX_VALUE - 1), null);

    assertThat(catalog().outstandingBytes()).isEqualTo(Long.MAX_VALUE - 1);
  }

  @Test
  default void aHealthyDatabaseAnswersAPing() {
    assertThatCode(() -> catalog().ping()).doesNotThrowAnyException();
  }
}
