package dev.spillway.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which credentials are used, and where none are. */
class GcsCredentialsTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  @TempDir private Path home;
  private Path key;

  @BeforeEach
  void writeKey() throws Exception {
    try (FakeGcs fake = FakeGcs.keepingSumsOnly()) {
      key = Files.writeString(home.resolve("key.json"), fake.keyFile());
    }
  }

  private static GcsDestination.Access access(String endpoint, Optional<Path> keyFile) {
    Optional<URI> address = Optional.of(endpoint).filter(text -> !text.isEmpty()).map(URI::create);
    return new GcsDestination.Access(address, keyFile, SECOND, SECOND);
  }

  private Optional<GoogleCredentials> load(
      GcsDestination.Access access, Map<String, String> environment) throws IOException {
    return new GcsCredentials(access, environment, home).load(NetHttpTransport::new);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "https://storage.example.com", "http://127.0.0.1:1"})
  void aKeyFileIsUsed(String endpoint) throws Exception {
    assertThat(load(access(endpoint, Optional.of(key)), Map.of()))
        .containsInstanceOf(ServiceAccountCredentials.class);
  }

  @Test
  void nothingSecretIsSentInPlainTextToAnotherMachine() throws Exception {
    assertThat(load(access("http://storage.example.com", Optional.of(key)), Map.of())).isEmpty();
    assertThat(load(access("http://localhost.example.com", Optional.of(key)), Map.of())).isEmpty();
  }

  @Test
  void aPlainEndpointHereNeedsNoCredentials() throws Exception {
    assertThat(load(access("http://127.0.0.1:1", Optional.empty()), Map.of())).isEmpty();
  }

  @Test
  void theEnvironmentNamesAKeyFile() throws Exception {
    Map<String, String> environment = Map.of("GOOGLE_APPLICATION_CREDENTIALS", key.toString());

    assertThat(load(access("", Optional.empty()), environment))
        .containsInstanceOf(ServiceAccountCredentials.class);
  }

  @Test
  void theToolsKeyFileIsFound() throws Exception {
    Path folder = Files.createDirectories(home.resolve(".config").resolve("gcloud"));
    Files.copy(key, folder.resolve("application_default_credentials.json"));

    assertThat(load(access("", Optional.empty()), Map.of()))
        .containsInstanceOf(ServiceAccountCredentials.class);
  }

  @Test
  void otherwiseTheMachinesOwnAccountIsAsked() throws Exception {
    assertThat(load(access("", Optional.empty()), Map.of()))
        .containsInstanceOf(ComputeEngineCredentials.class);
  }

  @ParameterizedTest
  @CsvSource({"''", "{", "{\"type\": \"nothing\"}", "[]", "-----BEGIN PRIVATE KEY-----"})
  void whatIsNoKeyFileIsSaidWithoutItsContent(String content) throws Exception {
    Path broken = Files.writeString(home.resolve("broken.json"), content);

    assertThatThrownBy(() -> load(access("", Optional.of(broken)), Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessage(broken + " does not hold credentials of Google Cloud")
        .hasNoCause();
    assertThat(complaint(broken)).contains(broken + " does not hold credentials of Google Cloud");
  }

  @Test
  void theKeyFileOfAnotherCloudIsRefused() throws Exception {
    String other =
        Files.readString(key).replaceFirst("\\{", "{\"universe_domain\":\"example.com\",");
    Path file = Files.writeString(home.resolve("other.json"), other);

    assertThatThrownBy(() -> load(access("", Optional.of(file)), Map.of()))
        .hasMessage(file + " holds credentials of another cloud than googleapis.com");
  }

  private static Optional<String> complaint(Path keyFile) {
    return GcsCredentials.of(access("", Optional.of(keyFile))).complaint();
  }

  @Test
  void aKeyFileThatIsNoUseIsSaidAtTheStart() {
    Path missing = home.resolve("missing.json");

    assertThat(complaint(missing)).contains(missing + " is missing");
    assertThat(complaint(home)).hasValueSatisfying(said -> assertThat(said).contains("" + home));
  }

  @Test
  void ofAGoodKeyFileNothingIsSaid() {
    assertThat(complaint(key)).isEmpty();
    assertThat(GcsCredentials.of(access("", Optional.empty())).complaint()).isEmpty();
  }
}
