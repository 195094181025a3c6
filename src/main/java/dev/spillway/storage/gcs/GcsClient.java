package dev.spillway.storage.gcs;

import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.NoCredentials;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import dev.spillway.storage.gcs.CallFailed.Meaning;
import dev.spillway.storage.gcs.CallFailed.Step;
import dev.spillway.storage.gcs.GcsDestination.Access;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Google's library. It is set up at the first call, and again after each refusal: the credentials
 * may have been replaced since they were read. Any thread may call; whoever made it closes it, and
 * with it the connections that it was given.
 */
final class GcsClient implements AutoCloseable {

  /** The library would look for it in the network, and nothing that is done here needs one. */
  private static final String NO_PROJECT = "none";

  /** Calls the library. */
  @FunctionalInterface
  interface LibraryCall<T extends @Nullable Object> {
    T on(Storage storage) throws IOException;
  }

  /** Reads the credentials, which get their tokens by this transport; empty without any. */
  @FunctionalInterface
  interface Source {
    Optional<GoogleCredentials> load(HttpTransportFactory transport) throws IOException;
  }

  /** The library, and what it gets its tokens with. */
  private record Ready(Storage storage, Optional<GoogleCredentials> credentials) {}

  /**
   * Where the library tells of each token that it does not get, with sixty lines and the account's
   * name. It throws that, too. Held here, because Java forgets a logger that nobody holds.
   */
  private final Logger noise = Logger.getLogger("com.google.auth.http.HttpCredentialsAdapter");

  private final Access access;
  private final Source source;
  private final RetryPace pace;
  private final GcsErrors errors;
  private final GcsConnections connections;
  private @Nullable Ready ready;

  GcsClient(
      Access access, Source source, RetryPace pace, GcsErrors errors, GcsConnections connections) {
    this.access = access;
    this.source = source;
    this.pace = pace;
    this.errors = errors;
    this.connections = connections;
    noise.setLevel(Level.OFF);
  }

  GcsConnections connections() {
    return connections;
  }

  GcsErrors errors() {
    return errors;
  }

  /** Everything that the library throws, and it throws anything, becomes the one exception. */
  <T extends @Nullable Object> T call(Step step, LibraryCall<T> call) throws CallFailed {
    Ready now = withToken();
    try {
      return call.on(now.storage());
    } catch (IOException | RuntimeException e) {
      CallFailed failed = errors.of(step, e);
      if (failed.meaning() == Meaning.REFUSED) {
        forget(now);
      }
      throw failed;
    }
  }

  /** Credentials that were good and are so no more may have been replaced meanwhile. */
  private Ready withToken() throws CallFailed {
    Optional<Ready> known = known();
    if (known.isPresent()) {
      try {
        return withToken(known.get());
      } catch (CallFailed e) {
        if (e.meaning() != Meaning.REFUSED) {
          throw e;
        }
      }
    }
    return withToken(ready());
  }

  /**
   * Here, because the library would hide that it is the credentials which fail. It has a copy of
   * them with a token of its own: one more request in an hour.
   */
  private Ready withToken(Ready now) throws CallFailed {
    if (now.credentials().isPresent()) {
      try {
        now.credentials().get().refreshIfExpired();
      } catch (IOException | RuntimeException e) {
        forget(now);
        throw errors.ofCredentials(e);
      }
    }
    return now;
  }

  private synchronized Optional<Ready> known() {
    return Optional.ofNullable(ready);
  }

  /**
   * Who still uses it goes on with it: by HTTP it has nothing to close, and its connections are
   * those of this client.
   */
  private synchronized void forget(Ready old) {
    if (old.equals(ready)) {
      ready = null;
    }
  }

  private synchronized Ready ready() throws CallFailed {
    if (ready == null) {
      try {
        Optional<GoogleCredentials> credentials = source.load(connections::transport);
        ready = new Ready(storage(credentials), credentials);
      } catch (IOException e) {
        throw new CallFailed(Step.LOOK, Meaning.REFUSED, GcsErrors.unusableCredentials(e));
      }
    }
    return ready;
  }

  private Storage storage(Optional<GoogleCredentials> credentials) {
    StorageOptions.Builder options =
        StorageOptions.http()
            .setProjectId(NO_PROJECT)
            .setRetrySettings(pace.forLibrary())
            .setTransportOptions(
                connections.options(access.connectTimeout(), access.readTimeout()));
    if (credentials.isPresent()) {
      options.setCredentials(credentials.get());
    } else {
      options.setCredentials(NoCredentials.getInstance());
    }
    access.endpoint().map(URI::toString).ifPresent(options::setHost);
    return options.build().getService();
  }

  @Override
  public synchronized void close() {
    connections.close();
    if (ready != null) {
      try {
        ready.storage().close();
      } catch (Exception e) {
        // By HTTP, it has nothing to close, and its interface allows any exception.
        throw new IllegalStateException("the client could not be closed", e);
      }
    }
  }
}
