package dev.spillway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upload.ByteRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RangeHeaderTest {

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 1",
    "bytes=10-19, 10, 20",
    "bytes=90-, 90, 100",
    "bytes=90-1000, 90, 100",
    "bytes=-10, 90, 100",
    "bytes=-1000, 0, 100"
  })
  void oneRangeIsServed(String header, long from, long to) {
    assertThat(RangeHeader.parse(header, 100).part()).contains(new ByteRange(from, to));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=100-", "bytes=100-200", "bytes=-0"})
  void rangesOutsideOfTheFileAreRefused(String header) {
    assertThat(RangeHeader.parse(header, 100).isOutside()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes=0-,0-",
        "bytes=5-4",
        "bytes=-",
        "items=0-1",
        "bytes=a-b",
        "bytes=0x0-1",
        "bytes=99999999999999999999-"
      })
  void anythingElseIsTheWholeFile(String header) {
    RangeHeader range = RangeHeader.parse(header, 100);
    assertThat(range.isOutside()).isFalse();
    assertThat(range.part()).isEmpty();
  }

  @Test
  void anEmptyFileHasNoRange() {
    assertThat(RangeHeader.parse("bytes=0-0", 0).isOutside()).isTrue();
  }
}
