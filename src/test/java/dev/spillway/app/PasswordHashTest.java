package dev.spillway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {

  private static final String CANARY = "Kanari3nv0gel";
  private static final String SALT = "AAAAAAAAAAAAAAAAAAAAAA";
  private static final String HASH = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

  @Test
  void theTextHoldsAllThatIsNeededToTryAPassword() {
    PasswordHash kept = PasswordHash.of(CANARY, new SecureRandom());
    PasswordHash read = PasswordHash.parse(kept.text());
    assertThat(read.matches(CANARY)).isTrue();
    assertThat(read.matches(CANARY + "x")).isFalse();
  }

  @Test
  void twoHashesOfOnePasswordDiffer() {
    SecureRandom random = new SecureRandom();
    assertThat(PasswordHash.of(CANARY, random).text())
        .startsWith("pbkdf2-sha256:600000:")
        .doesNotContain(CANARY)
        .isNotEqualTo(PasswordHash.of(CANARY, random).text());
  }

  @Test
  void printingItShowsNotEvenTheHash() {
    PasswordHash hash = PasswordHash.parse("pbkdf2-sha256:600000:" + SALT + ":" + HASH);
    assertThat(hash).hasToString("pbkdf2-sha256:600000:******");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "secret",
        "pbkdf2-sha256:",
        "pbkdf2-sha256:1000:" + SALT + ":" + HASH,
        "pbkdf2-sha256:99999999:" + SALT + ":" + HASH,
        "pbkdf2-sha256:600000:AAAA:" + HASH,
        "pbkdf2-sha256:600000:" + SALT + ":AAAA",
        "pbkdf2-sha256:600000:" + SALT + ":A",
        "pbkdf2-sha256:600000:" + SALT + ":" + HASH + ":x"
      })
  void whatIsNoHashOrAWeakOneIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> PasswordHash.parse(text));
  }

  @Test
  void nobodyHasAnEmptyOrEndlessPassword() {
    PasswordHash hash = PasswordHash.parse("pbkdf2-sha256:600000:" + SALT + ":" + HASH);
    assertThat(hash.matches("")).isFalse();
    assertThat(hash.matches("x".repeat(1_000_000))).isFalse();
  }
}
