package dev.spillway.catalog;

import static dev.spillway.catalog.Specimens.LATER;
import static dev.spillway.catalog.Specimens.OPENED;
import static dev.spillway.catalog.Specimens.range;
import static dev.spillway.upload.UploadState.CANCELLED;
import static dev.spillway.upload.UploadState.FAILED;
import static dev.spillway.upload.UploadState.RECEIVING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upload.Catalog.Change;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadPage;
import dev.spillway.upload.UploadQuery;
import dev.spillway.upload.UploadQuery.Order;
import dev.spillway.upload.UploadState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the port promises about finding uploads. */
interface ListContract extends CatalogUnderTest {

  private static UploadQuery of(Set<UploadState> states) {
    return new UploadQuery(
        states, Optional.empty(), Optional.empty(), Order.CREATED, true, 1, UploadQuery.MOST);
  }

  private static UploadQuery text(String text) {
    return new UploadQuery(
        Set.of(RECEIVING), Optional.of(text), Optional.empty(), Order.CREATED, true, 1, 50);
  }

  private static UploadQuery sorted(Order order, boolean ascending) {
    return new UploadQuery(
        Set.of(RECEIVING), Optional.empty(), Optional.empty(), order, ascending, 1, 50);
  }

  private static UploadQuery page(int page, int size) {
    return new UploadQuery(
        Set.of(RECEIVING),
        Optional.empty(),
        Optional.empty(),
        Order.LAST_ACTIVITY,
        true,
        page,
        size);
  }

  private List<UploadId> ids(UploadQuery query) {
    UploadPage page = catalog().list(query);
    assertThat(page.total()).isEqualTo(page.uploads().size());
    return page.uploads().stream().map(Upload::id).toList();
  }

  private Upload named(String name) {
    return catalog().create(Specimens.named(name), null);
  }

  private Upload ended(UploadState end) {
    Upload upload = catalog().create(Specimens.upload(10), null);
    catalog().transition(upload.id(), RECEIVING, Change.to(end, LATER));
    return upload;
  }

  @Test
  default void nothingIsFoundInAnEmptyCatalogue() {
    assertThat(catalog().list(of(EnumSet.allOf(UploadState.class))))
        .isEqualTo(new UploadPage(List.of(), 0));
  }

  @Test
  default void onlyTheStatesAskedForAreFound() {
    Upload open = catalog().create(Specimens.openedAt(OPENED.minusSeconds(1)), null);
    Upload failed = ended(FAILED);
    ended(CANCELLED);

    assertThat(ids(of(Set.of(RECEIVING)))).containsExactly(open.id());
    assertThat(ids(of(Set.of(RECEIVING, FAILED)))).containsExactly(open.id(), failed.id());
  }

  @Test
  default void whatIsFoundIsWhatIsOnRecord() {
    Upload upload = catalog().create(Specimens.complete(), null);

    assertThat(catalog().list(of(Set.of(RECEIVING))).uploads()).containsExactly(upload);
  }

  @ParameterizedTest
  @ValueSource(strings = {"iday", "HOLI", "holiday ü.mov", "ü.m", " ", "."})
  default void aTextIsFoundAnywhereInTheName(String text) {
    Upload upload = named("Holiday ü.mov");
    named("other");

    assertThat(ids(text(text))).containsExactly(upload.id());
  }

  @Test
  default void aTextIsFoundInTheId() {
    Upload upload = named("a name");
    String part = upload.id().value().substring(3, 24);

    assertThat(ids(text(part))).containsExactly(upload.id());
    assertThat(ids(text(part.toUpperCase(Locale.ROOT)))).containsExactly(upload.id());
  }

