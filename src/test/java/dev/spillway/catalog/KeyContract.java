package dev.spillway.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadState;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** What the port promises about idempotency keys. */
interface KeyContract extends CatalogUnderTest {

  @Test
  default void theSameKeyOfOneOwnerGivesTheEarlierUpload() {
    Upload first = catalog().create(Specimens.ownedBy("ada"), "key");

    Upload second = catalog().create(Specimens.ownedBy("ada"), "key");

    assertThat(second).isEqualTo(first);
  }

  @Test
  default void theSameKeyOfNobodyGivesTheEarlierUpload() {
    Upload first = catalog().create(Specimens.ownedBy(null), "key");

    Upload second = catalog().create(Specimens.ownedBy(null), "key");

    assertThat(second).isEqualTo(first);
  }

  @Test
  default void aRepeatedKeyRecordsNothing() {
    catalog().create(Specimens.ownedBy("ada"), "key");
    Upload repeated = Specimens.ownedBy("ada");

    catalog().create(repeated, "key");

    assertThat(catalog().find(repeated.id())).isEmpty();
  }

  @Test
  default void oneKeyServesEveryOwnerApart() {
    Upload ada = catalog().create(Specimens.ownedBy("ada"), "key");
    Upload bob = catalog().create(Specimens.ownedBy("bob"), "key");
    Upload nobody = catalog().create(Specimens.ownedBy(null), "key");
    Upload nameless = catalog().create(Specimens.ownedBy(""), "key");

    assertThat(List.of(ada, bob, nobody, nameless)).extracting(Upload::id).doesNotHaveDuplicates();
  }

  @Test
  default void uploadsWithoutAKeyAreAllDifferent() {
    Upload first = catalog().create(Specimens.ownedBy("ada"), null);
    Upload second = catalog().create(Specimens.ownedBy("ada"), null);

    assertThat(second.id()).isNotEqualTo(first.id());
  }

  @Test
  default void anUploadIsFoundByItsOwnersKey() {
    Upload upload = catalog().create(Specimens.ownedBy("ada"), "key");

    assertThat(catalog().findByKey("ada", "key")).contains(upload);
  }

  @Test
  default void anUploadOfNobodyIsFoundByItsKey() {
    Upload upload = catalog().create(Specimens.ownedBy(null), "key");

    assertThat(catalog().findByKey(null, "key")).contains(upload);
  }

  @Test
  default void anotherOwnersKeyFindsNothing() {
    catalog().create(Specimens.ownedBy("ada"), "key");

    assertThat(catalog().findByKey(null, "key")).isEmpty();
  }

  @Test
  default void eightThreadsWithOneKeyOpenOneUpload() throws Exception {
    Callable<UploadId> runner = () -> catalog().create(Specimens.ownedBy(null), "key").id();

    List<UploadId> ids = Race.run(Collections.nCopies(8, runner));

    assertThat(catalog().inState(UploadState.RECEIVING, 100))
        .singleElement()
        .satisfies(upload -> assertThat(ids).containsOnly(upload.id()));
  }
}
