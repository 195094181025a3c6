package dev.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {

  private static final String CANARY = "Kanari3nv0gel";
  private static final String PASSWORD = "spillway.catalog.password";

  private static WrittenSettings written() {
    return WrittenSettings.none().property(PASSWORD, CANARY);
  }

  private static String messageOf(WrittenSettings written) {
    InvalidConfigException refused =
        catchThrowableOfType(InvalidConfigException.class, written::read);
    return refused + String.join("\n", refused.problems());
  }

  @Test
  void thePasswordIsThereForTheDatabase() {
    assertThat(written().read().database().password()).isEqualTo(CANARY);
  }

  @Test
  void theTableOfSettingsMasksIt() {
    assertThat(written().read().describe()).contains("******").doesNotContain(CANARY);
  }

  @Test
  void theListOfSettingsMasksIt() {
    assertThat(written().effective(PASSWORD).value()).isEqualTo("******");
  }

  @Test
  void thatThereIsNoneIsShown() {
    assertThat(WrittenSettings.none().effective(PASSWORD).value()).isEmpty();
  }

  @Test
  void noTextOfTheSettingsHasIt() {
    SpillwayConfig config = written().read();
    assertThat(config.toString() + config.database() + written().sources())
        .contains("password=******")
        .doesNotContain(CANARY);
  }

  @Test
  void noProblemShowsIt(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("x"), PASSWORD + "=" + CANARY + "\nodd=1\n");
    assertThat(
            messageOf(
                written()
                    .file(file)
                    .variable("SPILLWAY_CATALOG_PASSWORD", CANARY)
                    .property("spillway.server.port", "none")))
        .doesNotContain(CANARY);
  }

  @Test
  void aMisspeltKeyDoesNotShowIt() {
    assertThat(messageOf(WrittenSettings.none().property("spillway.catalog.pasword", CANARY)))
        .contains("did you mean " + PASSWORD)
        .doesNotContain(CANARY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://db/x?user=me&password=" + CANARY,
        "jdbc:postgresql://db/x?sslPassword=" + CANARY + "&user=me",
        "jdbc:postgresql://me:" + CANARY + "@db/x",
        "jdbc:postgresql://me:a/b?@" + CANARY + "@db/x"
      })
  void aUrlDoesNotShowTheOneInIt(String url) {
    SpillwayConfig config = WrittenSettings.none().property("spillway.catalog.url", url).read();
    assertThat(config.describe() + config)
        .contains("jdbc:postgresql:", "******")
        .doesNotContain(CANARY);
  }

  @Test
  void aUrlThatIsRefusedDoesNotShowTheOneInIt() {
    assertThat(
            messageOf(
                WrittenSettings.none()
                    .property("spillway.catalog.url", "postgres://me:" + CANARY + "@db/x")))
        .contains("postgres://******@db/x")
        .doesNotContain(CANARY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"spillway.dashboard.password", "spillway.dashboard.viewer-password"})
  void thePasswordsOfTheDashboardAreNowhereToBeRead(String key) {
    SpillwayConfig config = WrittenSettings.none().property(key, CANARY).read();
    assertThat(config.describe() + config + config.effective() + config.dashboard())
        .contains("******")
        .doesNotContain(CANARY);
  }
}
