package dev.spillway.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.upload.CatalogUnavailable;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the port promises about opening and finding an upload. */
interface CreateContract extends CatalogUnderTest {

  static List<String> difficultNames() {
    return List.of(
        "👩‍👩‍👧‍👦 𝒻𝒾𝓁𝑒 🏳️‍🌈.mov",
        "\u202egpj.תמונה שלי العربية",
        "Robert'); DROP TABLE upload;-- \"quoted\" `ticks` \\ % _ :name <name> ? ${x}",
        " \t\r\n leading and trailing \u0001\u007f ",
        "长".repeat(4000));
  }

  @Test
  default void everyValueOfAnUploadIsFoundAgain() {
    Upload upload = Specimens.complete();

    catalog().create(upload, "key");

    assertThat(catalog().find(upload.id())).contains(upload);
  }

  @Test
  default void anUploadWithNothingOptionalIsFoundAgain() {
    Upload upload = Specimens.upload(0);

    catalog().create(upload, null);

    assertThat(catalog().find(upload.id())).contains(upload);
  }

  @Test
  default void createGivesBackWhatIsOnRecordToTheMillisecond() {
    Upload upload = Specimens.openedAt(Specimens.OPENED.plusNanos(123_456));

    Upload created = catalog().create(upload, null);

    assertThat(created.createdAt()).isEqualTo(Specimens.OPENED);
  }

  @Test
  default void anUnknownIdFindsNothing() {
    catalog().create(Specimens.upload(10), null);

    assertThat(catalog().find(Specimens.newId())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("difficultNames")
  default void namesAreKeptAsTheyAre(String name) {
    Upload upload = catalog().create(Specimens.named(name), null);

    assertThat(catalog().find(upload.id())).map(Upload::name).contains(name);
  }

  @Test
  default void metadataKeepsItsOrder() {
    Map<String, String> metadata = new LinkedHashMap<>();
    for (int i = 60; i > 0; i--) {
      metadata.put("key-" + i * 7919 % 61, "\"value\" " + i + " ü🎬");
    }

    Upload upload = catalog().create(Specimens.withMetadata(metadata), null);

    assertThat(catalog().find(upload.id()).orElseThrow().metadata())
        .containsExactlyEntriesOf(metadata);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, Integer.MAX_VALUE + 1L, Long.MAX_VALUE - 1, Long.MAX_VALUE})
  default void sizesAreKeptUpToTheLimitOfALong(long size) {
    Upload upload = catalog().create(Specimens.upload(size), null);

    assertThat(catalog().find(upload.id())).map(Upload::size).contains(size);
  }

  @Test
  default void anIdThatIsOnRecordIsNotTakenAgain() {
    Upload upload = catalog().create(Specimens.upload(10), null);

    assertThatThrownBy(() -> catalog().create(upload, null)).isInstanceOf(CatalogUnavailable.class);
  }

  @Test
  default void anUploadThatHasBegunElsewhereIsRefused() {
    Upload fresh = Specimens.upload(10);
    Upload begun =
        new Upload(
            fresh.id(),
            fresh.name(),
            fresh.size(),
            null,
            fresh.chunkSize(),
            UploadState.FINISHING,
            null,
            fresh.client(),
            null,
            null,
            Map.of(),
            fresh.createdAt(),
            fresh.createdAt(),
            0,
            null,
            null);

    assertThatIllegalArgumentException().isThrownBy(() -> catalog().create(begun, null));
  }

  @Test
  default void anUploadOutlivesAStop() {
    Upload upload = Specimens.complete();
    catalog().create(upload, "key");

    assertThat(reopened().find(upload.id())).contains(upload);
  }
}
