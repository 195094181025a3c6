package dev.spillway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LogTextTest {

  @Test
  void lineEndsEscapesAndDirectionMarksBecomeVisible() {
    assertThat(LogText.escape("a\r\nb\u001b[31mc\u202ed"))
        .isEqualTo("a\\u{d}\\u{a}b\\u{1b}[31mc\\u{202e}d");
  }

  @Test
  void textInAnyScriptStays() {
    assertThat(LogText.escape("häuser 漢字 العربية 😀")).isEqualTo("häuser 漢字 العربية 😀");
  }

  @Test
  void longTextIsCut() {
    assertThat(LogText.escape("x".repeat(10_000)))
        .hasSizeLessThan(4100)
        .endsWith("... (10000 characters)");
  }

  @Property
  void nothingThatEndsALineIsLeft(@ForAll String text) {
    assertThat(LogText.escape(text).lines()).hasSizeLessThanOrEqualTo(1);
    assertThat(LogText.escape(text).codePoints()).noneMatch(Character::isISOControl);
  }
}
