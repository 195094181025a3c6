package dev.spillway.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.spillway.web.Problem;
import dev.spillway.web.ProblemException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActionFormTest {

  private static final String FORM = "application/x-www-form-urlencoded";

  private static Map<String, String> fields(String body) {
    return ActionForm.fields(body.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void fieldsAreTakenApart() {
    assertThat(fields("id=abc&typed=x+y%20z&empty=&alone&&a%3Db=c=d"))
        .isEqualTo(Map.of("id", "abc", "typed", "x y z", "empty", "", "alone", "", "a=b", "c=d"));
    assertThat(fields("")).isEmpty();
  }

  @Property(tries = 200)
  void whatABrowserEncodesIsRead(
      @ForAll @Size(max = 10)
          Map<@StringLength(min = 1, max = 8) String, @StringLength(max = 50) String> given) {
    StringBuilder body = new StringBuilder();
    Map<String, String> expected = new HashMap<>();
    given.forEach(
        (name, value) -> {
          String encodedName = URLEncoder.encode(name, StandardCharsets.UTF_8);
          String encodedValue = URLEncoder.encode(value, StandardCharsets.UTF_8);
          String known = URLDecoder.decode(encodedName, StandardCharsets.UTF_8);
          if (!expected.containsKey(known)) {
            expected.put(known, URLDecoder.decode(encodedValue, StandardCharsets.UTF_8));
            body.append('&').append(encodedName).append('=').append(encodedValue);
          }
        });
    assertThat(fields(body.toString())).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a=%", "a=%4", "a=%4g", "a=%ff", "a=%c3", "a=%ed%a0%80", "a=\u00ff", "%=1"})
  void whatIsNotUtf8IsRefused(String body) {
    assertThat(problem(body).code()).isEqualTo("malformed-form");
  }

  @Test
  void aFieldGivenTwiceIsRefused() {
    assertThat(problem("id=a&id=a").detail()).contains("twice");
    assertThat(problem("id=a&%69d=b").detail()).contains("twice");
  }

  @Test
  void tooManyFieldsAreRefused() {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i <= ActionForm.MOST_FIELDS; i++) {
      body.append("f").append(i).append("=1&");
    }
    assertThat(problem(body.toString()).detail()).contains("too many");
  }

  private static Problem problem(String body) {
    return catchThrowableOfType(ProblemException.class, () -> fields(body)).problem();
  }

  private static Problem refusal(FakeRequest request) {
    return catchThrowableOfType(ProblemException.class, () -> request.handle(ActionForm::read))
        .problem();
  }

  @Test
  void aBodyOfExactlyTheLimitIsRead() throws Exception {
    FakeRequest request = new FakeRequest("POST", "/").header("Content-Type", FORM);
    request.body = "a=" + "x".repeat(ActionForm.MOST_BYTES - 2);
    request.handle(exchange -> assertThat(ActionForm.read(exchange).get("a")).hasSize(8190));
  }

  @Test
  void aLongerBodyIsRefusedWithoutReadingAllOfIt() {
    FakeRequest request = new FakeRequest("POST", "/").header("Content-Type", FORM);
    request.body = "a=" + "x".repeat(1 << 20);
    assertThat(refusal(request).status()).isEqualTo(413);
    assertThat(request.bytesRead()).isEqualTo(ActionForm.MOST_BYTES + 1);
  }

  @Test
  void aBodyThatIsAnnouncedAsLongerIsNotReadAtAll() {
    FakeRequest request = new FakeRequest("POST", "/").header("Content-Type", FORM);
    request.declared = 1 << 20;
    assertThat(refusal(request).status()).isEqualTo(413);
    assertThat(request.bytesRead()).isZero();
  }

  @Test
  void onlyPlainFormsAreRead() {
    for (String type : new String[] {"", "text/plain", "multipart/form-data", "application/json"}) {
      assertThat(refusal(new FakeRequest("POST", "/").header("Content-Type", type)).status())
          .isEqualTo(415);
    }
    FakeRequest zipped = new FakeRequest("POST", "/").header("Content-Type", FORM);
    assertThat(refusal(zipped.header("Content-Encoding", "gzip")).status()).isEqualTo(415);
  }

  @Test
  void aCharsetBesideTheTypeDoesNoHarm() throws Exception {
    FakeRequest request =
        new FakeRequest("POST", "/").header("Content-Type", FORM + "; charset=UTF-8");
    request.body = "a=%E2%82%AC";
    request.handle(exchange -> assertThat(ActionForm.read(exchange)).containsEntry("a", "€"));
  }
}
