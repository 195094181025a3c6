package dev.spillway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LegibleTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:05.9Z");

  /** The tables below are easier to read with plain spaces. */
  private static String plain(String text) {
    assertThat(text).doesNotContain(" ");
    return text.replace('\u00a0', ' ');
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.00 KiB",
    "1536, 1.50 KiB",
    "1048575, 1.00 MiB",
    "123731968, 118 MiB",
    "1035993088, 988 MiB",
    "6442451968, 6.00 GiB",
    "65498251264, 61.0 GiB",
    "9223372036854775807, 8.00 EiB",
    "-1536, -1.50 KiB"
  })
  void bytesHaveThreeDigitsThatCount(long bytes, String text) {
    assertThat(plain(Legible.bytes(bytes))).isEqualTo(text);
  }

  @Test
  void aRateIsBytesASecond() {
    assertThat(plain(Legible.rate(123_731_968.4))).isEqualTo("118 MiB/s");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 %",
    "0.0001, < 0.1 %",
    "0.004, 0.4 %",
    "0.072, 7.2 %",
    "0.05, 5 %",
    "0.07, 7 %",
    "0.934, 93 %",
    "0.9901, 99 %",
    "0.9999, 99 %",
    "1, 100 %",
    "1.25, 125 %"
  })
  void fullIsSaidOnlyOfWhatIsFull(double share, String text) {
    assertThat(plain(Legible.percent(share))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "PT-1S, 0 s",
    "PT0S, 0 s",
    "PT0.0012S, 1.20 ms",
    "PT0.18S, 180 ms",
    "PT2.44S, 2.4 s",
    "PT9.99S, 9.9 s",
    "PT59.9S, 59 s",
    "PT1M, 1 min",
    "PT4M12S, 4 min 12 s",
    "PT3H20M5S, 3 h 20 min",
    "PT24H, 1 d",
    "PT52H, 2 d 4 h",
    "PT9999999H, 416666 d 15 h"
  })
  void aDurationHasItsTwoLargestUnits(Duration duration, String text) {
    assertThat(plain(Legible.duration(duration))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"PT-5S, 0 s", "PT0.8S, 0 s", "PT14M50S, 14 min", "PT47H, 47 h", "PT52H, 2 d"})
  void aboutIsTheLargestUnit(Duration duration, String text) {
    assertThat(plain(Legible.about(duration))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"1284, 1284", "9999, 9999", "10000, 10 000", "-1284000, -1 284 000"})
  void longNumbersAreGrouped(long count, String text) {
    assertThat(plain(Legible.count(count))).isEqualTo(text);
  }

  @Test
  void oneThingIsNotPlural() {
    assertThat(plain(Legible.counted(1, "upload"))).isEqualTo("1 upload");
    assertThat(plain(Legible.counted(0, "upload"))).isEqualTo("0 uploads");
    assertThat(plain(Legible.counted(12_000, "is", "are"))).isEqualTo("12 000 are");
  }

  @ParameterizedTest
  @CsvSource({"2, 2", "2.5, 2.50", "118.4, 118", "65536, 65 536"})
  void aNumberHasAFractionOnlyWhenItIsNotWhole(double number, String text) {
    assertThat(plain(Legible.number(number))).isEqualTo(text);
  }

  @Test
  void momentsAreUtc() {
    assertThat(Legible.minute(NOON)).isEqualTo("12:00 UTC");
    assertThat(Legible.time(NOON)).isEqualTo("12:00:05 UTC");
    assertThat(Legible.moment(NOON)).isEqualTo("2026-11-21 12:00:05 UTC");
  }
}
