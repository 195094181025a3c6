package dev.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

  @ParameterizedTest
  @CsvSource({"500ms, PT0.5S", "30s, PT30S", "10 m, PT10M", "2h, PT2H", "7d, PT168H", "0s, PT0S"})
  void readsWholeNumbersWithAUnit(String text, Duration duration) {
    assertThat(DurationText.parse(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "10", "s", "-1s", "1.5h", "1h30m", "PT2H", "5min", "2H", "999999999999999d"})
  void refusesWhatIsNoDuration(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> DurationText.parse(text));
  }

  @ParameterizedTest
  @CsvSource({"PT0.5S, 500ms", "PT90S, 90s", "PT60S, 1m", "PT24H, 1d", "PT0S, 0ms"})
  void printsInTheLargestUnitThatIsExact(Duration duration, String text) {
    assertThat(DurationText.format(duration)).isEqualTo(text);
  }

  @Property
  void readsWhatItPrints(@ForAll @LongRange(min = 0) long millis) {
    Duration duration = Duration.ofMillis(millis);
    assertThat(DurationText.parse(DurationText.format(duration))).isEqualTo(duration);
  }
}
