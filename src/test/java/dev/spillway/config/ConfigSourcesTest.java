package dev.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigSourcesTest {

  private static final String PORT = "spillway.server.port";

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void writeAFile() throws IOException {
    file = Files.writeString(directory.resolve("my.properties"), "# ours\n" + PORT + " = 1001\n");
  }

  private static void assertIs(WrittenSettings written, String value, String source) {
    assertThat(written.effective(PORT))
        .extracting(EffectiveSetting::value, EffectiveSetting::source)
        .containsExactly(value, source);
  }

  @Test
  void theDefaultHoldsWhenNothingIsWritten() {
    assertIs(WrittenSettings.none(), "8080", "default");
  }

  @Test
  void theFileIsStrongerThanTheDefault() {
    assertIs(WrittenSettings.none().file(file), "1001", "file " + file + ":2");
  }

  @Test
  void aContextParameterIsStrongerThanTheFile() {
    assertIs(
        WrittenSettings.none().file(file).parameter(PORT, "1002"), "1002", "context parameter");
  }

  @Test
  void theEnvironmentIsStrongerThanAContextParameter() {
    assertIs(
        WrittenSettings.none()
            .file(file)
            .parameter(PORT, "1002")
            .variable("SPILLWAY_SERVER_PORT", "1003"),
        "1003",
        "environment");
  }

  @Test
  void aSystemPropertyIsTheStrongest() {
    assertIs(
        WrittenSettings.none()
            .file(file)
            .parameter(PORT, "1002")
            .variable("SPILLWAY_SERVER_PORT", "1003")
            .property(PORT, "1004"),
        "1004",
        "system property");
  }

  @Test
  void theStrongestSourceSaysWhichFileIsRead() {
    WrittenSettings written =
        WrittenSettings.none()
            .parameter("spillway.config", "/does/not/exist")
            .variable("SPILLWAY_CONFIG", file.toString());
    assertIs(written, "1001", "file " + file + ":2");
  }

  @Test
  void anEmptyNameOfAFileIsNoFile() {
    assertIs(WrittenSettings.none().file(file).property("spillway.config", ""), "8080", "default");
  }

  @Test
  void aFileCannotMakeItselfStronger() throws IOException {
    Files.writeString(file, "config_ordinal=9999\n" + PORT + "=1001\n");

    ConfigSources sources = WrittenSettings.none().file(file).property(PORT, "1004").sources();

    assertThat(sources.find(PORT)).hasValue(new ConfigSources.Found("1004", "system property"));
  }

  @Test
  void nothingIsExpandedInAValue() {
    String text = "${user.home} ${x:y} $$ \\ %dev";
    SpillwayConfig config =
        WrittenSettings.none().property("spillway.catalog.password", text).read();
    assertThat(config.database().password()).isEqualTo(text);
  }

  @Test
  void propertiesOfOthersAreNotLookedAt() {
    WrittenSettings written =
        WrittenSettings.none()
            .property("java.home", "/opt/java")
            .property("spillwayish", "x")
            .property("smallrye.config.profile", "dev")
            .property("mp.config.profile", "dev")
            .parameter("org.example.parameter", "x")
            .variable("PATH", "/bin")
            .variable("server.port", "1");
    assertThat(written.problems()).isEmpty();
  }

  @Test
  void whatKubernetesAddsForAServiceOfThisNameIsNotLookedAt() {
    WrittenSettings written =
        WrittenSettings.none()
            .variable("SPILLWAY_SERVICE_HOST", "10.0.0.11")
            .variable("SPILLWAY_SERVICE_PORT", "8080")
            .variable("SPILLWAY_SERVICE_PORT_HTTP", "8080")
            .variable("SPILLWAY_PORT", "tcp://10.0.0.11:8080")
            .variable("SPILLWAY_PORT_8080_TCP", "tcp://10.0.0.11:8080")
            .variable("SPILLWAY_PORT_8080_TCP_PROTO", "tcp")
            .variable("SPILLWAY_TEAM_A_SERVICE_HOST", "10.0.0.12")
            .variable("SPILLWAY_SERVER_PORT", "tcp://10.0.0.13:8080");
    assertThat(written.problems()).isEmpty();
  }

  @Test
  void noTwoKeysHaveTheSameVariable() {
    Set<String> variables = new HashSet<>();
    for (SettingsReader.Definition definition : SpillwayConfig.definitions()) {
      assertThat(variables.add(ConfigSources.variable(definition.key())))
          .as(definition.key())
          .isTrue();
    }
  }

  @Test
  void everyKeyCanBeGivenInTheEnvironment() {
    WrittenSettings written = WrittenSettings.none();
    for (SettingsReader.Definition definition : SpillwayConfig.definitions()) {
      written.variable(ConfigSources.variable(definition.key()), definition.defaultValue());
    }
    assertThat(written.read().effective())
        .extracting(EffectiveSetting::source)
        .containsOnly("environment");
  }
}
