package dev.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublishSettingsTest {

  private static WrittenSettings destination(String text) {
    return WrittenSettings.none().property("spillway.storage.destination", text);
  }

  private static WrittenSettings endpoint(String text) {
    return WrittenSettings.none().property("spillway.gcs.endpoint", text);
  }

  @Test
  void finishedFilesStayWithoutASetting() {
    assertThat(WrittenSettings.none().read().publish())
        .isEqualTo(
            new PublishSettings(
                Optional.empty(), 2, new DataSize(8L << 20), false, Duration.ofMinutes(2)));
    assertThat(WrittenSettings.none().read().gcs())
        .isEqualTo(
            new GcsSettings(
                Optional.empty(), Optional.empty(), Duration.ofSeconds(5), Duration.ofSeconds(20)));
  }

  @ParameterizedTest
  @CsvSource({
    "gs://reports, reports, ''",
    "gs://reports/, reports, ''",
    "gs://reports/in, reports, in",
    "gs://reports/in/, reports, in",
    "gs://reports/in/2026 (neu)/ü, reports, in/2026 (neu)/ü",
    "gs://a_b-3.example.com/x, a_b-3.example.com, x",
    "' gs://abc ', abc, ''"
  })
  void aBucketIsTakenWithAPrefixOrWithout(String written, String bucket, String prefix) {
    assertThat(destination(written).read().publish().destination())
        .contains(new BucketAddress(bucket, prefix));
  }

  @ParameterizedTest
  @CsvSource({
    "reports, does not begin with gs://",
    "s3://reports, does not begin with gs://",
    "gs:/reports, does not begin with gs://",
    "gs://, names a bucket that cannot be",
    "gs://ab, names a bucket that cannot be",
    "gs://Reports, names a bucket that cannot be",
    "gs://-reports, names a bucket that cannot be",
    "gs://reports-, names a bucket that cannot be",
    "gs://rep..orts, names a bucket that cannot be",
    "gs://192.0.2.1, names an IP address",
    "gs://reports//in, has an empty folder",
    "gs://reports/in//, has an empty folder",
    "gs://reports//, has an empty folder",
    "gs://reports/../in, has a folder . or ..",
    "gs://reports/in/., has a folder . or .."
  })
  void whatIsNoBucketIsRefusedWithTheReason(String written, String reason) {
    assertThat(destination(written).problems())
        .singleElement()
        .asString()
        .contains("spillway.storage.destination = " + written, reason)
        .contains("allowed: empty, or gs://bucket or gs://bucket/prefix");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gs://reports/a\tb", "gs://reports/a\u0085b"})
  void aPrefixHasNoControlCharacter(String written) {
    assertThat(destination(written).problems())
        .singleElement()
        .asString()
        .contains("has a control character");
  }

  @Test
  void aPrefixLeavesRoomForTheDateAndTheId() {
    assertThat(destination("gs://reports/" + "é".repeat(450)).read().publish().destination())
        .isPresent();
    assertThat(destination("gs://reports/" + "é".repeat(451)).problems())
        .singleElement()
        .asString()
        .contains("has a prefix of more than 900 bytes");
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:4443, http://127.0.0.1:4443",
    "https://storage.example.com/, https://storage.example.com",
    "http://[::1]:9, http://[::1]:9"
  })
  void anEndpointIsASchemeAHostAndAPort(String written, String taken) {
    assertThat(endpoint(written).read().gcs().endpoint()).contains(URI.create(taken));
  }

  @ParameterizedTest
  @CsvSource({
    "storage.example.com, does not begin with http",
    "ftp://storage.example.com, does not begin with http",
    "https:///storage, does not begin with http",
    "https://exam ple.com, is not a URL",
    "https://storage.example.com/a, goes on after the host",
    "https://storage.example.com?a=b, goes on after the host"
  })
  void whatIsNoEndpointIsRefusedWithTheReason(String written, String reason) {
    assertThat(endpoint(written).problems())
        .singleElement()
        .asString()
        .contains("spillway.gcs.endpoint = " + written, reason);
  }

  @Test
  void aPasswordInTheEndpointIsRefusedAndNotShown() {
    assertThat(endpoint("https://user:secret@storage.example.com").problems())
        .singleElement()
        .asString()
        .contains("names a user")
        .doesNotContain("secret");
  }

  @Test
  void theKeyFilesPathIsAbsolute() {
    assertThat(
            WrittenSettings.none()
                .property("spillway.gcs.key-file", "/etc/spillway/../key.json")
                .read()
                .gcs()
                .keyFile())
        .contains(Path.of("/etc/key.json"));
  }
}
