package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttachmentNameTest {

  @ParameterizedTest
  @CsvSource({
    "report.pdf, report.pdf",
    "../../etc/passwd, .._.._etc_passwd",
    "C:\\temp\\x, C__temp_x",
    "CON, _CON",
    "con.txt, _con.txt",
    "'.', file",
    "'..', file",
    "'   ', file",
    "trailing., trailing",
    "holiday ü.mov, holiday ü.mov"
  })
  void namesBecomeOnesThatAreSafeToSaveUnder(String given, String expected) {
    assertThat(AttachmentName.safe(given)).isEqualTo(expected);
  }

  @Test
  void directionMarksAndControlsAreReplaced() {
    assertThat(AttachmentName.safe("a\u202egpj.exe\u0007\r\nSet-Cookie: x"))
        .isEqualTo("a_gpj.exe___Set-Cookie_ x");
  }

  @Test
  void composedAndDecomposedNamesAreOne() {
    assertThat(AttachmentName.safe("u\u0308.txt")).isEqualTo("\u00fc.txt");
  }

  @Test
  void longNamesKeepTheirExtensionAndStayBelow255Bytes() {
    String safe = AttachmentName.safe("\u6f22".repeat(4000) + ".mov");
    assertThat(safe).endsWith("\u6f22.mov");
    assertThat(safe.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(250, 255);
  }

  @Test
  void headerCarriesAnAsciiNameAndTheRealOne() {
    assertThat(AttachmentName.header("naïve \"50%\".txt"))
        .isEqualTo(
            "attachment; filename=\"na_ve _50__.txt\"; filename*=UTF-8''na%C3%AFve%20_50%25_.txt");
  }

  @Property
  void noNameBreaksTheHeader(@ForAll String name) {
    String header = AttachmentName.header(name);
    assertThat(header).matches("[ -~]*");
    Matcher parts =
        Pattern.compile("attachment; filename=\"([^\"\\\\]*)\"; filename\\*=UTF-8''(.+)")
            .matcher(header);
    assertThat(parts.matches()).isTrue();
    assertThat(parts.group(1)).isNotEmpty();
    assertThat(URLDecoder.decode(parts.group(2).replace("+", "%2B"), StandardCharsets.UTF_8))
        .isEqualTo(AttachmentName.safe(name));
  }
}
