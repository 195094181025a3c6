package dev.spillway.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import dev.spillway.storage.gcs.CallFailed.Step;
import dev.spillway.upload.DestinationFailed;
import dev.spillway.upload.DestinationFailed.Kind;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials that come later, or in place of others, are found without a restart. */
@Timeout(120)
class GcsCredentialChangeTest extends FakeSiteTests {

  private static final PatternFile FILE = PatternFile.of(1000);

  private Path key;

  @BeforeEach
  void start() throws Exception {
    site.fake.requireToken();
    key = directory.resolve("key.json");
    writeKey();
    site.keyFile(key);
  }

  private void writeKey() throws Exception {
    Files.writeString(key, site.fake.keyFile());
  }

  private void assertRefused() throws Exception {
    assertThat(site.failure(FILE, FILE.upload(), heard).kind()).isEqualTo(Kind.REFUSED);
  }

  private void assertPublishes() throws Exception {
    assertThat(site.publish(FILE.upload(), FILE, heard)).startsWith("gs://b/");
  }

  @Test
  void aKeyFileThatTakesTheWrongOnesPlaceIsReadByTheNextAttempt() throws Exception {
    site.fake.replaceKey();
    assertRefused();

    writeKey();

    assertPublishes();
  }

  @Test
  void aKeyFileThatIsReplacedInTimeFailsNoFile() throws Exception {
    site.fake.tokensLast(Duration.ZERO);
    assertPublishes();
    site.fake.replaceKey();
    writeKey();

    assertPublishes();
    assertThat(heard.troubles()).isEmpty();
  }

  @Test
  void whenTheBucketRefusesTheTokensTheKeyFileIsReadAgain() throws Exception {
    assertPublishes();
    site.fake.replaceKey();
    site.fake.revokeTokens();
    assertRefused();

    writeKey();

    assertPublishes();
  }

  @Test
  void aKeyFileThatCannotBeReadForAWhileIsReadAgain() throws Exception {
    site.destination();
    Files.writeString(key, "{");
    assertRefused();

    writeKey();

    assertPublishes();
  }

  @Test
  void aKeyFileThatIsMissingAtTheStartIsReadWhenItIsThere() throws Exception {
    Files.delete(key);
    assertRefusedBecause("the file with the credentials of this server is missing");

    writeKey();

    assertPublishes();
  }

  @Test
  void aKeyFileThatIsNoneAtTheStartIsReadWhenItIsOne() throws Exception {
    Files.writeString(key, "{\"type\": \"secret\"}");
    assertRefusedBecause("the credentials of this server cannot be read or are none");

    writeKey();

    assertPublishes();
  }

  private void assertRefusedBecause(String sentence) throws Exception {
    assertThat(site.failure(FILE, FILE.upload(), heard))
        .hasMessage(sentence)
        .hasNoCause()
        .extracting(DestinationFailed::kind)
        .isEqualTo(Kind.REFUSED);
  }

  @Test
  void nothingOfOldClientsIsLeft() throws Exception {
    assertPublishes();
    site.fake.replaceKey();
    site.fake.revokeTokens();
    assertRefused();
    Set<Thread> before = Thread.getAllStackTraces().keySet();

    for (int attempt = 0; attempt < 5; attempt++) {
      assertRefused();
    }

    Awaited.until(() -> strangers(before).isEmpty());
  }

  private static Set<String> strangers(Set<Thread> before) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread))
        .map(Thread::getName)
        .filter(name -> !name.matches("(Keep-Alive|fake-gcs|Scheduler)-.*"))
        .collect(Collectors.toSet());
  }

  /** As on a machine of Google's, whose metadata server is the fake. */
  private GoogleCredentials ofMachine() {
    return ComputeEngineCredentials.newBuilder()
        .setHttpTransportFactory(
            () ->
                new NetHttpTransport.Builder()
                    .setConnectionFactory(
                        url ->
                            (HttpURLConnection)
                                URI.create(site.fake.url() + url.getPath())
                                    .toURL()
                                    .openConnection())
                    .build())
        .build();
  }

  private GcsClient client(GcsClient.Source source) {
    GcsDestination.Access access =
        new GcsDestination.Access(
            Optional.of(URI.create(site.fake.url())),
            Optional.empty(),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5));
    return new GcsClient(access, source, RetryPace.USUAL, new GcsErrors("b"), new GcsConnections());
  }

  private static CallFailed failure(GcsClient client) {
    return catchThrowableOfType(CallFailed.class, () -> look(client));
  }

  private static boolean look(GcsClient client) throws CallFailed {
    return client.call(Step.LOOK, storage -> storage.get("b", "nothing") == null);
  }

  @Test
  void aMachineWithoutAnAccountIsRefused() {
    try (GcsClient client = client(transport -> Optional.of(ofMachine()))) {
      assertThat(failure(client).reason().kind()).isEqualTo(Kind.REFUSED);
      assertThat(failure(client).reason())
          .hasMessage("this machine's service account gives no token");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 502, 503})
  void aMetadataServerThatFailsIsWaitedFor(int status) {
    site.fake.faults().on(RequestKind.METADATA).always().meet(Fault.answer(status));

    try (GcsClient client = client(transport -> Optional.of(ofMachine()))) {
      assertThat(failure(client).reason().kind()).isEqualTo(Kind.UNREACHABLE);
      assertThat(failure(client).reason())
          .hasMessage("no token can be got from Google: status " + status);
    }
  }

  @Test
  void aMetadataServerThatHangsUpIsWaitedFor() {
    site.fake.faults().on(RequestKind.METADATA).always().meet(Fault.lostAnswer());

    try (GcsClient client = client(transport -> Optional.of(ofMachine()))) {
      assertThat(failure(client).reason().kind()).isEqualTo(Kind.UNREACHABLE);
    }
  }

  @Test
  void anAccountThatTheMachineGetsLaterIsUsed() throws Exception {
    try (GcsClient client = client(transport -> Optional.of(ofMachine()))) {
      failure(client);

      site.fake.giveAccountToMachine();

      assertThat(look(client)).isTrue();
    }
  }

  /** The file is where Google's tools put it. */
  @ParameterizedTest
  @ValueSource(ints = {404, 503})
  void defaultCredentialsThatAreWrittenLaterAreUsed(int machineAnswers) throws Exception {
    site.fake.faults().on(RequestKind.METADATA).always().meet(Fault.answer(machineAnswers));
    Path home = Files.createDirectories(directory.resolve("home"));
    GcsDestination.Access none =
        new GcsDestination.Access(
            Optional.empty(), Optional.empty(), Duration.ofSeconds(5), Duration.ofSeconds(5));
    GcsCredentials found = new GcsCredentials(none, Map.of(), home);
    GcsClient.Source source =
        transport ->
            found
                .load(transport)
                .map(one -> one instanceof ComputeEngineCredentials ? ofMachine() : one);

    try (GcsClient client = client(source)) {
      failure(client);
      Path tools = Files.createDirectories(home.resolve(".config").resolve("gcloud"));
      Files.copy(key, tools.resolve("application_default_credentials.json"));

      assertThat(look(client)).isTrue();
    }
  }
}
