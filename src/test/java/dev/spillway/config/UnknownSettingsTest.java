package dev.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnknownSettingsTest {

  @ParameterizedTest
  @CsvSource({
    "spillway.upload.maxSize, spillway.upload.max-size",
    "spillway.upload.mxa-size, spillway.upload.max-size",
    "spillway.uploads.max-size, spillway.upload.max-size",
    "spillway.datadir, spillway.data-dir",
    "spillway.port, spillway.server.port"
  })
  void aSystemPropertyIsRefusedWithTheKeyThatWasMeant(String written, String meant) {
    assertThat(WrittenSettings.none().property(written, "1").problems())
        .containsExactly(written + " (system property) is no setting; did you mean " + meant + "?");
  }

  @Test
  void aContextParameterIsRefusedWithTheKeyThatWasMeant() {
    assertThat(WrittenSettings.none().parameter("spillway.write.permits", "1").problems())
        .containsExactly(
            "spillway.write.permits (context parameter) is no setting;"
                + " did you mean spillway.writes.permits?");
  }

  @ParameterizedTest
  @CsvSource({
    "SPILLWAY_UPLOAD_MAXSIZE, SPILLWAY_UPLOAD_MAX_SIZE",
    "SPILLWAY_PORT, SPILLWAY_SERVER_PORT"
  })
  void aVariableIsRefusedWithTheVariableThatWasMeant(String written, String meant) {
    assertThat(WrittenSettings.none().variable(written, "1").problems())
        .containsExactly(written + " (environment) is no setting; did you mean " + meant + "?");
  }

  @Test
  void anEntryOfTheFileIsRefusedWithItsLine(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("x");
    Files.writeString(file, "\n# one\nspillway.catalog.pool=1\n");
    assertThat(WrittenSettings.none().file(file).problems())
        .singleElement()
        .asString()
        .startsWith("spillway.catalog.pool (file " + file + ":3) is no setting");
  }

  @Test
  void whatIsLikeNothingGetsNoSuggestion() {
    assertThat(WrittenSettings.none().property("spillway.bananas.enabled", "yes").problems())
        .containsExactly(
            "spillway.bananas.enabled (system property) is no setting;"
                + " docs/settings.md lists them");
  }

  @Test
  void thePrefixAloneIsNoSetting() {
    assertThat(
            WrittenSettings.none().property("spillway.", "1").variable("SPILLWAY_", "1").problems())
        .hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"abc, abc, 0", "abc, abd, 1", "abc, ab, 1", "abc, acb, 1", "kitten, sitting, 3"})
  void countsTheSlipsOfAPen(String from, String to, int slips) {
    assertThat(UnknownSettings.distance(from, to)).isEqualTo(slips);
  }

  @Property
  void theDistanceIsTheSameBothWays(
      @ForAll @AlphaChars @StringLength(max = 12) String one,
      @ForAll @AlphaChars @StringLength(max = 12) String two) {
    assertThat(UnknownSettings.distance(one, two)).isEqualTo(UnknownSettings.distance(two, one));
  }
}
