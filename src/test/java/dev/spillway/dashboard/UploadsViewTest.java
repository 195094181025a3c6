package dev.spillway.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.status.UploadList;
import dev.spillway.upload.UploadQuery;
import dev.spillway.upload.UploadState;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UploadsViewTest {

  @Test
  void withoutParametersTheLongestQuietOpenUploadsComeFirst() {
    UploadQuery query = UploadsView.query(query());

    assertThat(query.order()).isEqualTo(UploadQuery.Order.LAST_ACTIVITY);
    assertThat(query.ascending()).isTrue();
    assertThat(query.states()).contains(UploadState.RECEIVING).doesNotContain(UploadState.EXPIRED);
  }

  @Test
  void aMinusTurnsTheOrderRound() {
    assertThat(UploadsView.query(query("sort", "-received")).ascending()).isTrue();
  }

  @Test
  void valuesThatMakeNoSenseCountAsNotGiven() {
    Query odd = query("sort", "colour", "state", "?", "page", "-3", "size", "7");

    assertThat(UploadsView.query(odd)).isEqualTo(UploadsView.query(query()));
  }

  @Test
  void linkOfTheShownColumnTurnsItsOrderRound() {
    assertThat(column(query("sort", "age"), "age"))
        .isEqualTo(new UploadsView.Column("?sort=-age", "ascending"));
  }

  @Test
  void linkOfATurnedColumnTurnsItBack() {
    assertThat(column(query("sort", "-age"), "age"))
        .isEqualTo(new UploadsView.Column("?sort=age", "descending"));
  }

  @Test
  void sortingKeepsTheFilterAndBeginsWithTheFirstPage() {
    Query third = query("q", "a&b", "page", "3");

    assertThat(column(third, "name").href()).isEqualTo("?q=a%26b&sort=name");
  }

  @Test
  void saysWhichOfHowManyAreShown() {
    assertThat(plain(view(query("page", "2"), 50, 1284).shown()))
        .isEqualTo("51–100 of 1284 uploads");
  }

  @Test
  void lastPageHasNoNext() {
    assertThat(view(query("page", "26"), 34, 1284).next()).isNull();
  }

  @Test
  void firstPageHasNoPrevious() {
    assertThat(view(query(), 50, 1284).previous()).isNull();
  }

  @Test
  void linkToTheFirstPageNamesNoPage() {
    assertThat(view(query("page", "2"), 50, 1284).previous()).isEqualTo("?");
  }

  @Test
  void aFilterThatFindsNothingIsNotAnIdleServer() {
    assertThat(view(query("q", "x"), 0, 0).empty()).isEqualTo("No upload fits this filter.");
  }

  @Test
  void aPageAfterTheLastOneSaysSo() {
    assertThat(view(query("page", "99"), 0, 3).empty()).isEqualTo("There is no such page.");
  }

  private static UploadsView.Column column(Query query, String name) {
    UploadsView.Column column = view(query, 1, 1).columns().get(name);
    assertThat(column).isNotNull();
    return column == null ? new UploadsView.Column("", null) : column;
  }

  private static UploadsView view(Query query, int lines, long total) {
    UploadList list = new UploadList(Specimens.lines(lines), total);
    return UploadsView.of(list, query, Specimens.snapshot(Specimens.situation("ok")), "");
  }

  private static Query query(String... values) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i += 2) {
      map.put(values[i], values[i + 1]);
    }
    return new Query(map);
  }

  private static String plain(String text) {
    return text.replace('\u00a0', ' ');
  }
}
