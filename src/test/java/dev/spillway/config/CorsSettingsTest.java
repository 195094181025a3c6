package dev.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CorsSettingsTest {

  private static WrittenSettings origins(String text) {
    return WrittenSettings.none().property("spillway.cors.origins", text);
  }

  @Test
  void byDefaultNoOtherSiteMayUpload() {
    assertThat(WrittenSettings.none().read().cors()).isEqualTo(new CorsSettings(List.of(), false));
    assertThat(origins("  ").read().cors().origins()).isEmpty();
  }

  @Test
  void severalSitesAreListed() {
    assertThat(
            origins("https://a.example, http://localhost:3000 ,https://a.example")
                .property("spillway.cors.credentials", "on")
                .read()
                .cors())
        .isEqualTo(new CorsSettings(List.of("https://a.example", "http://localhost:3000"), true));
  }

  @ParameterizedTest
  @CsvSource({
    "HTTPS://Shop.Example, https://shop.example",
    "https://shop.example:443, https://shop.example",
    "http://shop.example:80, http://shop.example",
    "http://shop.example:443, http://shop.example:443",
    "https://shop.example:0443, https://shop.example",
    "http://[::1]:3000, http://[::1]:3000",
    "http://192.0.2.1, http://192.0.2.1",
    "https://a_b.example, https://a_b.example",
    "https://xn--bcher-kva.example, https://xn--bcher-kva.example"
  })
  void anOriginIsTakenAsBrowsersWriteIt(String written, String taken) {
    assertThat(origins(written).read().cors().origins()).containsExactly(taken);
  }

  @ParameterizedTest
  @CsvSource({
    "*, would let the pages of every site",
    "null, stands for every page without an origin",
    "https://*.example, has a * in its host",
    "shop.example, does not begin with http",
    "ftp://shop.example, does not begin with http",
    "https:shop.example, does not begin with http",
    "https://user@shop.example, names a user",
    "https://user:secret@shop.example, names a user",
    "https://shop.example/, leave out the path",
    "https://shop.example/a, leave out the path",
    "https://shop.example?a, leave out the path",
    "https://shop.example#a, leave out the path",
    "https://shop.example:, leave out the path",
    "https://shop.example:https, leave out the path",
    "https://shop.example:65536, has a port that does not exist",
    "https://shop.example:0, has a port that does not exist",
    "https://, has no valid host",
    "https://-shop.example, has no valid host",
    "https://b\u00fccher.example, has no valid host",
    "https://shop.example https://b.example, has no valid host"
  })
  void whatIsNoOriginIsRefusedWithTheReason(String written, String reason) {
    assertThat(origins(written).problems())
        .singleElement()
        .asString()
        .contains("spillway.cors.origins = " + written, "is wrong in its part 1", reason)
        .contains("allowed: empty, or origins such as https://www.example.com");
  }

  @ParameterizedTest
  @CsvSource({
    "'https://a.example,', part 2, is empty",
    "'https://a.example,,https://b.example', part 2, is empty",
    "'https://a.example,https://b.example,*', part 3, every site"
  })
  void theReasonNamesThePart(String written, String part, String reason) {
    assertThat(origins(written).problems()).singleElement().asString().contains(part, reason);
  }
}