  @Test
  default void lettersBeyondZAreFoundAsTheyAreWritten() {
    Upload upload = named("ÜBER ΣΊΣΥΦΟΣ 報告書 🎬.mov");

    for (String text : List.of("ÜBER", "ΣΊΣ", "報告", "🎬", "🎬.MOV")) {
      assertThat(ids(text(text))).as(text).containsExactly(upload.id());
    }
    assertThat(ids(text("🎭"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%",
        "_",
        "\\",
        "'",
        "\"",
        "!",
        "!%",
        "!!",
        "\\%",
        "';--",
        ":pattern",
        "?",
        "${x}"
      })
  default void noCharacterHasASpecialMeaning(String text) {
    Upload upload = named("before" + text + "after");
    named("beforeXafter");
    named("beforeafter");

    assertThat(ids(text("e" + text + "a"))).containsExactly(upload.id());
    assertThat(ids(text(text))).containsExactly(upload.id());
  }

  @Test
  default void aWildcardStandsForItselfOnly() {
    named("abc");

    assertThat(ids(text("a%c"))).isEmpty();
    assertThat(ids(text("a_c"))).isEmpty();
  }

  @Test
  default void theLongestNameIsFoundByAllOfIt() {
    String name = "%_!🎬".repeat(819);
    Upload upload = named(name);

    assertThat(ids(text(name))).containsExactly(upload.id());
  }

  @Test
  default void aTextThatNoNameCanHaveFindsNothing() {
    named("a");

    for (String text : List.of("a\0", "\0", "\ud800", "a".repeat(10_240), "%".repeat(100_000))) {
      assertThat(ids(text(text))).isEmpty();
    }
  }

  @Test
  default void onlyTheClientAskedForIsFound() {
    Upload anns = catalog().create(Specimens.ownedBy("ann"), null);
    catalog().create(Specimens.ownedBy("Ann"), null);

    for (Order order : Order.values()) {
      assertThat(ids(ofClient("name:ann", order))).as("%s", order).containsExactly(anns.id());
    }
    assertThat(ids(ofClient("name:%", Order.NAME))).isEmpty();
    assertThat(ids(ofClient("name:\0", Order.NAME))).isEmpty();
  }

  private static UploadQuery ofClient(String client, Order order) {
    return new UploadQuery(
        Set.of(RECEIVING), Optional.of("file"), Optional.of(client), order, true, 1, 50);
  }

  @Test
  default void uploadsAreSortedByWhatIsAskedFor() {
    Upload small = catalog().create(Specimens.upload("B", 10, OPENED.plusSeconds(2)), null);
    Upload large = catalog().create(Specimens.upload("a", 1000, OPENED), null);
    Upload empty = catalog().create(Specimens.upload("c", 0, OPENED.plusSeconds(1)), null);
    catalog().commit(small.id(), List.of(range(0, 5)), LATER);
    catalog().commit(large.id(), List.of(range(0, 300)), LATER.plusSeconds(1));

    assertBothWays(Order.CREATED, large, empty, small);
    assertBothWays(Order.LAST_ACTIVITY, empty, small, large);
    assertBothWays(Order.NAME, large, small, empty);
    assertBothWays(Order.SIZE, empty, small, large);
    assertBothWays(Order.RECEIVED, empty, small, large);
    assertBothWays(Order.PROGRESS, large, small, empty);
  }

  private void assertBothWays(Order order, Upload... expected) {
    List<UploadId> ids = new ArrayList<>(List.of(expected).stream().map(Upload::id).toList());
    assertThat(ids(sorted(order, true))).as("%s", order).isEqualTo(ids);
    Collections.reverse(ids);
    assertThat(ids(sorted(order, false))).as("%s backwards", order).isEqualTo(ids);
  }

  @ParameterizedTest
  @EnumSource(Order.class)
  default void equalsFollowInTheOrderOfTheirIds(Order order) {
    List<UploadId> sorted =
        IntStream.range(0, 9)
            .mapToObj(i -> named("one").id())
            .sorted(Comparator.comparing(UploadId::value))
            .toList();

    assertThat(ids(sorted(order, true))).isEqualTo(sorted);
    assertThat(ids(sorted(order, false))).isEqualTo(sorted);
  }

  @Test
  default void pagesTogetherAreTheWholeList() {
    IntStream.range(0, 23).forEach(i -> named("file " + i));
    List<Upload> all = catalog().list(page(1, 1000)).uploads();

    List<Upload> paged = new ArrayList<>();
    for (int page = 1; page <= 4; page++) {
      UploadPage found = catalog().list(page(page, 7));
      assertThat(found.total()).isEqualTo(23);
      paged.addAll(found.uploads());
    }

    assertThat(paged).isEqualTo(all).hasSize(23);
  }

  @Test
  default void aPageBehindTheLastIsEmptyAndKnowsTheTotal() {
    IntStream.range(0, 10).forEach(i -> named("file " + i));

    assertThat(catalog().list(page(2, 10))).isEqualTo(new UploadPage(List.of(), 10));
    assertThat(catalog().list(page(Integer.MAX_VALUE, UploadQuery.MOST)))
        .isEqualTo(new UploadPage(List.of(), 10));
  }

  @Test
  default void aFullLastPageKnowsTheTotal() {
    IntStream.range(0, 10).forEach(i -> named("file " + i));

    assertThat(catalog().list(page(2, 5)).total()).isEqualTo(10);
  }
}
