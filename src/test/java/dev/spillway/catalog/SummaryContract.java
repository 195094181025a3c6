package dev.spillway.catalog;

import static dev.spillway.catalog.Specimens.LATER;
import static dev.spillway.catalog.Specimens.OPENED;
import static dev.spillway.catalog.Specimens.range;
import static dev.spillway.upload.UploadState.CANCELLED;
import static dev.spillway.upload.UploadState.COMPLETED;
import static dev.spillway.upload.UploadState.FAILED;
import static dev.spillway.upload.UploadState.FINISHING;
import static dev.spillway.upload.UploadState.RECEIVING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upload.Catalog.Change;
import dev.spillway.upload.Catalog.ClientUse;
import dev.spillway.upload.Catalog.Counts;
import dev.spillway.upload.Upload;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the port promises about the figures of all uploads together. */
interface SummaryContract extends CatalogUnderTest {

  private void complete(Instant at) {
    Upload upload = catalog().create(Specimens.openedAt(OPENED.minusSeconds(99)), null);
    catalog().transition(upload.id(), RECEIVING, Change.to(FINISHING, at));
    catalog().transition(upload.id(), FINISHING, Change.to(COMPLETED, at));
  }

  private Upload of(String owner, int received) {
    Upload upload = catalog().create(Specimens.ownedBy(owner), null);
    if (received > 0) {
      catalog().commit(upload.id(), List.of(range(0, received)), LATER);
    }
    return upload;
  }

  @Test
  default void anEmptyCatalogueCountsNothing() {
    assertThat(catalog().counts())
        .isEqualTo(
            new Counts(0, 0, 0, 0, Optional.empty(), Optional.empty(), 0, 0, Optional.empty()));
    assertThat(catalog().clients(10)).isEmpty();
  }

  @Test
  default void countsAreOfOpenUploadsButForTheFailedAndTheLastCompleted() {
    Upload begun = catalog().create(Specimens.openedAt(OPENED.plusSeconds(1)), null);
    catalog().create(Specimens.openedAt(OPENED.plusSeconds(2)), null);
    catalog().commit(begun.id(), List.of(range(0, 10), range(20, 21)), LATER);
    Upload failed = catalog().create(Specimens.openedAt(OPENED), null);
    catalog().transition(failed.id(), RECEIVING, Change.to(FAILED, LATER));
    Upload cancelled = catalog().create(Specimens.openedAt(OPENED), null);
    catalog().transition(cancelled.id(), RECEIVING, Change.to(CANCELLED, LATER.plusSeconds(9)));
    complete(LATER.plusSeconds(2));
    complete(LATER.plusSeconds(1));

    assertThat(catalog().counts())
        .isEqualTo(
            new Counts(
                2,
                1989,
                11,
                1,
                Optional.of(OPENED.plusSeconds(1)),
                Optional.of(LATER.plusSeconds(2)),
                0,
                0,
                Optional.empty()));
  }

  @Test
  default void whatIsMissingMayBeMoreThanANumberHolds() {
    for (int i = 0; i < 3; i++) {
      catalog().create(Specimens.upload(Long.MAX_VALUE), null);
    }

    assertThat(catalog().counts().missingBytes()).isEqualTo(Long.MAX_VALUE);
    assertThat(catalog().clients(1).get(0).missingBytes()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  default void clientsComeWithTheMostUploadsFirstThenByName() {
    of("bob", 0);
    of("ann", 10);
    of("eve", 0);
    of("eve", 100);
    Upload ended = of("dan", 0);
    catalog().transition(ended.id(), RECEIVING, Change.to(CANCELLED, LATER));

    assertThat(catalog().clients(10))
        .containsExactly(
            new ClientUse("name:eve", 2, 100, 1900),
            new ClientUse("name:ann", 1, 10, 990),
            new ClientUse("name:bob", 1, 0, 1000));
    assertThat(catalog().clients(2))
        .extracting(ClientUse::client)
        .containsExactly("name:eve", "name:ann");
  }

  @Test
  default void theFirstReceivedRangesAreAsManyAsAskedFor() {
    Upload upload = catalog().create(Specimens.upload(1000), null);
    catalog().commit(upload.id(), List.of(range(10, 20), range(30, 40), range(50, 60)), LATER);

    assertThat(catalog().firstReceived(upload.id(), 2))
        .containsExactly(range(10, 20), range(30, 40));
    assertThat(catalog().firstReceived(upload.id(), 5)).hasSize(3);
    assertThat(catalog().firstReceived(Specimens.newId(), 5)).isEmpty();
  }
}
