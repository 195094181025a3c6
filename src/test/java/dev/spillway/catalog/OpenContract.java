package dev.spillway.catalog;

import static dev.spillway.catalog.Specimens.LATER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upload.Catalog.Change;
import dev.spillway.upload.Catalog.CommitOutcome;
import dev.spillway.upload.Catalog.OpenUploads;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the port promises about uploads that are open. */
interface OpenContract extends CatalogUnderTest {

  @Test
  default void aClientsOpenUploadsAreCountedWithWhatTheyLack() {
    Upload begun = catalog().create(Specimens.ownedBy("ann"), null);
    catalog().create(Specimens.ownedBy("ann"), null);
    catalog().create(Specimens.ownedBy("bob"), null);
    Upload ended = catalog().create(Specimens.ownedBy("ann"), null);
    catalog().commit(begun.id(), List.of(Specimens.range(0, 10)), LATER);
    catalog()
        .transition(ended.id(), UploadState.RECEIVING, Change.to(UploadState.CANCELLED, LATER));

    assertThat(catalog().openUploadsOf("name:ann")).isEqualTo(new OpenUploads(2, 1990));
    assertThat(reopened().openUploadsOf("name:ann")).isEqualTo(new OpenUploads(2, 1990));
  }

  @Test
  default void aClientThatIsNotKnownHasNothingOpen() {
    catalog().create(Specimens.upload(10), null);

    assertThat(catalog().openUploadsOf("name:nobody")).isEqualTo(new OpenUploads(0, 0));
  }

  @Test
  default void openUploadsComeInTheOrderOfTheirIdsPageByPage() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      ids.add(catalog().create(Specimens.upload(10), null).id().value());
    }
    Upload ended = catalog().create(Specimens.upload(10), null);
    catalog()
        .transition(ended.id(), UploadState.RECEIVING, Change.to(UploadState.CANCELLED, LATER));

    List<String> paged = new ArrayList<>();
    @Nullable UploadId last = null;
    List<Upload> page = catalog().openAfter(last, 10);
    while (!page.isEmpty()) {
      assertThat(page).hasSizeLessThanOrEqualTo(10);
      page.forEach(upload -> paged.add(upload.id().value()));
      last = page.get(page.size() - 1).id();
      page = catalog().openAfter(last, 10);
    }
    assertThat(paged).isEqualTo(ids.stream().sorted().toList());
  }

  @Test
  default void whatIsForgottenMayBeReceivedAgain() {
    UploadId id = catalog().create(Specimens.upload(1000), null).id();
    catalog().commit(id, List.of(Specimens.range(0, 10), Specimens.range(20, 30)), LATER);

    assertThat(catalog().forgetReceived(id)).isTrue();

    assertThat(catalog().received(id)).isEmpty();
    assertThat(catalog().find(id)).map(Upload::receivedBytes).contains(0L);
    assertThat(catalog().commit(id, List.of(Specimens.range(0, 10)), LATER))
        .isEqualTo(CommitOutcome.COMMITTED);
  }

  @Test
  default void whatAnEndedUploadHasReceivedIsNotForgotten() {
    UploadId id = catalog().create(Specimens.upload(10), null).id();
    catalog().commit(id, List.of(Specimens.range(0, 10)), LATER);
    catalog().transition(id, UploadState.RECEIVING, Change.to(UploadState.FINISHING, LATER));

    assertThat(catalog().forgetReceived(id)).isFalse();

    assertThat(catalog().find(id)).map(Upload::receivedBytes).contains(10L);
  }
}
