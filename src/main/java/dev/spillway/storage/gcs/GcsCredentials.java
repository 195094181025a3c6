package dev.spillway.storage.gcs;

import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.auth.Credentials;
import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import dev.spillway.storage.gcs.GcsDestination.Access;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the credentials: a key file, or the Application Default Credentials. The library's own way
 * to the latter asks the network, and keeps for good what it finds, also that it found nothing.
 * Here nothing is asked before the first token. Any thread may call.
 */
final class GcsCredentials {

  private static final String SCOPE = "https://www.googleapis.com/auth/devstorage.read_write";
  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Access access;
  private final Map<String, String> environment;
  private final Path home;

  GcsCredentials(Access access, Map<String, String> environment, Path home) {
    this.access = access;
    this.environment = environment;
    this.home = home;
  }

  /** Those of this process. */
  static GcsCredentials of(Access access) {
    Path home = Path.of(System.getProperty("user.home", ""));
    return new GcsCredentials(access, System.getenv(), home);
  }

  /**
   * Why the key file that is set is no use now. It may be put there later, or be put right: no
   * reason to receive no files until then, but one to say so at the start.
   *
   * @return a sentence with its path and nothing of its content; empty if it is good, or none is
   *     set
   */
  Optional<String> complaint() {
    try {
      if (access.keyFile().isPresent()) {
        fromFile(access.keyFile().get(), NetHttpTransport::new);
      }
      return Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.of(e.getFile() + " is missing");
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /**
   * The credentials, which get their tokens by this transport; empty where none are to be sent.
   *
   * @throws IOException when a file that should hold them cannot be read or does not
   */
  Optional<GoogleCredentials> load(HttpTransportFactory transport) throws IOException {
    if (!maySend()) {
      return Optional.empty();
    }
    Optional<Path> file = access.keyFile().or(this::defaultFile);
    GoogleCredentials found =
        file.isPresent()
            ? fromFile(file.get(), transport)
            : ComputeEngineCredentials.newBuilder().setHttpTransportFactory(transport).build();
    return Optional.of(found.createScoped(SCOPE));
  }

  /** Without TLS, a token is anybody's. */
  private boolean maySend() {
    Optional<URI> plain = access.endpoint().filter(uri -> "http".equals(uri.getScheme()));
    boolean here = plain.map(URI::getHost).filter(THIS_MACHINE::contains).isPresent();
    return plain.isEmpty() || (here && access.keyFile().isPresent());
  }

  /** Where Google's tools put them. */
  private Optional<Path> defaultFile() {
    String named = environment.getOrDefault("GOOGLE_APPLICATION_CREDENTIALS", "");
    if (!named.isEmpty()) {
      return Optional.of(Path.of(named));
    }
    String folder = environment.getOrDefault("CLOUDSDK_CONFIG", "");
    Path tools = folder.isEmpty() ? home.resolve(".config").resolve("gcloud") : Path.of(folder);
    return Optional.of(tools.resolve("application_default_credentials.json"))
        .filter(Files::isRegularFile);
  }

  private static byte[] read(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(file + " cannot be read (" + e + ")", e);
    }
  }

  /** The cause stays out of it: a parser says what it has read. */
  private static GoogleCredentials fromFile(Path file, HttpTransportFactory transport)
      throws IOException {
    byte[] content = read(file);
    GoogleCredentials found;
    String cloud;
    try (InputStream in = new ByteArrayInputStream(content)) {
      found = GoogleCredentials.fromStream(in, transport);
      cloud = found.getUniverseDomain();
    } catch (IOException | RuntimeException e) {
      throw new IOException(file + " does not hold credentials of Google Cloud");
    }
    if (!cloud.equals(Credentials.GOOGLE_DEFAULT_UNIVERSE)) {
      // The library would end with an Error: it says so with a class that only gRPC has.
      throw new IOException(file + " holds credentials of another cloud than googleapis.com");
    }
    return found;
  }
}
