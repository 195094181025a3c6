package dev.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpillwayConfigTest {

  @Test
  void everyReasonIsNamedAtOnce() {
    WrittenSettings written =
        WrittenSettings.none()
            .parameter("spillway.config", "/does/not/exist")
            .parameter("spillway.server.port", "70000")
            .variable("SPILLWAY_UPLOAD_MAX_SIZE", "8MB")
            .property("spillway.storage.durability", "Chunk")
            .property("spillway.upload.chunk-size.default", "128MiB")
            .property("spillway.writes.premits", "2");

    assertThat(written.problems())
        .containsExactly(
            "spillway.config = /does/not/exist (context parameter)"
                + " names no file: /does/not/exist does not exist",
            "spillway.storage.durability = Chunk (system property)"
                + " is not one of them; allowed: chunk, finish, none",
            "spillway.server.port = 70000 (context parameter)"
                + " is too large; allowed: 0 to 65535",
            "spillway.upload.max-size = 8MB (environment)"
                + " sizes count in 1024s: say 8MiB; allowed: 1B to 1EiB",
            "spillway.upload.chunk-size.default = 128MiB (system property)"
                + " must be at most spillway.upload.chunk-size.max = 64MiB (default)",
            "spillway.writes.premits (system property)"
                + " is no setting; did you mean spillway.writes.permits?");
  }

  @Test
  void theMessageHasOneLineForEachReason() {
    WrittenSettings written =
        WrittenSettings.none()
            .property("spillway.server.port", "1\n2")
            .property("spillway.server.host", "\u001b[31mred\u2028");
    assertThatThrownBy(written::read)
        .isInstanceOf(InvalidConfigException.class)
        .message()
        .isEqualTo(
            "the settings are not valid:\n"
                + "  spillway.server.host = ?[31mred? (system property) is neither;"
                + " allowed: a host name or an IP address, without a port\n"
                + "  spillway.server.port = 1?2 (system property) is not a whole number;"
                + " allowed: 0 to 65535");
  }

  @ParameterizedTest
  @CsvSource({
    "spillway.data-dir, ~/uploads",
    "spillway.server.host, localhost:80",
    "spillway.server.host, http://localhost",
    "spillway.server.port, -1",
    "spillway.server.port, 99999999999",
    "spillway.server.stop-timeout, 2h",
    "spillway.catalog.url, jdbc:mysql://db/x",
    "spillway.catalog.url, jdbc:sqlite:",
    "spillway.catalog.pool-size, 0",
    "spillway.catalog.pool-size, 65",
    "spillway.catalog.timeout, 100ms",
    "spillway.catalog.commit-queue, 65537",
    "spillway.upload.chunk-size.max, 2GiB",
    "spillway.upload.idle-expiry, 0s",
    "spillway.buffers.memory, 0%",
    "spillway.buffers.memory, 101%",
    "spillway.buffers.memory, 1KiB",
    "spillway.buffers.size, 8MiB",
    "spillway.writes.permits, 0",
    "spillway.http.max-json, 512B",
    "spillway.http.max-parts, 1",
    "spillway.http.max-part-header, 32KiB",
    "spillway.http.max-field, 1MiB"
  })
  void aValueThatIsNotAllowedIsRefused(String key, String value) {
    assertThat(WrittenSettings.none().property(key, value).problems())
        .singleElement()
        .asString()
        .startsWith(key + " = " + value + " (system property) ")
        .contains("; allowed: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "a.example.org", "127.0.0.1", "::", "::1", "fe80::1%eth0"})
  void aHostIsANameOrAnAddress(String host) {
    assertThat(WrittenSettings.none().property("spillway.server.host", host).read().server().host())
        .isEqualTo(host);
  }

  @Test
  void spaceAroundAValueIsLeftOut() {
    assertThat(
            WrittenSettings.none().property("spillway.server.port", " 80 ").read().server().port())
        .isEqualTo(80);
  }

  @Test
  void anEmptyValueIsRefusedWhereItMeansNothing() {
    assertThat(WrittenSettings.none().variable("SPILLWAY_SERVER_PORT", "").problems())
        .containsExactly(
            "spillway.server.port =  (environment) is empty; leave it out for the default;"
                + " allowed: 0 to 65535");
  }

  @Test
  void anEmptyValueIsStrongerThanAWeakerSource() {
    SpillwayConfig config =
        WrittenSettings.none()
            .parameter("spillway.catalog.url", "jdbc:postgresql://db/spillway")
            .property("spillway.catalog.url", "")
            .read();
    assertThat(config.database().url()).isEmpty();
  }

  @Test
  void chunkSizesMustAscend() {
    WrittenSettings written =
        WrittenSettings.none()
            .property("spillway.upload.chunk-size.min", "2MiB")
            .property("spillway.upload.chunk-size.default", "1MiB")
            .property("spillway.upload.chunk-size.max", "512KiB");
    assertThat(written.problems())
        .containsExactly(
            "spillway.upload.chunk-size.default = 1MiB (system property)"
                + " must be at least spillway.upload.chunk-size.min = 2MiB (system property)",
            "spillway.upload.chunk-size.default = 1MiB (system property)"
                + " must be at most spillway.upload.chunk-size.max = 512KiB (system property)");
  }

  @Test
  void settingsThatAreRefusedAreNotComparedWithOthers() {
    WrittenSettings written =
        WrittenSettings.none()
            .property("spillway.upload.chunk-size.max", "rubbish")
            .property("spillway.upload.chunk-size.default", "1GiB");
    assertThat(written.problems()).hasSize(1);
  }

  @Test
  void everySettingIsReportedWithItsDefaultAndDescription() {
    List<EffectiveSetting> effective = WrittenSettings.none().read().effective();
    assertThat(effective)
        .extracting(EffectiveSetting::key)
        .containsExactlyElementsOf(
            SpillwayConfig.definitions().stream().map(SettingsReader.Definition::key).toList());
    assertThat(effective)
        .allSatisfy(setting -> assertThat(setting.description()).isNotBlank().doesNotContain("\n"))
        .allSatisfy(setting -> assertThat(setting.source()).isEqualTo("default"));
  }

  @Test
  void defaultsAreWrittenAsTheyAreReported() {
    assertThat(WrittenSettings.none().read().effective())
        .filteredOn(setting -> !setting.key().equals("spillway.data-dir"))
        .allSatisfy(setting -> assertThat(setting.value()).isEqualTo(setting.defaultValue()));
  }

  @Test
  void theDescriptionIsATableWithAlignedColumns() {
    List<String> lines =
        WrittenSettings.none()
            .property("spillway.server.port", "80")
            .read()
            .describe()
            .lines()
            .toList();
    int source = lines.get(0).indexOf("SOURCE");
    assertThat(lines.get(0)).startsWith("SETTING ").contains(" VALUE ", " DEFAULT ");
    assertThat(lines.subList(1, lines.size()))
        .allSatisfy(
            line ->
                assertThat(line.substring(source))
                    .startsWithIgnoringCase(
                        line.startsWith("spillway.server.port ")
                            ? "system property "
                            : "default "));
  }
}
