package dev.spillway.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InWordsTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.0 KiB",
    "65116570, 62.1 MiB",
    "1610612736, 1.5 GiB",
    "9.3e18, 8.1 EiB",
    "-2097152, -2.0 MiB"
  })
  void bytesHaveTheLargestUnitThatFits(double bytes, String text) {
    assertThat(InWords.bytes(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0, +0 B", "1024, +1.0 KiB", "-1024, -1.0 KiB"})
  void changesHaveASign(long bytes, String text) {
    assertThat(InWords.change(bytes)).isEqualTo(text);
  }

  @Test
  void countsAreRoundedAndGrouped() {
    assertThat(InWords.count(1_139.6)).isEqualTo("1,140");
  }

  @Test
  void sharesArePercents() {
    assertThat(InWords.percent(0.1234)).isEqualTo("12.3 %");
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0 ms",
    "PT0.999S, 999 ms",
    "PT1.25S, 1.3 s",
    "PT10M30S, 10 min",
    "PT3H20M, 3 h 20 min",
    "PT26H, 26 h 0 min"
  })
  void durationsAreAsExactAsTheyAreShort(Duration duration, String text) {
    assertThat(InWords.duration(duration)).isEqualTo(text);
  }
}
