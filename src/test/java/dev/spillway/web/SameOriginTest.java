package dev.spillway.web;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SameOriginTest {

  private static final String FORM = "application/x-www-form-urlencoded";

  private static HttpServletRequest sent(Map<String, String> more) {
    Map<String, String> headers = new HashMap<>(Map.of("Host", "up.example:8080"));
    headers.put("Content-Type", FORM);
    headers.putAll(more);
    return FakeRequest.with(headers, "up.example", 8080);
  }

  private static HttpServletRequest sentTo(String host, String header, String value) {
    return sent(Map.of("Host", host, header, value));
  }

  /** Nothing when it is let through, else the header that decided. */
  private static String verdict(Optional<Problem> problem) {
    return problem.map(p -> p.status() + " " + p.figures().get("header")).orElse("passes");
  }

  @ParameterizedTest
  @CsvSource({
    "same-origin, passes",
    "same-site, 403 Sec-Fetch-Site",
    "cross-site, 403 Sec-Fetch-Site",
    "none, 403 Sec-Fetch-Site",
    "SAME-ORIGIN, 403 Sec-Fetch-Site"
  })
  void theStrictRuleBelievesSecFetchSiteWhereItIs(String site, String expected) {
    HttpServletRequest request =
        sent(Map.of("Sec-Fetch-Site", site, "Origin", "http://up.example:8080"));
    assertThat(verdict(SameOrigin.strict(request))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "same-origin, passes",
    "same-site, 403 Sec-Fetch-Site",
    "cross-site, 403 Sec-Fetch-Site",
    "none, passes"
  })
  void theLenientRuleLetsAPersonsOwnRequestThroughToo(String site, String expected) {
    assertThat(verdict(SameOrigin.lenient(sent(Map.of("Sec-Fetch-Site", site)))))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "up.example:8080, http://up.example:8080, passes",
    "up.example:8080, http://UP.Example:8080, passes",
    "Up.Example:8080, http://up.example:8080, passes",
    "up.example:8080, http://up.example:8081, 403 Origin",
    "up.example:8080, http://up.example, 403 Origin",
    "up.example:8080, http://evil.example:8080, 403 Origin",
    "up.example:8080, http://up.example:8080.evil.example, 403 Origin",
    "up.example:8080, http://up.example:8080@evil.example, 403 Origin",
    "up.example:8080, null, 403 Origin",
    "up.example:8080, '', 403 Origin",
    "up.example:8080, file://, 403 Origin",
    "up.example:8080, up.example:8080, 403 Origin",
    // A proxy ends TLS and passes the host on, with or without the port.
    "secure.example, https://secure.example, passes",
    "secure.example:443, https://secure.example, passes",
    "secure.example, https://secure.example:443, passes",
    "secure.example, https://secure.example:8443, 403 Origin",
    "secure.example:80, http://secure.example, passes",
    // A proxy that does not: the container's name is another one, too.
    "internal:9000, https://secure.example, 403 Origin",
    "[::1]:8080, http://[::1]:8080, passes",
    "[2001:db8::1], http://[2001:DB8::1], passes",
    "[::1]:8080, http://[::2]:8080, 403 Origin",
    "127.0.0.1:8080, http://localhost:8080, 403 Origin"
  })
  void whereThereIsNoSecFetchSiteTheOriginMustNameTheHost(
      String host, String origin, String expected) {
    HttpServletRequest request = sentTo(host, "Origin", origin);
    assertThat(verdict(SameOrigin.strict(request))).as("strict").isEqualTo(expected);
    assertThat(verdict(SameOrigin.lenient(request))).as("lenient").isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "http://up.example:8080/dashboard?x=y, passes",
    "https://evil.example/http://up.example:8080/, 403 Referer",
    "http://up.example/dashboard, 403 Referer"
  })
  void theStrictRuleTakesTheRefererWhereThereIsNoOrigin(String referer, String expected) {
    HttpServletRequest request = sentTo("up.example:8080", "Referer", referer);
    assertThat(verdict(SameOrigin.strict(request))).isEqualTo(expected);
  }

  @Test
  void theOriginCountsMoreThanTheReferer() {
    HttpServletRequest request =
        sent(Map.of("Origin", "null", "Referer", "http://up.example:8080/dashboard"));
    assertThat(verdict(SameOrigin.strict(request))).isEqualTo("403 Origin");
  }

  @Test
  void aHostThatTheContainerTakesFromItsProxyCounts() {
    HttpServletRequest request =
        FakeRequest.with(
            Map.of(
                "Host", "internal:9000", "Content-Type", FORM, "Origin", "https://secure.example"),
            "secure.example",
            443);
    assertThat(SameOrigin.strict(request)).isEmpty();
  }

  @Test
  void theStrictRuleRefusesWhoeverSendsNoneOfTheHeaders() {
    Problem problem = SameOrigin.strict(sent(Map.of())).orElseThrow();
    assertThat(problem.detail()).contains("Sec-Fetch-Site, Origin and Referer are all missing");
  }

  @Test
  void theLenientRuleLetsThemThrough() {
    assertThat(SameOrigin.lenient(sent(Map.of()))).isEmpty();
  }

  @Test
  void theTextSaysWhatTheHeaderNamesAndWhatToSetInTheProxy() {
    Problem problem =
        SameOrigin.strict(sentTo("internal:9000", "Origin", "https://secure.example"))
            .orElseThrow();
    assertThat(problem.detail())
        .contains("Origin is \"https://secure.example\"", "\"internal:9000\"", "Host $http_host");
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "text/plain", "multipart/form-data; boundary=x", ""})
  void theStrictRuleTakesFormsOnly(String type) {
    HttpServletRequest request =
        sent(Map.of("Content-Type", type, "Sec-Fetch-Site", "same-origin"));
    assertThat(SameOrigin.strict(request).map(Problem::status)).contains(415);
  }

  @Test
  void aFormsTypeMayHaveParametersAndAnyCase() {
    HttpServletRequest request =
        sent(
            Map.of(
                "Content-Type",
                "Application/X-WWW-Form-URLEncoded; charset=UTF-8",
                "Sec-Fetch-Site",
                "same-origin"));
    assertThat(SameOrigin.strict(request)).isEmpty();
  }
}
