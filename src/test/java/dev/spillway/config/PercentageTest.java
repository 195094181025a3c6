package dev.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PercentageTest {

  @Property
  void readsWhatItPrints(@ForAll @IntRange(max = 100) int value) {
    assertThat(Percentage.parse(new Percentage(value).toString())).isEqualTo(new Percentage(value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "25", "%", "-1%", "101%", "2.5%", "25%%", "1000%"})
  void refusesWhatIsNoShareInWholePercent(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Percentage.parse(text));
  }

  @Property
  void takesItsShareOfAnyNumberRoundedDown(
      @ForAll @IntRange(max = 100) int value, @ForAll @LongRange(min = 0) long whole) {
    long exact =
        BigInteger.valueOf(whole)
            .multiply(BigInteger.valueOf(value))
            .divide(BigInteger.valueOf(100))
            .longValueExact();
    assertThat(new Percentage(value).of(whole)).isEqualTo(exact);
  }
}
