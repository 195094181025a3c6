package dev.spillway.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class WordsTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:05Z");

  @Test
  void whatIsNotKnownIsADash() {
    assertThat(Words.bytes(OptionalLong.empty())).isEqualTo("–");
    assertThat(Words.rate(OptionalDouble.empty())).isEqualTo("–");
    assertThat(Words.count(OptionalLong.empty())).isEqualTo("–");
    assertThat(Words.percent(OptionalDouble.empty())).isEqualTo("–");
    assertThat(Words.duration(Optional.empty())).isEqualTo("–");
  }

  @Test
  void whatIsKnownIsAFigure() {
    assertThat(Words.bytes(OptionalLong.of(1024))).isEqualTo("1.00\u00a0KiB");
    assertThat(Words.rate(OptionalDouble.of(1024))).isEqualTo("1.00\u00a0KiB/s");
    assertThat(Words.count(OptionalLong.of(65_536))).isEqualTo("65\u00a0536");
    assertThat(Words.percent(OptionalDouble.of(0.5))).isEqualTo("50\u00a0%");
    assertThat(Words.duration(Optional.of(Duration.ofMillis(180)))).isEqualTo("180\u00a0ms");
  }

  @Test
  void pastAndFutureAreSeenFromNow() {
    assertThat(Words.ago(NOON.minusSeconds(250), NOON)).isEqualTo("4\u00a0min ago");
    assertThat(Words.ago(NOON.minusMillis(999), NOON)).isEqualTo("just now");
    assertThat(Words.until(NOON.plusSeconds(250), NOON)).isEqualTo("in 4\u00a0min");
    assertThat(Words.until(NOON.minusSeconds(1), NOON)).isEqualTo("now");
  }

  @Test
  void momentsOfAnotherDayHaveTheDay() {
    assertThat(Words.moment(NOON.minusSeconds(86_400), NOON)).isEqualTo("2026-11-20 12:00:05 UTC");
  }

  @Test
  void momentsOfTodayHaveTheTimeAlone() {
    assertThat(Words.moment(NOON.minusSeconds(5), NOON)).isEqualTo("12:00:00 UTC");
  }
}
