package dev.spillway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreferredWaitTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "wait=10 | 10",
        "WAIT = 7 | 7",
        "respond-async, wait=5 | 5",
        "wait=5; x=y, wait=9 | 5",
        "wait=x, wait=4 | 4",
        "wait=\"12\" | 12",
        "wait=0 | 0",
        "wait=61 | 60",
        "wait=999999999 | 60"
      })
  void theFirstOneThatCanBeUnderstoodHoldsUpToAMinute(String header, long seconds) {
    assertThat(PreferredWait.of(List.of(header))).contains(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ",", "wait", "wait=", "wait=-1", "wait=1.5", "wait=9999999999", "await=3"})
  void whatCannotBeUnderstoodIsIgnored(String header) {
    assertThat(PreferredWait.of(List.of(header))).isEmpty();
  }

  @Test
  void itMayStandInAnyOfSeveralHeaders() {
    assertThat(PreferredWait.of(List.of("respond-async", "wait=3")))
        .contains(Duration.ofSeconds(3));
    assertThat(PreferredWait.of(List.of())).isEmpty();
  }
}
