package dev.spillway.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CatalogSettingsTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  @Test
  void theTextFormHasNoSecret() {
    CatalogSettings settings =
        new CatalogSettings(
            "jdbc:postgresql://db/spillway?password=hush", "spillway", "hush", 4, TIMEOUT, 10);

    assertThat(settings.toString())
        .contains("jdbc:postgresql://db/spillway", "spillway", "PT1S")
        .doesNotContain("hush");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "jdbc:h2:mem:x",
        "jdbc:sqlite:",
        "jdbc:sqlite::memory:",
        "jdbc:sqlite:file:x.db",
        "jdbc:sqlite:x.db?synchronous=OFF"
      })
  void anUrlThatWouldNotKeepWhatIsWrittenIsRefused(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CatalogSettings(url, "", "", 4, TIMEOUT, 10));
  }

  @Test
  void anEmptyPoolIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CatalogSettings("jdbc:sqlite:x.db", "", "", 0, TIMEOUT, 10));
  }

  @Test
  void anEmptyQueueIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CatalogSettings("jdbc:sqlite:x.db", "", "", 4, TIMEOUT, 0));
  }

  @Test
  void aTimeoutThatNobodyCanMeetIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new CatalogSettings("jdbc:sqlite:x.db", "", "", 4, Duration.ofMillis(249), 10));
  }
}
