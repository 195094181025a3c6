package dev.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataSizeTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "512, 512",
    "512B, 512",
    "1KiB, 1024",
    "64 KiB, 65536",
    "8MiB, 8388608",
    "1GiB, 1073741824",
    "1TiB, 1099511627776",
    "1PiB, 1125899906842624",
    "7EiB, 8070450532247928832",
    "9223372036854775807, 9223372036854775807"
  })
  void readsWholeNumbersWithUnitsOf1024(String text, long bytes) {
    assertThat(DataSize.parse(text)).isEqualTo(new DataSize(bytes));
  }

  @ParameterizedTest
  @CsvSource({"8MB, 8MiB", "8M, 8MiB", "8m, 8MiB", "64kb, 64KiB", "64Kib, 64KiB", "1gib, 1GiB"})
  void refusesAUnitThatCouldMean1000AndSaysWhatToWrite(String text, String meant) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DataSize.parse(text))
        .withMessageEndingWith("say " + meant);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "MiB",
        "-1",
        "+1",
        "1.5GiB",
        "1  KiB",
        "1_000",
        "8 bananas",
        "0x10",
        "٣",
        "8b"
      })
  void refusesWhatIsNoSize(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> DataSize.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"8EiB", "9223372036854775808", "99999999999999999999999", "8388608TiB"})
  void refusesWhatDoesNotFitIntoALong(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DataSize.parse(text))
        .withMessage("is too large");
  }

  @ParameterizedTest
  @CsvSource({"0, 0B", "1, 1B", "1023, 1023B", "1024, 1KiB", "1536, 1536B", "1572864, 1536KiB"})
  void printsTheShortestExactText(long bytes, String text) {
    assertThat(new DataSize(bytes)).hasToString(text);
  }

  @Property
  void readsWhatItPrints(@ForAll @LongRange(min = 0) long bytes) {
    assertThat(DataSize.parse(new DataSize(bytes).toString()).bytes()).isEqualTo(bytes);
  }

  @Property
  void readsWhatItPrintsOfWholeUnits(
      @ForAll @LongRange(min = 0, max = 1023) long number,
      @ForAll @LongRange(min = 0, max = 5) long unit) {
    long bytes = number << (10 * unit);
    assertThat(DataSize.parse(new DataSize(bytes).toString()).bytes()).isEqualTo(bytes);
  }

  @Test
  void isNeverNegative() {
    assertThatIllegalArgumentException().isThrownBy(() -> new DataSize(-1));
  }
}
