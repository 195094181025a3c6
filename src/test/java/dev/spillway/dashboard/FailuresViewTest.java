package dev.spillway.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FailuresViewTest {

  @Test
  void mostFrequentReasonComesFirst() {
    FailuresView view = view(9, Map.of());

    assertThat(view.groups()).extracting(FailuresView.Group::code).startsWith("busy");
  }

  @Test
  void oneReasonCanBeChosen() {
    assertThat(view(40, Map.of("class", "internal")).rows())
        .isNotEmpty()
        .allMatch(row -> row.code().equals("internal"));
  }

  @Test
  void groupsStayWhenOneIsChosen() {
    assertThat(view(40, Map.of("class", "internal")).groups()).hasSize(4);
  }

  @Test
  void olderOnesAreLeftOut() {
    assertThat(view(400, Map.of("since", "10m")).shown()).startsWith("100 of 201");
  }

  @Test
  void noFailuresAreSaidInWords() {
    assertThat(view(0, Map.of()).empty().replace('\u00a0', ' '))
        .isEqualTo("No failures in the last 24 h.");
  }

  @Test
  void textThatIsNoIdIsNoLink() {
    List<FailureRow> rows = view(40, Map.of()).rows();

    assertThat(rows)
        .filteredOn(row -> row.upload().contains("<"))
        .isNotEmpty()
        .allMatch(row -> row.href().isEmpty());
  }

  private static FailuresView view(int count, Map<String, String> query) {
    return FailuresView.of(Specimens.failures(count), new Query(query), Specimens.NOW, "");
  }
}
